import { parseArgs } from 'node:util';
import { catalogue, type PublishedEvent } from './catalogue';
import { brokenPromises } from './compatibility';
import { documentsOf, schemasOf } from './documents';
import type { Repository } from './repository';
import { sampleEvent } from './sample';

export const USAGE = `npm run docs:events [-- --check] [-- --against COMMIT]
  Writes docs/events and the golden events that are missing. Nothing is written where a published schema has changed or is gone.
  --check            writes nothing and fails where a file is not what would be written
  --against COMMIT   published is what that commit holds, too: a release, or where the branch began`;

/** 0 when all is well; `say` gets one line at a time. */
export function docsCommand(repository: Repository, args: readonly string[], say: (line: string) => void, events = catalogue()): number {
  const { check, against } = parseArgs({ args: [...args], options: { check: { type: 'boolean' }, against: { type: 'string' } } }).values;
  const now = schemasOf(events);
  const broken = [...brokenPromises(repository.published(), now), ...(against === undefined ? [] : brokenPromises(repository.publishedAt(against), now))];
  for (const line of new Set(broken)) say(line);
  if (broken.length > 0) return 1;
  return check ? compare(repository, events, say) : write(repository, events, say);
}

/** Golden events as they lie there, with samples of those that are missing. */
function goldens(repository: Repository, events: readonly PublishedEvent[]): ReadonlyMap<string, { readonly event: ReturnType<typeof sampleEvent>; readonly isNew: boolean }> {
  const seen = new Map<string, number>();
  return new Map(events.map((published) => {
    const earlier = seen.get(published.aggregate) ?? 0;
    seen.set(published.aggregate, earlier + 1);
    const kept = repository.golden(published.type);
    return [published.type, { event: kept ?? sampleEvent(published, earlier), isNew: kept === undefined }];
  }));
}

function documents(repository: Repository, events: readonly PublishedEvent[]): ReadonlyMap<string, string> {
  return documentsOf(events, new Map([...goldens(repository, events)].map(([type, { event }]) => [type, event])));
}

function compare(repository: Repository, events: readonly PublishedEvent[], say: (line: string) => void): number {
  const missing = [...goldens(repository, events)].filter(([, { isNew }]) => isNew).map(([type]) => `the golden event of ${type} is missing`);
  const stale = [...documents(repository, events)].filter(([name, text]) => repository.document(name) !== text).map(([name]) => `docs/events/${name} is not what the schemas say`);
  for (const line of [...missing, ...stale]) say(line);
  if (missing.length + stale.length > 0) say('run: npm run docs:events');
  return missing.length + stale.length > 0 ? 1 : 0;
}

function write(repository: Repository, events: readonly PublishedEvent[], say: (line: string) => void): number {
  for (const { event, isNew } of goldens(repository, events).values()) if (isNew) repository.writeGolden(event);
  for (const [name, text] of documents(repository, events)) repository.writeDocument(name, text);
  for (const { type, described } of events) if (!described) say(`${type}: nobody wrote what it means (libs/event-docs/src/words.ts, or describe() on its schema)`);
  say(`${events.length} events are described in docs/events`);
  return 0;
}
