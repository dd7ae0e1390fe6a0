import { parseArn, type NewEventOf, type RecordedEvent, type RecordedSyncJobEvent, type syncJobAccepted } from '@wami/contracts';
import type { Append } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { Binding } from '../bindings/binding';
import type { BindingChange, EngineDatabase } from '../database/engine-database';
import { due } from '../fold/evaluate';
import { causedBy } from '../fold/fold-resources';
import { changeOf } from '../fold/reconsider';
import { loadResources, type Resource } from '../fold/resource';

/** Takes on the jobs among the events: marks the bindings that each is about, and says how many at each target. */
export async function acceptJobs(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[], now: number): Promise<Set<string>> {
  const jobs = events.filter(({ type }) => type === 'wami.sync-job.requested.v1') as RecordedSyncJobEvent[];
  const accounts = new Set<string>();
  for (const job of jobs) for (const account of await acceptJob(client, db, job, now)) accounts.add(account);
  return accounts;
}

async function acceptJob(client: PoolClient, db: EngineDatabase, job: RecordedSyncJobEvent, now: number): Promise<readonly string[]> {
  const accounts = [...new Set(job.data.targets.filter(({ provider }) => provider === db.provider).map(({ account }) => account))];
  if (accounts.length === 0) return [];
  const bindings = await select(client, db, job, accounts);
  const resources = await loadResources(client, db, [...new Set(bindings.map(({ resource }) => resource))]);
  const changes = bindings.map((binding) => demand(db.provider, binding, resources.get(binding.resource), job, now));
  const accepted = accounts.map((account) => acceptance(db.provider, job, account, bindings.filter((binding) => binding.account === account).length));
  await db.write(client, changes, accepted);
  return accounts;
}

/** The bindings that the job is about, never beyond its scope; locked. */
function select(client: PoolClient, db: EngineDatabase, { data }: RecordedSyncJobEvent, accounts: readonly string[]): Promise<Binding[]> {
  const { verb, scope, filter = {}, resources } = data;
  const values: unknown[] = [accounts];
  const param = (value: unknown): string => `$${values.push(value)}`;
  const below = (path: string): string => {
    const at = param(path);
    return `(b.tenant = ${at} OR starts_with(b.tenant, ${at} || '/'))`;
  };
  const state = verb === 'retry' ? ['Failed'] : filter.state === 'Pending' ? ['Pending', 'None'] : filter.state ? [filter.state] : undefined;
  const where = [
    'b.account = ANY($1)', "(b.wanted OR (b.deleted AND b.presence IS NOT NULL)) AND b.state <> 'Gone'",
    ...(scope === '' ? [] : [below(scope)]),
    ...(filter.tenant === undefined ? [] : [below(filter.tenant)]),
    ...(filter.kind === undefined ? [] : [`b.kind = ${param(filter.kind)}`]),
    ...(filter.code === undefined ? [] : [`b.error_code = ${param(filter.code)}`]),
    ...(state === undefined ? [] : [`b.state = ANY(${param(state)})`]),
    ...(resources === undefined ? [] : [`b.resource = ANY(${param(resources.map((resource) => parseArn(resource)?.id ?? resource))})`]),
  ];
  return db.bindings.lock(client, where.join(' AND '), values);
}

/** A few resources that somebody named go before sweeps. */
function demand(provider: string, binding: Binding, resource: Resource | undefined, job: RecordedSyncJobEvent, now: number): BindingChange {
  const { verb, resources, maxRetries, strategy } = job.data;
  const asked: Binding = {
    ...binding, jobs: [...binding.jobs, job.stream],
    ...(verb === 'sync' ? { verifySince: now } : {}),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(strategy === undefined ? {} : { strategy }),
  };
  const { binding: next } = due(asked, { lane: resources ? 0 : 1, cause: causedBy(job), now });
  return changeOf(provider, { binding: { ...next, state: 'Pending', errorCode: null }, requested: true }, resource ?? { version: 0 });
}

function acceptance(provider: string, job: RecordedSyncJobEvent, account: string, bindings: number): Append {
  const stream = `${provider}/${account}/${job.stream}`;
  const event: NewEventOf<typeof syncJobAccepted> = {
    type: 'wami.sync.job-accepted.v1', stream, key: job.stream, tenant: job.tenant, subject: job.subject,
    data: { job: job.stream, provider, account, bindings }, personal: {},
  };
  return { stream, tenant: job.tenant, expectedVersion: 0, events: [event], meta: causedBy(job) };
}
