import { isWithinTenant, type SyncState } from '@wami/contracts';
import { queriedTenant, type GrpcStream, type StreamCall } from '@wami/platform';
import { z } from 'zod';
import type { EventsQueries } from '../events/events.query';
import { filterText } from '../http/filter-text';
import type { Ingested } from '../model/read-model';
import type { Applied } from '../position/applied';
import type { ResourcesQueries } from '../resources/resources.query';
import { syncStatesQuerySchema, type SyncStatesQueries, type SyncStatesQuery } from '../sync-states/sync-states.query';
import { follow } from './follow';
import { parsed } from './parsed';

const requestSchema = syncStatesQuerySchema.pick({ tenant: true, provider: true, account: true, kind: true })
  .extend({ resources: z.array(filterText(64, 1)).max(100).optional() });
type Filter = z.infer<typeof requestSchema>;

const PAGE = 1000;

interface Queries {
  readonly events: EventsQueries;
  readonly states: SyncStatesQueries;
  readonly resources: ResourcesQueries;
}

/** The states of a filter as they are, then those of each resource that an event is about. One may be sent again unchanged. */
export function watchSyncStates(queries: Queries, applied: Applied): GrpcStream {
  const { events: log, states } = queries;
  return {
    access: { permission: 'read', of: 'tenant' },
    async run({ request, caller, signal, send }) {
      const filter = parsed(requestSchema, request);
      const scope = queriedTenant(caller, filter.tenant);
      // Taken before the states: what changes while they are read is told again.
      const start = await log.head();
      await sendAll(states, scope, filter, send);
      await send({ caughtUp: true });
      await follow({ queries: log, applied, filter: { scope }, signal }, start, async (events) => {
        if (events.some(({ type }) => type.startsWith('wami.tenant.'))) await sendAll(states, scope, filter, send);
        for (const id of touched(events, filter)) await sendOne(queries, scope, id, filter, send);
      });
    },
  };
}

/** Settings of a tenant change the states of all that it holds. */
async function sendAll(states: SyncStatesQueries, scope: string, filter: Filter, send: StreamCall['send']): Promise<void> {
  const { resources: _resources, ...rest } = filter;
  let cursor: string | undefined;
  do {
    const query: SyncStatesQuery = { ...rest, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await states.list(scope, query);
    for (const state of page.items) if (matches(state, scope, filter)) await send({ state });
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

async function sendOne({ states, resources }: Queries, scope: string, id: string, filter: Filter, send: StreamCall['send']): Promise<void> {
  const found = await resources.find(scope, { id });
  if (!found || (filter.kind !== undefined && found.kind !== filter.kind)) return;
  const all = Object.values(await states.ofResource(id)).flatMap((accounts) => Object.values(accounts));
  for (const state of all) if (matches(state, scope, filter)) await send({ state });
  if (all.length === 0) await send({ gone: id });
}

function touched(events: readonly Ingested[], { resources }: Filter): ReadonlySet<string> {
  return new Set(events.map(({ key }) => key).filter((id) => resources === undefined || resources.includes(id)));
}

function matches(state: SyncState, scope: string, { provider, account, kind, resources }: Filter): boolean {
  return isWithinTenant(state.tenant, scope) && (resources === undefined || resources.includes(state.resource))
    && [[provider, state.provider], [account, state.account], [kind, state.kind]].every(([asked, its]) => asked === undefined || asked === its);
}
