import type { FaultRow } from './try-fault';

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

const COLUMNS: readonly (readonly [title: string, of: (row: FaultRow) => string])[] = [
  ['Fault', ({ fault }) => fault],
  ['Acknowledged', ({ acknowledged, sentAgain }) => `${acknowledged} (${sentAgain} sent again)`],
  ['Applied', ({ applied }) => String(applied)],
  ['Lost', ({ lost }) => String(lost)],
  ['Duplicated', ({ duplicated }) => String(duplicated)],
  ['Answers after, s', ({ answeredMs }) => seconds(answeredMs)],
  ['Synced after, s', ({ syncedMs }) => seconds(syncedMs)],
  ['At rest after, s', ({ restMs }) => seconds(restMs)],
];

/** As a table of Markdown. */
export function tableOf(rows: readonly FaultRow[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(COLUMNS.map(([title]) => title)), line(COLUMNS.map(() => '---')), ...rows.map((row) => line(COLUMNS.map(([, of]) => of(row))))].join('\n');
}

/** What was not tried. */
export interface LeftOut {
  readonly fault: string;
  readonly why: string;
}

export const leftOutText = ({ fault, why }: LeftOut): string => `Left out: ${fault}: ${why}.`;

export function documentOf(rows: readonly FaultRow[], leftOut: readonly LeftOut[], { seed, date, secondsEach }: { readonly seed: number; readonly date: string; readonly secondsEach: number }): string {
  return `# Reliability

Made by \`npm run chaos\` on ${date}, seed ${seed}; do not edit.

The services run as processes of their own (identity, projection, two sync services that share one cloud account) on PostgreSQL and Kafka. Six callers create,
rename, move, tag, delete and group things at random, without a break, and send each command again with its idempotency key until it is answered. Meanwhile one thing goes wrong; where
it does not end by itself it lasts ${secondsEach} s. Afterwards answers, log, read model and cloud are compared in full.

${tableOf(rows)}

- **Acknowledged**: commands that were answered with a success, and how often one had to be sent again. **Applied**: events of the log that these answers promised; a command that changed nothing promises none.
- **Lost**: acknowledged, and not in the log, the read model or the cloud, or not so. **Duplicated**: there more than once, or though nobody asked for it.
- **Answers after**, **Synced after**: seconds from the end of the fault, which for a killed process is the moment at which it is started again, and for one that is left to the other replica the moment of the kill, until a command sent
  then was answered, and until it was Synced for a query. **At rest after**: from the last command until no binding had work left.

Beside this, in \`npm test\`: a kill at each named point of the path and at random moments on one machine (\`services/standalone/src/chaos\`), each call of a script carried out and reported as lost, brokers and
consumers of the event log killed (\`libs/event-log\`), and the engine's simulation (docs/simulation.md). Each has planted bugs that it must catch. What an account that is away for minutes costs, and what
fifty tenants of one account get that asks to wait in every form, is measured by \`npm run bench -- outage tenants\` (docs/benchmarks.md).
${leftOut.map((one) => `\n${leftOutText(one)}\n`).join('')}`;
}
