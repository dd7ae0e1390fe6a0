/** AWS takes no request whose clock is further off than this. */
const SKEW_MS = 5 * 60_000;
/** Longer than any call is given. */
const ATTEMPT_MS = 60_000;

/** Whether an attempt that began at `at` (milliseconds) can have made what AWS says was created then. */
export function isOfItsTime(created: Date | undefined, at: number): boolean {
  return created !== undefined && created.getTime() >= at - SKEW_MS && created.getTime() <= at + SKEW_MS + ATTEMPT_MS;
}
