import { AsyncLocalStorage } from 'node:async_hooks';

/** What the database lets through: a tenant with what is below it, or all rows for a worker that is named. */
type Scope = { readonly tenant: string } | { readonly worker: string };

const scopes = new AsyncLocalStorage<Scope>();

/** Everything that `work` reads, now and later, is read within the tenant; the empty tenant holds all. */
export function withinTenant<T>(tenant: string, work: () => T): T {
  return scopes.run({ tenant }, work);
}

/** For what runs beside the requests and passes row-level security: its name says who that is. */
export function asWorker<T>(worker: 'housekeeping', work: () => T): T {
  return scopes.run({ worker }, work);
}

/** The tenant that is read within; undefined for a worker. Default deny: @throws where neither was said. */
export function scopedTenant(): string | undefined {
  const scope = scopes.getStore();
  if (!scope) throw new Error("tenants' rows were asked for outside of a request and by no worker");
  return 'tenant' in scope ? scope.tenant : undefined;
}
