import { ATTACHMENT_EVENTS, BINDING_EVENTS, isErasure, MEMBERSHIP_EVENTS, SUBJECT_EVENTS, TENANT_EVENTS, type RecordedBindingEvent, type RecordedTenantEvent } from '@wami/contracts';
import { together } from '@wami/event-store';
import type { Ingested, ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { RESOURCE_TYPES } from '../resources/resource-kinds';
import { movesIntent } from './resource-intent';
import { countSettled, SyncFold } from './sync-fold';
import {
  SYNC_RESOURCES, SYNC_RESTED, SYNC_SETTLED, SYNC_STATES, SYNC_SUMMARY, SYNC_TENANTS, SYNC_UNTIMED, type SyncResource, type SyncTenant,
} from './sync-states.table';
import { TenantTree } from './tenant-tree';

const TENANT_TYPES: ReadonlySet<string> = new Set(TENANT_EVENTS.map(({ type }) => type));
const BINDING_TYPES: ReadonlySet<string> = new Set(BINDING_EVENTS.map(({ type }) => type));
const MOVING_TYPES: ReadonlySet<string> = new Set([...RESOURCE_TYPES, ...[...MEMBERSHIP_EVENTS, ...ATTACHMENT_EVENTS].map(({ type }) => type)]);

/** Resources of one tenant that are looked at again together when its settings change. */
const PAGE = 2000;

const isTenantEvent = (event: Ingested): event is RecordedTenantEvent & Ingested => TENANT_TYPES.has(event.type);
const isOutcome = (event: Ingested): event is RecordedBindingEvent & Ingested => BINDING_TYPES.has(event.type);

/** Events of different keys commute, so a batch may fold its tenants first: its resources then meet them as they are at its end. */
async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  await foldTenants(rows, events.filter(isTenantEvent));
  await together([foldResources(rows, events.filter((event) => !isTenantEvent(event))), timeWaiting(rows, events.filter((event) => event.source === 'identity'))]);
}

async function foldTenants(rows: Rows, events: readonly (RecordedTenantEvent & Ingested)[]): Promise<void> {
  const roots = [...new Set(events.map(({ key }) => key))];
  const known = await rows.find(SYNC_TENANTS, 'root', roots);
  const trees = new Map(roots.map((root) => [root, new TenantTree(root, known.filter((tenant) => tenant.root === root))]));
  for (const event of events) trees.get(event.key)?.apply(event);
  const of = (pick: 'changed' | 'moved'): SyncTenant[] => [...trees.values()].flatMap((tree) => [...tree[pick]].flatMap((id) => tree.tenant(id) ?? []));
  await rows.put(SYNC_TENANTS, of('changed'));
  for (const path of new Set(of('moved').map((tenant) => tenant.path))) await reviewTenant(rows, path);
}

/** Derives all bindings of a tenant's resources anew, page by page. */
async function reviewTenant(rows: Rows, path: string): Promise<void> {
  const tenants = await rows.find(SYNC_TENANTS, 'path', [path]);
  for (let after = ''; ;) {
    const page: SyncResource[] = await rows.page(SYNC_RESOURCES, 'tenant', path, after, PAGE);
    const ids = page.map(({ id }) => id);
    if (ids.length > 0) await new SyncFold(page, await rows.find(SYNC_STATES, 'resource', ids), tenants).finish(rows, ids);
    if (ids.length < PAGE) return;
    after = ids.at(-1) ?? '';
  }
}

async function foldResources(rows: Rows, events: readonly Ingested[]): Promise<void> {
  if (events.length === 0) return;
  const ids = [...new Set(events.map((event) => (isOutcome(event) ? event.data.resource : event.key)))];
  const paths = new Set(events.map(({ tenant }) => tenant));
  const [resources, states, tenants] = await together([
    rows.find(SYNC_RESOURCES, 'id', ids), rows.find(SYNC_STATES, 'resource', ids), rows.find(SYNC_TENANTS, 'path', [...paths]),
  ]);
  const others = new Set(resources.map(({ tenant }) => tenant).filter((tenant) => !paths.has(tenant)));
  const fold = new SyncFold(resources, states, [...tenants, ...(await rows.find(SYNC_TENANTS, 'path', [...others]))]);
  for (const event of events) {
    if (isOutcome(event)) fold.outcome(event, event.seq);
    else if (isErasure(event)) fold.erasure(event);
    else if (movesIntent(event.type)) fold.intent(event);
  }
  await fold.finish(rows);
}

/** The events that some outcomes were ahead of have come. */
async function timeWaiting(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const arrived = events.map(({ position }) => position);
  const waiting = await rows.find(SYNC_UNTIMED, 'intent', arrived);
  if (waiting.length === 0) return;
  await rows.remove(SYNC_UNTIMED, 'intent', [...new Set(waiting.map(({ intent }) => intent))]);
  await countSettled(rows, waiting);
}

/** For each resource at each target: does the target agree with what is wanted. */
export const syncStates: ReadModel = {
  name: 'sync-states',
  version: 4,
  tables: [SYNC_TENANTS, SYNC_RESOURCES, SYNC_STATES, SYNC_SUMMARY, SYNC_SETTLED, SYNC_RESTED, SYNC_UNTIMED],
  types: new Set([...TENANT_TYPES, ...MOVING_TYPES, ...BINDING_TYPES, ...SUBJECT_EVENTS.map(({ type }) => type)]),
  apply,
  byKey: { first: TENANT_TYPES, resident: [SYNC_TENANTS] },
};
