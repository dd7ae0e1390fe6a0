import { RESOURCE_KINDS } from '@wami/contracts';
import type { Ingested } from '../model/read-model';
import type { SyncResource } from './sync-states.table';

/** More changes of `syncToProviders` are forgotten, the oldest first. */
const KEPT_NARROWINGS = 64;
const VERB = /^wami\.([a-z-]+)\.([a-z-]+)\.v\d+$/;
const kinds: ReadonlySet<string> = new Set(RESOURCE_KINDS);
/** Relations that are a facet of the resource whose key they carry. */
const RELATIONS: ReadonlySet<string> = new Set(['membership', 'attachment']);

/** Whether an event moves what is wanted of a resource: its own, or one of a relation that is a facet of it. */
export function movesIntent(type: string): boolean {
  const kind = VERB.exec(type)?.[1] ?? '';
  return kinds.has(kind) || RELATIONS.has(kind);
}

/** Deleted; also where it was erased then. */
export const isGone = ({ cause }: Pick<SyncResource, 'cause'>): boolean => cause === 'delete' || cause === 'erase';

/** What identity's events say of a resource, of whatever kind. A relation of a resource that is gone says nothing. */
export function evolveResource(before: SyncResource | undefined, event: Ingested): SyncResource | undefined {
  const [, kind = '', verb = ''] = VERB.exec(event.type) ?? [];
  const moved = { intent: event.position, intent_time: event.time, seq: event.seq };
  const own = kinds.has(kind);
  if (own && verb === 'created') {
    return { id: event.key, kind, tenant: event.tenant, created: event.position, cause: 'create', narrowed: narrowedBy(event, []), ...moved };
  }
  if (!before || isGone(before)) return before;
  if (own && verb === 'deleted') return { ...before, ...moved, cause: 'delete' };
  return { ...before, ...moved, cause: 'update', narrowed: own ? narrowedBy(event, before.narrowed) : before.narrowed };
}

function narrowedBy({ data, position }: Ingested, before: SyncResource['narrowed']): SyncResource['narrowed'] {
  if (!('syncToProviders' in data) || data.syncToProviders === undefined) return before;
  return [...before, [position, data.syncToProviders] as const].slice(-KEPT_NARROWINGS);
}
