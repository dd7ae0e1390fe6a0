import { createHash } from 'node:crypto';
import { idFrom, type Adoption, type ImportableKind, type ImportEvent, type NewEventOf, type SubjectEvent, type importRequested } from '@wami/contracts';
import type { NameReservation } from '@wami/event-store';
import { opaqueId, type Aggregate } from '../commands/aggregate';

type Requested = NewEventOf<typeof importRequested>['data'];

/** An import: what was asked for, and how far what it found is decided on. */
export interface Import {
  readonly request?: Requested;
  readonly decided: number;
  /** What it found is gone for good. */
  readonly forgotten?: boolean;
}

type ImportStreamEvent = ImportEvent | SubjectEvent;

export const importAggregate: Aggregate<Import, ImportStreamEvent> = {
  kind: 'sync-job', idPattern: opaqueId('job'), initialState: { decided: 0 },
  evolve: (state, event) => {
    switch (event.type) {
      case 'wami.import.requested.v1': return { ...state, request: event.data };
      case 'wami.import.decided.v1': return { ...state, decided: event.data.chunk };
      case 'wami.subject.erased.v1': return { ...state, forgotten: true };
    }
  },
  exists: ({ request }) => request !== undefined,
};

/** The id of what is made of a found thing: the same however often that is decided. */
export function importedId(kind: ImportableKind, job: { readonly time: string }, item: string): string {
  return idFrom(kind, Date.parse(job.time), createHash('sha256').update(item).digest());
}

/** Of all resources of this installation one may stand for a thing at a target. */
export function adoptedThing({ provider, account, providerResourceId }: Adoption): NameReservation {
  return { tenant: '', kind: 'adopted', value: createHash('sha256').update(JSON.stringify([provider, account, providerResourceId])).digest('hex') };
}

/** What a resource was imported for. */
export function adoptionIn(state: object): Adoption | undefined {
  return (state as { readonly document?: { readonly adopts?: Adoption } }).document?.adopts;
}

/** The names that go with a resource beside its own. */
export function adoptedNames(state: object): readonly NameReservation[] {
  const adopts = adoptionIn(state);
  return adopts ? [adoptedThing(adopts)] : [];
}
