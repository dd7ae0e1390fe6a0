import type { EventReplay } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { STRONG, type Client } from '../api/client';
import { idOf } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { printOne, printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { contextOf, type Context } from './context';
import type { EventSelection } from './event-source';
import { selecting, writeEvents } from './events-export';
import { tenths, untilOver } from './follow-job';
import { changeProjection } from './projection';
import { parseDuration } from './times';

interface ReplayFlags extends EventSelection {
  readonly toFile?: string;
  readonly toTopic?: string;
  readonly toProjection?: true | readonly string[];
  readonly fromFile?: string;
  readonly resume?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

const HELP = `
Examples:
  wami events replay --to-file part.ndjson --type wami.user.created.v1        from the log into a file, by the filters of an export
  wami events replay --from-file events.ndjson --to-file acme.ndjson -t acme  from a file of an export, without asking WAMI
  wami events replay --to-topic audit.replay -t acme --after POSITION         into a Kafka topic of another name; what is personal stays sealed there
  wami events replay --to-projection --until 2027-01-31T12:00:00Z             into read models of their own, beside the running ones: as it was then
  wami events replay --to-projection sync-states                              only this one, of all events

A replay only copies: it writes no event of WAMI's, and nothing is done in a cloud. Into a topic or read models it is WAMI's own work, needs the administrator's token, and goes on
when this command, or WAMI, is ended: see \`wami events replays\` and \`wami projection status\`. See docs/subscribe.md and docs/read-models.md.`;

const COLUMNS: readonly Column<EventReplay>[] = [
  { title: 'JOB', value: ({ job }) => job }, { title: 'TOPIC', value: ({ topic }) => topic }, { title: 'STATE', value: ({ state, error }) => (error === undefined ? state : `${state}: ${error}`) },
  { title: 'SENT', value: ({ sent }) => String(sent) }, { title: 'LOOKED AT', value: ({ looked, total }) => `${looked} of ${total}` }, { title: 'ASKED', value: ({ createdAt, actor }) => `${ago(createdAt)} by ${actor}` },
];
const nameOf = ({ job }: EventReplay): string => `event-replay/${job}`;

/** `wami events replay` and `wami events replays`. */
export function addEventReplay(events: Command): void {
  selecting(events.command('replay').description('copy events again, to a file, a topic or read models of their own')
    .option('--to-file <file>', 'lines of JSON, as an export writes them').option('--to-topic <topic>', 'a Kafka topic of another name than WAMI\'s own; made where it is missing')
    .option('--to-projection [models...]', 'tables beside the running ones; default: of all read models').option('--from-file <file>', 'read a file of an export instead of the log'))
    .option('--resume', 'go on behind what the file holds').option('--no-wait', 'do not wait for the end; print the job')
    .addOption(new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(3_600_000, '1h'))
    .addHelpText('after', HELP).action(async (flags: ReplayFlags, command: Command) => replay(command, flags));
  const replays = events.command('replays').description('replays into topics: list, cancel');
  replays.command('list', { isDefault: true }).description('the newest first').action(async (_flags: object, command: Command) => list(contextOf(command)));
  replays.command('cancel').argument('<job>').description('end one; what is in the topic stays there').action(async (job: string, _flags: object, command: Command) => {
    const { client, format } = contextOf(command);
    printOne((await client.call<EventReplay>('POST', `/v1/event-replays/${encodeURIComponent(job)}/cancel`, { body: {} })).body, COLUMNS, format, nameOf);
  });
}

async function replay(command: Command, flags: ReplayFlags): Promise<void> {
  const { toFile, toTopic, toProjection, fromFile, resume = false } = flags;
  if ([toFile, toTopic, toProjection].filter((one) => one !== undefined).length !== 1) throw new CliError(EXIT.usage, 'Name where to: one of --to-file, --to-topic, --to-projection.', 'See wami events replay --help');
  if (toFile === undefined && fromFile !== undefined) {
    throw new CliError(EXIT.usage, '--from-file goes with --to-file: a file holds names in the open, and the log has all of it.', 'Leave --from-file out, and select what the file was made of by the same filters.');
  }
  if (toFile === undefined && resume) throw new CliError(EXIT.usage, '--resume goes with --to-file.', 'A replay into a topic or read models goes on by itself.');
  if (toTopic !== undefined) return toATopic(contextOf(command), toTopic, flags);
  if (toProjection !== undefined) return toReadModels(contextOf(command), toProjection === true ? [] : toProjection, flags);
  const tenant = command.optsWithGlobals<{ tenant?: string }>().tenant ?? process.env['WAMI_TENANT'];
  const { eventsOfFile, eventsOfLog } = await import('./event-source.js');
  await writeEvents(toFile, resume, flags, fromFile === undefined ? (chosen) => eventsOfLog(contextOf(command).client, chosen) : (chosen) => eventsOfFile(fromFile, chosen, tenant));
}

async function toATopic({ client, format }: Context, topic: string, { after, until, type, resource, limit, wait, timeout }: ReplayFlags): Promise<void> {
  (await import('./event-source.js')).tellPassedOver(type);
  const about = resource && await idOf(client, resource);
  const { body } = await client.call<EventReplay>('POST', '/v1/event-replays', { body: { topic, after, until, types: type, tenant: client.settings.tenant, resource: about, limit }, headers: STRONG });
  const done = wait ? await ended(client, body, timeout) : body;
  printOne(done, COLUMNS, format, nameOf);
  if (done.state === 'cancelled') throw new CliError(EXIT.failed, `${done.job} was cancelled: ${done.sent} events are in ${topic}.`);
}

async function toReadModels(context: Context, models: readonly string[], { after, until, type, resource, limit, wait, timeout }: ReplayFlags): Promise<void> {
  if ([after, type, resource, limit].some((one) => one !== undefined) || context.client.settings.tenant !== undefined) {
    throw new CliError(EXIT.usage, 'A read model is the fold of all events from the first on: a part of them makes none.', 'Say how far with --until; leave out --after, --type, --resource, --limit and the tenant.');
  }
  await changeProjection(context, 'replay', models, { wait, timeout }, { until });
}

function ended(client: Client, { job }: EventReplay, timeoutMs: number): Promise<EventReplay> {
  const look = async (): Promise<EventReplay | undefined> => (await client.call<{ items: readonly EventReplay[] }>('GET', '/v1/event-replays')).body.items.find((one) => one.job === job);
  return untilOver({ job, look, told, isOver: ({ state }) => state !== 'running', timeoutMs, see: 'wami events replays' });
}

function told({ job, topic, state, looked, total, error }: EventReplay): string {
  return `${job} to ${topic}: ${state} ${tenths(looked, total)}${error === undefined ? '' : ` (${error})`}`;
}

async function list({ client, format }: Context): Promise<void> {
  const { body: { items } } = await client.call<{ items: readonly EventReplay[] }>('GET', '/v1/event-replays');
  if (items.length === 0 && format === 'table') process.stderr.write('Nothing was replayed into a topic.\n');
  printRows(items, COLUMNS, format, nameOf);
}
