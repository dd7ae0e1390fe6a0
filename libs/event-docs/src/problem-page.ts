import { PROBLEM_HELP, PROBLEMS, REASON_HELP, SYNC_ERROR_CODES, SYNC_ERROR_HELP, type ProblemCode } from '@wami/contracts';

const INTRODUCTION = `# Errors

Every answer that is no success is an RFC 9457 problem (\`application/problem+json\`): \`type\`, \`title\`, \`status\`, \`code\`, \`requestId\` and, where they apply, \`detail\`,
\`instance\`, \`params\`, \`hint\`, \`retryable\`, \`retryAfter\` and \`errors[{pointer, code, detail}]\`. Programs go by \`code\`: a published code never changes its meaning and new ones may
come; texts may change. \`requestId\` is also in the header \`X-Request-Id\` and in our log.

Send again what is \`retryable\`, after \`retryAfter\` seconds; a write with the same \`Idempotency-Key\` is done once however often it is sent.

This page is written by \`npm run docs:errors\` from \`libs/contracts\`. [Errors of a sync](#errors-of-a-sync) and [reasons of a state](#reasons-of-a-state) are below.

| code | status | title | when | what to do |
|---|---|---|---|---|
`;

const SYNC_ERRORS = `
## Errors of a sync

\`error.code\` of a \`Failed\` state. What is tried again says when in \`nextRetryAt\`. \`wami sync explain\` says more of one resource ([explain.md](explain.md)).

| code | when | what is done by itself | what to do |
|---|---|---|---|
`;

const REASONS = `
## Reasons of a state

\`reason\` of a state that is \`Pending\`, \`Skipped\` or \`NotConfigured\`, or \`message\` of a \`Conflict\`; \`hint\` of the state says the same. \`{}\` stands for what differs. Why a provider cannot hold something it says in words of its own.

| reason | what makes it go |
|---|---|
`;

/** docs/errors.md as the contracts have it, by status. */
export function problemPage(): string {
  const codes = (Object.keys(PROBLEMS) as ProblemCode[]).sort((a, b) => PROBLEMS[a][0] - PROBLEMS[b][0]);
  return INTRODUCTION + codes.map((code) => row(`\`${code}\``, String(PROBLEMS[code][0]), PROBLEMS[code][1], PROBLEM_HELP[code].meaning, PROBLEM_HELP[code].remedy)).join('')
    + SYNC_ERRORS + SYNC_ERROR_CODES.map((code) => row(`\`${code}\``, SYNC_ERROR_HELP[code].meaning, SYNC_ERROR_HELP[code].byItself ?? '', SYNC_ERROR_HELP[code].remedy)).join('')
    + REASONS + Object.entries(REASON_HELP).map(([words, remedy]) => row(words.replaceAll('{...}', '{}'), remedy)).join('');
}

const row = (...cells: string[]): string => `| ${cells.join(' | ')} |\n`;
