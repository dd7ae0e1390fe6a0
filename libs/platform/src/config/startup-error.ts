/** Something that the operator can put right. Shown as one line, without a stack; `message` names the thing and the remedy. */
export class StartupError extends Error {}
