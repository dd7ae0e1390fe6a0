import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { decodePosition, versionsBeside, type WamiCloudEvent } from '@wami/contracts';
import { STRONG, type Client } from '../api/client';
import { idOf } from '../api/references';
import { AwayError, CliError, EXIT } from '../exit-codes';
import { INSTANT_FORM, isInstant } from './times';

/** Which events: all of them, without anything said. */
export interface EventSelection {
  readonly after?: string | undefined;
  /** A position, or a time. */
  readonly until?: string | undefined;
  readonly type?: readonly string[] | undefined;
  readonly resource?: string | undefined;
  readonly limit?: number | undefined;
}

/** Some events, and the position up to which none was left out that was asked for. */
export interface EventPart {
  readonly events: readonly WamiCloudEvent[];
  readonly position?: string | undefined;
}

interface EventPage {
  readonly items: readonly WamiCloudEvent[];
  readonly nextCursor?: string;
  readonly position: string;
}

const PAGE = 1000;
const RECONNECT_MS = 1000;

/** Of the log, and of these types alone where any are named. */
export const eventsPath = (types: readonly string[] = []): string => `/v1/events${types.length === 0 ? '' : `?${new URLSearchParams(types.map((one): [string, string] => ['type', one])).toString()}`}`;

/** Says so where other versions of the types that were named are passed over. */
export function tellPassedOver(types: readonly string[] = []): void {
  const missed = versionsBeside(types);
  if (missed.length > 0) process.stderr.write(`Passed over, though other versions of what was named: ${missed.join(', ')}. Name them too, each with --type.\n`);
}

/** Of the log: a page in memory at a time, each asked for from where the one before ended, so none is missed or told twice. Whoever is away is waited for. */
export async function* eventsOfLog(client: Client, { after, until, type = [], resource: ref, limit = Infinity }: EventSelection): AsyncGenerator<EventPart> {
  const path = eventsPath(type);
  const isAfterEnd = endOf(until);
  const resource = ref && await idOf(client, ref);
  let [position, left] = [after, limit];
  for (;;) {
    const query = { after: position, resource, tenant: client.settings.tenant, limit: Math.min(PAGE, left) };
    const page = await patiently(async () => (await client.call<EventPage>('GET', path, { query, headers: STRONG })).body);
    const end = page.items.findIndex(isAfterEnd);
    const events = end < 0 ? page.items : page.items.slice(0, end);
    left -= events.length;
    position = end < 0 ? page.position : events.at(-1)?.position ?? position;
    yield { events, position };
    if (end >= 0 || left <= 0 || page.nextCursor === undefined) return;
  }
}

/** Of a file that an export wrote, by the same rules, but that a resource is named by its id alone; `tenant` with its children. @throws CliError where a line is no event */
export async function* eventsOfFile(path: string, { after, until, type, resource, limit = Infinity }: EventSelection, tenant: string | undefined): AsyncGenerator<EventPart> {
  const [isAfterEnd, isBehind] = [endOf(until), after === undefined ? () => true : behind(after)];
  const fits = (event: WamiCloudEvent): boolean => isBehind(event) && (type === undefined || type.includes(event.type)) && (resource === undefined || isAbout(event, resource))
    && (tenant === undefined || event.tenant === tenant || event.tenant.startsWith(`${tenant}/`));
  let [line, left] = [0, limit];
  for await (const text of linesOf(path)) {
    line++;
    if (text === '') continue;
    const event = eventOf(text) ?? noEvent(`Line ${line} of ${path}`);
    if (left <= 0 || isAfterEnd(event)) return;
    if (!fits(event)) continue;
    left--;
    yield { events: [event], position: event.position };
  }
}

/** The position of the last line that is there. @throws CliError where it is none of an export */
export const positionOf = (line: string): string => (eventOf(line) ?? noEvent('The last line of the file')).position;

function linesOf(path: string): AsyncIterable<string> {
  const input = createReadStream(path);
  const lines = createInterface({ input, crlfDelay: Infinity });
  return {
    async* [Symbol.asyncIterator]() {
      try {
        yield* lines;
      } catch (error) {
        throw new CliError(EXIT.failed, `${path} cannot be read: ${(error as Error).message}`);
      } finally {
        input.destroy();
      }
    },
  };
}

function eventOf(line: string): WamiCloudEvent | undefined {
  try {
    const event = JSON.parse(line) as Partial<WamiCloudEvent> | null;
    if (typeof event?.position === 'string' && typeof event.type === 'string' && typeof event.tenant === 'string') return event as WamiCloudEvent;
  } catch {
    // It is none.
  }
  return undefined;
}

function noEvent(what: string): never {
  throw new CliError(EXIT.usage, `${what} is no event.`, 'Is it a file of `wami events export`?');
}

/** Its own, and relations and outcomes, as the log's filter has it. */
function isAbout({ key, data }: WamiCloudEvent, resource: string): boolean {
  return key === resource || (data.data as { readonly groupId?: unknown }).groupId === resource;
}

/** Whether an event lies behind the end: of a time, it and all that follow the first one that happened later. */
function endOf(until: string | undefined): (event: WamiCloudEvent) => boolean {
  if (until === undefined) return () => false;
  if (!/^\d{4}-\d\d-\d\d/.test(until)) return behind(until);
  if (!isInstant(until)) throw new CliError(EXIT.usage, `${until} is no time with its zone.`, `Write ${INSTANT_FORM}.`);
  const time = Date.parse(until);
  return (event) => Date.parse(event.time) > time;
}

function behind(position: string): (event: WamiCloudEvent) => boolean {
  const place = placeOf(position);
  if (place === undefined) throw new CliError(EXIT.usage, `${position} is no position of an event.`, 'Take the `position` of an exported event, or what an export printed.');
  return (event) => (placeOf(event.position) ?? 0) > place;
}

/** The event's number in the order in which events were taken in. */
function placeOf(position: string): number | undefined {
  const place = decodePosition(position)?.['events'];
  return place === undefined ? undefined : Number(place.split('.')[1]);
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
