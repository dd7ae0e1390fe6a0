import type { ProjectionJob, ProjectionModelView, ProjectionStatus, ProjectionVerdict, TableVerdict } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { STRONG, type Client } from '../api/client';
import { CliError, EXIT } from '../exit-codes';
import { askBefore } from '../output/ask';
import { readAll } from '../api/pages';
import type { Page } from '../api/references';
import { jsonLine, printRows, type Column } from '../output/format';
import { contextOf, type Context } from './context';
import { tenths, untilOver } from './follow-job';
import { parseDuration } from './times';

interface JobFlags {
  readonly wait: boolean;
  readonly timeout: number;
  readonly yes?: boolean;
}

const HELP = `
Examples:
  wami projection status                   which tables answer, which are kept to go back to, what was rebuilt
  wami projection rebuild                  fold all events into new tables beside those in use, then swap
  wami projection rebuild sync-states      only this read model
  wami projection verify                   compare every table with a fold of all events; names the rows that differ
  wami projection rollback sync-states     go back to the tables before the last swap; once more goes forward again
  wami events replay --to-projection --until 2027-01-31T12:00:00Z   fold the events up to then into tables of their own
  wami projection rows sync_states         their rows, as they were then
  wami projection verify --replayed        compare them with a fold of the same events

Needs the administrator's token. A rebuild goes on when this command, or WAMI, is ended; asked for again while it runs, it is watched again. See docs/read-models.md.`;

const MODELS: readonly Column<ProjectionModelView>[] = [
  { title: 'MODEL', value: ({ name }) => name }, { title: 'VERSION', value: ({ version }) => String(version) }, { title: 'GENERATION', value: ({ generation }) => String(generation) },
  { title: 'KEPT', value: (model) => keptOf(model) },
  { title: 'CURRENT', value: ({ current }) => (current ? 'yes' : 'no') },
];
const VERDICTS: readonly Column<TableVerdict>[] = [
  { title: 'MODEL', value: ({ model }) => model }, { title: 'TABLE', value: ({ table }) => table }, { title: 'ROWS', value: ({ actual }) => String(actual.rows) },
  { title: 'VERDICT', value: ({ equal, expected, rows }) => (equal ? 'equal' : [`differs: the fold makes ${expected.rows} rows`, ...rows.map(({ key, fields }) => `${key.join(' ')} (${fields.join(' ')})`)].join('; ')) },
];
/** To go back to, and what was replayed. */
function keptOf({ previousGeneration, previousVersion, version, replayed }: ProjectionModelView): string {
  const before = previousGeneration === undefined ? [] : [`${previousGeneration}${previousVersion === version ? '' : ` (version ${previousVersion ?? ''})`}`];
  return [...before, ...(replayed ? [`replay of ${replayed.events} events`] : [])].join(', ');
}
const nameOf = ({ name }: ProjectionModelView): string => `projection/${name}`;
type Row = Readonly<Record<string, unknown>>;
/** In memory at a time. */
const ROWS = 1000;
/** No longer does Node wait for an answer's headers. */
const VERIFY_MS = 300_000;

/** `wami projection`. */
export function addProjectionCommands(program: Command): void {
  const projection = program.command('projection').description('the read models: rebuild, verify, go back').addHelpText('after', HELP);
  projection.command('status').description('which tables answer, and which are kept').action(async (_flags: object, command: Command) => status(contextOf(command)));
  addWaiting(projection.command('rebuild').argument('[models...]', 'names of read models; default: all').description('build them anew beside those in use, then swap'))
    .addHelpText('after', HELP).action(async (models: string[], flags: JobFlags, command: Command) => changeProjection(contextOf(command), 'rebuild', models, flags));
  addWaiting(projection.command('rollback').argument('[models...]', 'names of read models; default: all of which the tables before are kept')
    .description('go back to the tables before the last swap')).option('-y, --yes', 'do not ask where another release made them')
    .addHelpText('after', HELP).action(async (models: string[], flags: JobFlags, command: Command) => rollback(contextOf(command), models, flags));
  projection.command('verify').argument('[models...]', 'names of read models; default: all').description('compare them with a fold of all events; ends with 1 where they differ')
    .option('--replayed', 'the tables of the newest replay, with the events that it was made of').addHelpText('after', HELP)
    .action(async (models: string[], { replayed }: { replayed?: boolean }, command: Command) => verify(contextOf(command), models, replayed ?? false));
  projection.command('rows').argument('<table>', 'such as sync_states; `wami projection verify` lists them').description('what the newest replay made, as lines of JSON').addHelpText('after', HELP)
    .action(async (table: string, _flags: object, command: Command) => rows(contextOf(command), table));
}

function addWaiting(command: Command): Command {
  return command.option('--no-wait', 'do not wait for the end; print the job')
    .addOption(new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(3_600_000, '1h'));
}

export const statusOf = async (client: Client): Promise<ProjectionStatus> => (await client.call<ProjectionStatus>('GET', '/v1/projection')).body;

async function status({ client, format }: Context): Promise<void> {
  const { events, lagSeconds, parked, models, rebuilds } = await statusOf(client);
  const [newest] = rebuilds;
  process.stderr.write(`${events} events taken in, ${lagSeconds.toFixed(1)} s behind, ${parked} parked.${newest === undefined ? '' : ` Newest job: ${told(newest)}.`}\n`);
  printRows(models, MODELS, format, nameOf);
}

async function rollback(context: Context, names: readonly string[], flags: JobFlags): Promise<void> {
  const { models } = await statusOf(context.client);
  const kept = models.filter(({ name, previousGeneration }) => previousGeneration !== undefined && (names.length === 0 || names.includes(name)));
  if (names.length === 0 && kept.length === 0) throw new CliError(EXIT.notFound, 'No read model has tables from before that are kept.', 'They are kept from the first rebuild on; see `wami projection status`.');
  const foreign = kept.filter(({ version, previousVersion }) => previousVersion !== version);
  if (foreign.length > 0) {
    const about = `Another release made what is kept of ${foreign.map(({ name }) => name).join(', ')}: queries answer as of then until that release runs, or these are rebuilt.`;
    await askBefore(`${about} Continue?`, { yes: flags.yes, about });
  }
  await changeProjection(context, 'rollback', names, flags);
}

/** Has the projection rebuild, go back or replay, and waits for the end unless that is not wanted. */
export async function changeProjection({ client, format }: Context, verb: ProjectionJob['verb'], models: readonly string[], { wait, timeout }: JobFlags, more: object = {}): Promise<void> {
  const { body: { job } } = await client.call<{ job: string }>('POST', `/v1/projection/${verb}`, { body: { ...(models.length === 0 ? {} : { models }), ...more }, ...(verb === 'replay' ? { headers: STRONG } : {}) });
  if (!wait) return printRows([{ job }], [{ title: 'JOB', value: (one) => one.job }], format, (one) => `job/${one.job}`);
  const done = await projectionJobDone(client, job, timeout);
  printRows((await statusOf(client)).models.filter(({ name }) => done.models.includes(name)), MODELS, format, nameOf);
}

/** The job once it is done. @throws CliError where it failed, or the time is over */
export async function projectionJobDone(client: Client, job: string, timeoutMs: number): Promise<ProjectionJob> {
  const look = async (): Promise<ProjectionJob | undefined> => (await statusOf(client)).rebuilds.find((one) => one.job === job);
  const done = await untilOver({ job, look, told, isOver: ({ phase }) => phase === 'done' || phase === 'failed', timeoutMs, see: 'wami projection status' });
  if (done.phase === 'failed') throw new CliError(EXIT.failed, `The ${done.verb} failed: ${done.error ?? 'no reason given'}`, 'The tables before go on answering.');
  return done;
}

function told({ job, verb, phase, events, total, error }: ProjectionJob): string {
  const far = total === 0 || phase === 'done' || phase === 'failed' ? '' : ` ${tenths(events, total)}`;
  return `${job} ${verb}: ${phase}${far}${error === undefined ? '' : ` (${error})`}`;
}

async function rows({ client, format }: Context, table: string): Promise<void> {
  if (!(await statusOf(client)).models.some(({ replayed }) => replayed !== undefined)) throw new CliError(EXIT.notFound, 'No replay is kept.', 'Make one: wami events replay --to-projection --until TIME');
  const path = '/v1/projection/replayed';
  if (format !== 'table' && format !== 'jsonl') return printRows(await readAll<Row>(client, path, { table }), [], format, (row) => `row/${String(Object.values(row)[0])}`);
  for (let cursor: string | undefined; ;) {
    const { body } = await client.call<Page<Row>>('GET', path, { query: { table, cursor, limit: ROWS } });
    process.stdout.write(body.items.map((row) => `${jsonLine(row)}\n`).join(''));
    cursor = body.nextCursor;
    if (cursor === undefined) return;
  }
}

async function verify({ client, format }: Context, names: readonly string[], replayed: boolean): Promise<void> {
  const there = ({ current, replayed: kept }: ProjectionModelView): boolean => (replayed ? kept !== undefined : current);
  const models = names.length > 0 ? names : (await statusOf(client)).models.filter(there).map(({ name }) => name);
  if (replayed && models.length === 0) throw new CliError(EXIT.notFound, 'No replay is kept.', 'Make one: wami events replay --to-projection --until TIME');
  const tables: TableVerdict[] = [];
  for (const model of models) {
    const { body } = await client.call<ProjectionVerdict>('POST', '/v1/projection/verify', { body: { models: [model], ...(replayed ? { replayed } : {}) }, timeoutMs: VERIFY_MS });
    if (body.tables.length === 0) throw new CliError(EXIT.failed, `${model} is ${replayed ? 'not replayed' : 'not kept current by this release'}, so there is nothing to compare.`, 'See `wami projection status`.');
    process.stderr.write(`${model}: ${body.equal ? 'equal' : 'differs'}\n`);
    tables.push(...body.tables);
  }
  printRows(tables, VERDICTS, format, ({ table }) => `table/${table}`);
  if (tables.some(({ equal }) => !equal)) throw new CliError(EXIT.failed, 'Not everything is as the events make it.', replayed ? 'Replay it once more: the tables were changed, or somebody was erased since.' : 'wami projection rebuild puts it right: the new tables are a fold of all events.');
}
