import type { EventsFilter, EventsQueries } from '../events/events.query';
import type { Ingested } from '../model/read-model';
import type { Applied } from '../position/applied';

/** Events read at a time: what a stream holds in memory. */
const PAGE = 200;
const AGAIN_MS = 15_000;

/** Hands on every event after a number, in order, without gap or repeat, page by page until the signal. */
export async function follow(
  { queries, applied, filter, signal }: { readonly queries: EventsQueries; readonly applied: Applied; readonly filter: EventsFilter; readonly signal: AbortSignal },
  start: number, take: (events: readonly Ingested[]) => Promise<void>,
): Promise<void> {
  for (let after = start; !signal.aborted;) {
    const commit = applied.nextCommit(AGAIN_MS, signal);
    const { events, upto } = await queries.next(filter, after, PAGE);
    if (upto > after) commit.cancel();
    after = upto;
    if (events.length > 0) await take(events);
    await commit.promise;
  }
  signal.throwIfAborted();
}
