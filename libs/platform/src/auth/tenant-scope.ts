import { AsyncLocalStorage } from 'node:async_hooks';

/** What the database lets through: a tenant with what is below it, or all rows for a worker that is named. */
type Scope = { readonly tenant: string } | { readonly worker: Worker };

const scopes = new AsyncLocalStorage<Scope>();

/** Everything that `work` reads, now and later, is read within the tenant; the empty tenant holds all. */
export function withinTenant<T>(tenant: string, work: () => T): T {
  return scopes.run({ tenant }, work);
}

/** Whoever passes row-level security, all of them. */
type Worker =
  /** Runs beside the requests. */
  | 'housekeeping' | 'imports'
  /** A policy of a tenant above counts for a principal below, who sees its verdict and nothing else of it. */
  | 'policy evaluation'
  /** Settings and pauses of tenants above hold for a resource below, whose reader learns that they do. */
  | 'explaining';

export function asWorker<T>(worker: Worker, work: () => T): T {
  return scopes.run({ worker }, work);
}

/** The tenant that is read within; undefined for a worker. Default deny: @throws where neither was said. */
export function scopedTenant(): string | undefined {
  const scope = scopes.getStore();
  if (!scope) throw new Error("tenants' rows were asked for outside of a request and by no worker");
  return 'tenant' in scope ? scope.tenant : undefined;
}
