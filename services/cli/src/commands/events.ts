import type { Problem, WamiCloudEvent } from '@wami/contracts';
import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { toCliError } from '../api/client';
import { readEventStream } from '../api/event-stream';
import { idOf } from '../api/references';
import { AwayError } from '../exit-codes';
import { jsonLine } from '../output/format';
import { collect, contextOf, type Context } from './context';
import { addEventExport } from './events-export';
import { addEventReplay } from './events-replay';

interface TailFlags { readonly after?: string; readonly type?: readonly string[]; readonly resource?: string; readonly fromStart?: boolean }

const RECONNECT_MS = 1000;

export function addEventCommands(program: Command): void {
  const events = program.command('events').description('the event log');
  events.command('tail').option('--after <position>', 'go on after this position').option('--from-start', 'from the first event').option('--type <type>', 'only this event type, each of its versions by itself; may be repeated', collect).option('--resource <resource>', 'only what is about this one: user/ann, an id or an ARN')
    .description('follow the log as it grows, until Ctrl-C').action(async (flags: TailFlags, command: Command) => tail(contextOf(command), flags));
  addEventExport(events);
  addEventReplay(events);
}

/** Resumes by itself after the last event that was printed, so that nothing is missed or printed twice. */
async function tail(context: Context, asked: TailFlags): Promise<void> {
  const { eventsPath, tellPassedOver } = await import('./event-source.js');
  tellPassedOver(asked.type);
  const path = eventsPath(asked.type);
  const flags = { ...asked, ...(asked.resource === undefined ? {} : { resource: await idOf(context.client, asked.resource) }) };
  let after = flags.after ?? (flags.fromStart ? undefined : await newest(context, path, flags));
  for (;;) {
    try {
      after = await follow(context, path, flags, after);
    } catch (error) {
      if (!(error instanceof AwayError)) throw error;
      process.stderr.write(`${error.message} Trying again.\n`);
    }
    await sleep(RECONNECT_MS);
  }
}

async function newest({ client }: Context, path: string, { resource }: TailFlags): Promise<string | undefined> {
  const { headers } = await client.call('GET', path, { query: { limit: 1, resource, tenant: client.settings.tenant } });
  return headers.get('wami-position') ?? undefined;
}

async function follow({ client, format }: Context, path: string, { resource }: TailFlags, after: string | undefined): Promise<string | undefined> {
  const response = await client.send('GET', path, {
    query: { resource, tenant: client.settings.tenant }, signal: new AbortController().signal,
    headers: { accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) },
  });
  if (!response.ok || response.body === null) throw toCliError(await response.json() as Problem, response.status);
  let last = after;
  for await (const frame of readEventStream(response.body)) {
    const event = JSON.parse(frame.data) as WamiCloudEvent;
    process.stdout.write(format === 'table' ? `${event.time}  ${event.type}  ${event.subject}  ${event.actor}\n` : `${format === 'jsonl' ? jsonLine(event) : frame.data}\n`);
    last = frame.id ?? last;
  }
  return last;
}
