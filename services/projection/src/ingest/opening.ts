import type { RecordedEvent, WamiEvent } from '@wami/contracts';
import type { PersonalData } from '@wami/event-store';

/** Events that are folded, and what of them lies at rest. */
export interface OpenedPage {
  readonly events: readonly RecordedEvent[];
  /** `personal` as the copy of the event keeps it: sealed. An event whose version is another than when it was sealed is sealed anew. */
  atRest(event: WamiEvent): Promise<unknown>;
  /** The event as it came. */
  original(event: RecordedEvent): RecordedEvent;
}

/** @throws KeysUnavailable: the events must come again */
export async function openPage(personal: PersonalData, events: readonly RecordedEvent[]): Promise<OpenedPage> {
  const originals = new Map(events.map((event) => [event.id, event]));
  return {
    events: await personal.open(events),
    original: (event) => originals.get(event.id) ?? event,
    async atRest(event) {
      const original = originals.get(event.id);
      if (original?.type === event.type) return original.personal;
      const { personal: [sealed] } = await personal.seal([{ event, id: event.id, personal: JSON.stringify(event.personal) }], false);
      return sealed;
    },
  };
}
