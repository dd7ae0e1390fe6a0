import type { Command } from 'commander';
import { CliError, EXIT } from '../exit-codes';
import { openLines, type Lines } from '../output/lines';
import { collect, contextOf, parseCount, type Context } from './context';
import type { EventPart, EventSelection } from './event-source';
import { parseEnd } from './times';

interface ExportFlags extends EventSelection {
  readonly out?: string;
  readonly resume?: boolean;
}

const HELP = `
Examples:
  wami events export > events.ndjson                              all of them, one CloudEvent a line
  wami events export --out events.ndjson --resume                 into a file; again: goes on behind its last whole line
  wami events export --type wami.user.created.v1 --tenant acme    of one type and tenant; --type may be repeated
  wami events export --resource usr_01JD... --after POSITION      about one resource, after a position
  wami events export --until 2027-01-31T12:00:00Z --limit 1000    of a time; at most so many

Ends with what was committed when it began, or came in meanwhile. Reads only: nothing is done again here or in a cloud. A file is for its owner alone: it holds names and mail addresses.
--resume takes the same filters as before.`;

/** Which events a command takes, of the log or of a file. */
export const selecting = (command: Command): Command => command
  .option('--after <position>', 'only what was taken in after this position').option('--until <end>', 'only what was taken in up to this position, or before the first event of a later time', parseEnd)
  .option('--type <type>', 'only this event type, each of its versions by itself; may be repeated', collect).option('--resource <resource>', 'only what is about this one: user/ann, an id or an ARN').option('--limit <count>', 'at most so many events', parseCount);

/** `wami events export`. */
export function addEventExport(events: Command): void {
  selecting(events.command('export').description('the log, or a part of it, as lines of JSON').option('--out <file>', 'into this file instead of standard output').option('--resume', 'go on behind what the file holds'))
    .addHelpText('after', HELP).action(async (flags: ExportFlags, command: Command) => exportEvents(contextOf(command), flags));
}

async function exportEvents({ client }: Context, { out, resume = false, ...selection }: ExportFlags): Promise<void> {
  if (resume && out === undefined) throw new CliError(EXIT.usage, '--resume goes on with a file.', 'Name it: --out events.ndjson --resume');
  const { eventsOfLog } = await import('./event-source.js');
  await writeEvents(out, resume, selection, (chosen) => eventsOfLog(client, chosen));
}

/** Writes what `read` gives as lines, into a file or to standard output; a file that is gone on with has its place in its last line. */
export async function writeEvents(out: string | undefined, resume: boolean, selection: EventSelection, read: (selection: EventSelection) => AsyncIterable<EventPart>): Promise<void> {
  const [{ positionOf, tellPassedOver }, lines] = await Promise.all([import('./event-source.js'), openLines(out, resume)]);
  tellPassedOver(selection.type);
  try {
    const { count, position } = await copy(read({ ...selection, after: lines.last === undefined ? selection.after : positionOf(lines.last) }), lines);
    process.stderr.write(`${count} events.${position === undefined ? '' : ` Go on from here with --after ${position}`}\n`);
  } finally {
    await lines.close();
  }
}

async function copy(parts: AsyncIterable<EventPart>, lines: Lines): Promise<{ readonly count: number; readonly position: string | undefined }> {
  let [count, reached] = [0, undefined as string | undefined];
  for await (const { events, position } of parts) {
    if (events.length > 0) await lines.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    count += events.length;
    reached = position;
  }
  return { count, position: reached };
}
