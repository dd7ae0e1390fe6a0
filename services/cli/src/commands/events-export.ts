import type { WamiCloudEvent } from '@wami/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { STRONG } from '../api/client';
import { AwayError, CliError, EXIT } from '../exit-codes';
import { openLines, type Lines } from '../output/lines';
import { collect, contextOf, type Context } from './context';

interface ExportFlags {
  readonly out?: string;
  readonly resume?: boolean;
  readonly after?: string;
  readonly type?: readonly string[];
  readonly resource?: string;
}

interface EventPage {
  readonly items: readonly WamiCloudEvent[];
  readonly nextCursor?: string;
  readonly position: string;
}

const PAGE = 1000;
const RECONNECT_MS = 1000;

const HELP = `
Examples:
  wami events export > events.ndjson                              all of them, one CloudEvent a line
  wami events export --out events.ndjson --resume                 into a file; again: goes on behind its last whole line
  wami events export --type wami.user.created.v1 --tenant acme    of one type and tenant; --type may be repeated
  wami events export --resource usr_01JD... --after POSITION      about one resource, after a position

Ends with what was committed when it began, or came in meanwhile. Reads only: nothing is done again here or in a cloud. A file is for its owner alone: it holds names and mail addresses.
--resume takes the same filters as before.`;

/** `wami events export`. */
export function addEventExport(events: Command): void {
  events.command('export').description('the log, or a part of it, as lines of JSON').option('--out <file>', 'into this file instead of standard output').option('--resume', 'go on behind what the file holds')
    .option('--after <position>', 'only what was taken in after this position').option('--type <type>', 'only this event type; may be repeated', collect).option('--resource <id>', 'only what is about this resource')
    .addHelpText('after', HELP).action(async (flags: ExportFlags, command: Command) => exportEvents(contextOf(command), flags));
}

async function exportEvents(context: Context, flags: ExportFlags): Promise<void> {
  if (flags.resume && flags.out === undefined) throw new CliError(EXIT.usage, '--resume goes on with a file.', 'Name it: --out events.ndjson --resume');
  const lines = await openLines(flags.out, flags.resume ?? false);
  try {
    const { count, position } = await copy(context, flags, lines);
    process.stderr.write(`${count} events. Go on from here with --after ${position}\n`);
  } finally {
    await lines.close();
  }
}

/** A page in memory at a time; each is asked for from where the one before ended, so none is missed or told twice. */
async function copy({ client }: Context, { type = [], resource, after }: ExportFlags, lines: Lines): Promise<{ readonly count: number; readonly position: string }> {
  const path = `/v1/events${type.length === 0 ? '' : `?${new URLSearchParams(type.map((one): [string, string] => ['type', one])).toString()}`}`;
  let position = lines.last === undefined ? after : positionOf(lines.last);
  for (let count = 0; ;) {
    const page = await patiently(async () => (await client.call<EventPage>('GET', path, { query: { after: position, resource, tenant: client.settings.tenant, limit: PAGE }, headers: STRONG })).body);
    await lines.write(page.items.map((event) => `${JSON.stringify(event)}\n`).join(''));
    count += page.items.length;
    position = page.position;
    if (page.nextCursor === undefined) return { count, position };
  }
}

/** @throws CliError where the line is none of an export */
function positionOf(line: string): string {
  try {
    const { position } = JSON.parse(line) as Partial<WamiCloudEvent>;
    if (typeof position === 'string') return position;
  } catch {
    // Said below.
  }
  throw new CliError(EXIT.usage, 'The last line of the file is no event.', 'Is it a file of `wami events export`? Without --resume a new one is written.');
}

/** Whoever is away is waited for; Ctrl-C ends it. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AwayError)) throw error;
      process.stderr.write(`${error.message} Trying again.\n`);
      await pause(RECONNECT_MS);
    }
  }
}
