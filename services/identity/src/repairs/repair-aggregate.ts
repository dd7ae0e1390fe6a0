import type { NewEventOf, PlanEvent, RepairEvent, repairRequested, SyncJobEvent } from '@wami/contracts';
import { opaqueId, type Aggregate } from '../commands/aggregate';

/** What a repair is about; what came of it is told by those who were compared. */
export interface Repair {
  readonly request?: NewEventOf<typeof repairRequested>['data'];
}

/** What is asked of the engines at the end stands in the repair's own stream: a sync or a plan of that id. */
export type RepairStreamEvent = RepairEvent | PlanEvent | SyncJobEvent;

export const repairAggregate: Aggregate<Repair, RepairStreamEvent> = {
  kind: 'repair', idPattern: opaqueId('rep'), initialState: {}, evolve: (state, event) => (event.type === 'wami.repair.requested.v1' ? { request: event.data } : state),
  exists: ({ request }) => request !== undefined,
};
