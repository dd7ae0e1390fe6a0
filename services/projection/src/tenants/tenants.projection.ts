import { parentTenant, TENANT_EVENTS, type RecordedTenantEvent } from '@wami/contracts';
import { tenantDecider, type Tenant } from '@wami/domain';
import type { Ingested, ReadModel } from '../model/read-model';
import type { Rows } from '../model/rows';
import { TENANTS, type TenantRow } from './tenants.table';

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const ids = [...new Set(events.map(({ stream }) => stream))];
  const known = new Map((await rows.find(TENANTS, 'id', ids)).map((row) => [row.id, row]));
  for (const event of events) known.set(event.stream, evolveRow(known.get(event.stream), event as RecordedTenantEvent & Ingested));
  await rows.put(TENANTS, ids.flatMap((id) => known.get(id) ?? []));
}

function evolveRow(before: TenantRow | undefined, event: RecordedTenantEvent & Ingested): TenantRow {
  const tenant = tenantDecider.evolve(before ? stateOf(before) : tenantDecider.initialState, event);
  return {
    id: event.stream, tenant: event.tenant, parent: parentTenant(event.tenant) ?? null, arn: event.subject, version: event.version, seq: event.seq,
    status: tenant.status === 'none' ? 'deleted' : tenant.status, document: 'document' in tenant ? tenant.document : null,
  };
}

function stateOf({ status, document }: TenantRow): Tenant {
  return status === 'deleted' || !document ? { status: 'deleted' } : { status, document };
}

/** Tenants as their parents see them. */
export const tenants: ReadModel = {
  name: 'tenants', version: 1, tables: [TENANTS], types: new Set(TENANT_EVENTS.map(({ type }) => type)), apply,
};
