import { PROBLEM_HELP, PROBLEMS, type ProblemCode } from '@wami/contracts';

const INTRODUCTION = `# Errors

Every answer that is no success is an RFC 9457 problem (\`application/problem+json\`): \`type\`, \`title\`, \`status\`, \`code\`, \`requestId\` and, where they apply, \`detail\`,
\`instance\`, \`params\`, \`hint\`, \`retryable\`, \`retryAfter\` and \`errors[{pointer, code, detail}]\`. Programs go by \`code\`: a published code never changes its meaning and new ones may
come; texts may change. \`requestId\` is also in the header \`X-Request-Id\` and in our log.

Send again what is \`retryable\`, after \`retryAfter\` seconds; a write with the same \`Idempotency-Key\` is done once however often it is sent.

This page is written by \`npm run docs:errors\` from \`libs/contracts\`.

| code | status | title | when | what to do |
|---|---|---|---|---|
`;

/** docs/errors.md as the contracts have it, by status. */
export function problemPage(): string {
  const codes = (Object.keys(PROBLEMS) as ProblemCode[]).sort((a, b) => PROBLEMS[a][0] - PROBLEMS[b][0]);
  return INTRODUCTION + codes.map((code) => `| \`${code}\` | ${PROBLEMS[code][0]} | ${PROBLEMS[code][1]} | ${PROBLEM_HELP[code].meaning} | ${PROBLEM_HELP[code].remedy} |\n`).join('');
}
