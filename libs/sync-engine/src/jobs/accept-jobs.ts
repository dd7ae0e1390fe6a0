import type { RecordedEvent, RecordedSyncJobEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { Binding } from '../bindings/binding';
import type { BindingChange, EngineDatabase } from '../database/engine-database';
import { due } from '../fold/evaluate';
import { causedBy } from '../fold/fold-resources';
import { changeOf } from '../fold/reconsider';
import { loadResources, type Resource } from '../fold/resource';
import { applyPlan } from '../plans/apply-plan';
import { jobAccepted } from './job-accepted';
import { selection } from './selection';

/** Nobody waits for one of more than these. */
const FEW = 100;

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
  if (job.data.verb === 'apply') return applyPlan(client, db, job, accounts, now);
  const bindings = await select(client, db, job, accounts);
  const resources = await loadResources(client, db, [...new Set(bindings.map(({ resource }) => resource))]);
  const changes = bindings.map((binding) => demand(db.provider, binding, resources.get(binding.resource), job, now));
  const accepted = accounts.map((account) => jobAccepted(db.provider, job, account, bindings.filter((binding) => binding.account === account).length));
  await db.write(client, changes, accepted);
  return accounts;
}

/** The bindings that the job is about, never beyond its scope; locked. */
function select(client: PoolClient, db: EngineDatabase, { data }: RecordedSyncJobEvent, accounts: readonly string[]): Promise<Binding[]> {
  const { where, values } = selection(data, accounts, data.verb === 'retry' ? ['Failed'] : undefined);
  return db.bindings.lock(client, where, values);
}

/** A few resources that somebody named go before sweeps. Pure. */
export function demand(provider: string, binding: Binding, resource: Resource | undefined, job: RecordedSyncJobEvent, now: number): BindingChange {
  const { verb, resources, maxRetries, strategy } = job.data;
  const asked: Binding = {
    ...binding, jobs: [...binding.jobs, job.stream],
    ...(verb === 'sync' ? { verifySince: now } : {}),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(strategy === undefined ? {} : { strategy }),
  };
  const { binding: next } = due(asked, { lane: resources && resources.length <= FEW ? 0 : 1, cause: causedBy(job), now });
  return changeOf(provider, { binding: { ...next, state: 'Pending', errorCode: null }, requested: true }, resource ?? { version: 0 });
}
