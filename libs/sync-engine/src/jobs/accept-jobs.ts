import { comparePositions, type RecordedEvent, type RecordedSyncJobEvent } from '@wami/contracts';
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

/** Bindings that are marked in one transaction, so that neither memory nor whoever has work now has to bear a job over a million. */
const PAGE = 1_000;

/** A job of which not every binding is marked yet. */
interface OpenJob {
  readonly asked: RecordedSyncJobEvent;
  /** Up to this binding, in the order of the key. */
  readonly account: string;
  readonly resource: string;
  /** By account. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface Accepted {
  /** Where there is work. */
  readonly accounts: ReadonlySet<string>;
  /** A job is not marked to its end. */
  readonly more: boolean;
}

/** Takes on the jobs among the events: marks the bindings that each is about, at first the first of them, and says how many at each target. */
export async function acceptJobs(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[], now: number): Promise<Accepted> {
  const jobs = events.filter(({ type }) => type === 'wami.sync-job.requested.v1') as RecordedSyncJobEvent[];
  const accounts = new Set<string>();
  let more = false;
  for (const asked of jobs) {
    for (const account of accountsOf(db, asked)) accounts.add(account);
    if (asked.data.verb === 'apply') await applyPlan(client, db, asked, accountsOf(db, asked), now);
    else if (!await acceptPage(client, db, { asked, account: '', resource: '', counts: {} }, now)) more = true;
  }
  return { accounts, more };
}

/** The one that is marked next. */
export async function openJob(client: PoolClient, db: EngineDatabase): Promise<OpenJob | undefined> {
  const { rows } = await client.query<OpenJob>(`SELECT asked, account, resource, counts FROM ${db.table('jobs')} ORDER BY job LIMIT 1`);
  return rows[0];
}

/** Marks the next bindings of the job. Resolves with the accounts that have work now. */
export async function acceptNext(client: PoolClient, db: EngineDatabase, job: OpenJob, now: number): Promise<Set<string>> {
  if (await acceptPage(client, db, job, now)) await client.query(`DELETE FROM ${db.table('jobs')} WHERE job = $1`, [job.asked.stream]);
  return new Set(accountsOf(db, job.asked));
}

/** Resolves with whether it was the last page: then all of it is told. */
async function acceptPage(client: PoolClient, db: EngineDatabase, job: OpenJob, now: number): Promise<boolean> {
  const { asked } = job;
  const accounts = accountsOf(db, asked);
  if (accounts.length === 0) return true;
  const bindings = await select(client, db, job, accounts);
  const resources = await loadResources(client, db, [...new Set(bindings.map(({ resource }) => resource))]);
  const changes = bindings.map((binding) => demand(db.provider, binding, resources.get(binding.resource), asked, now));
  const counts = Object.fromEntries(accounts.map((account) => [account, (job.counts[account] ?? 0) + bindings.filter((binding) => binding.account === account).length]));
  const last = bindings.length < PAGE;
  await db.write(client, changes, last ? accounts.map((account) => jobAccepted(db.provider, asked, account, counts[account] ?? 0)) : []);
  const end = bindings.at(-1);
  if (!last && end) {
    await client.query(`INSERT INTO ${db.table('jobs')} (job, asked, account, resource, counts) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (job) DO UPDATE SET account = excluded.account, resource = excluded.resource, counts = excluded.counts`, [asked.stream, JSON.stringify(asked), end.account, end.resource, JSON.stringify(counts)]);
  }
  return last;
}

function accountsOf({ provider }: EngineDatabase, { data: { targets } }: RecordedSyncJobEvent): string[] {
  return [...new Set(targets.filter((target) => target.provider === provider).map(({ account }) => account))];
}

/** The next bindings that the job is about, never beyond its scope; locked. */
function select(client: PoolClient, db: EngineDatabase, { asked: { data }, account, resource }: OpenJob, accounts: readonly string[]): Promise<Binding[]> {
  const { where, values } = selection(data, accounts, data.verb === 'retry' ? ['Failed'] : undefined);
  const [first, second] = [`$${values.length + 1}`, `$${values.length + 2}`];
  return db.bindings.lock(client, `${where} AND (b.account, b.resource) > (${first}, ${second})`, [...values, account, resource], PAGE);
}

/** A few resources that somebody named go before sweeps. What a trigger holds goes, but for what is wanted only since. Pure. */
export function demand(provider: string, binding: Binding, resource: Resource | undefined, job: RecordedSyncJobEvent, now: number): BindingChange {
  const { verb, resources, maxRetries, strategy } = job.data;
  const asked: Binding = {
    ...binding, jobs: [...binding.jobs, job.stream],
    ...(verb === 'sync' ? { verifySince: now } : {}),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(strategy === undefined ? {} : { strategy }),
  };
  const { binding: next } = due(asked, { lane: resources && resources.length <= FEW ? 0 : 1, cause: causedBy(job), now });
  const held = binding.held && resource !== undefined && comparePositions(resource.intent, job.position) > 0;
  return changeOf(provider, { binding: { ...next, held, state: 'Pending', errorCode: null }, requested: true }, resource ?? { version: 0 });
}
