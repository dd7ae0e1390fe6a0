import type { DeadLetterRequestEvent } from '@wami/contracts';
import { opaqueId, type Aggregate } from '../commands/aggregate';

/** A request about parked events is one event; what came of it is told by the sync services. */
export interface DeadLetterRequest { readonly requested: boolean }
export const deadLetterAggregate: Aggregate<DeadLetterRequest, DeadLetterRequestEvent> = {
  kind: 'dead-letter', idPattern: opaqueId('dlr'), initialState: { requested: false }, evolve: () => ({ requested: true }), exists: ({ requested }) => requested,
};
