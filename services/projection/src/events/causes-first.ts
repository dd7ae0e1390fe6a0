import type { WamiCloudEvent } from '@wami/contracts';

/**
 * The same events in the same order, but each behind the one among them that caused it. The logs of the services are read each by itself, so an
 * outcome may have been taken in before the change that it answers.
 */
export function causesFirst(events: readonly WamiCloudEvent[]): readonly WamiCloudEvent[] {
  const waiting = new Map(events.map((event) => [event.id, event]));
  return events.flatMap((event) => {
    const chain: WamiCloudEvent[] = [];
    for (let next: WamiCloudEvent | undefined = event; next && waiting.delete(next.id); next = waiting.get(next.causationid ?? '')) chain.unshift(next);
    return chain;
  });
}
