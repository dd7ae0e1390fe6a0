import {
  BINDING_EVENTS, syncJobAccepted, syncJobRequested, syncPlanRefused, checkRequested, targetChecked, tenantDeleted, tenantDeletionRequested, type RecordedBindingEvent, type RecordedSyncPlanEvent,
} from '@wami/contracts';
import type { Ingested, ReadModel } from '../model/read-model';
import { keyOf, type Rows } from '../model/rows';
import { CHECKED, DELETE_TENANT, JOB_BINDINGS, JOB_COUNTS, JOBS, type JobBindingRow, type JobCountRow, type JobResult, type JobRow } from './jobs.table';

async function apply(rows: Rows, events: readonly Ingested[]): Promise<void> {
  const made = new Map<string, JobRow>();
  const counts: JobCountRow[] = [];
  for (const event of events) {
    const job = requested(event);
    if (job) made.set(job.id, job);
    counts.push(...counted(event));
  }
  await rows.put(JOBS, [...made.values()]);
  await rows.add(JOB_COUNTS, summed([...counts, ...(await settle(rows, events))]));
}

function requested(event: Ingested): JobRow | undefined {
  if (event.type === 'wami.sync-job.requested.v1') return { ...jobOf(event), verb: event.data.verb };
  if (event.type === 'wami.check.requested.v1') return { ...jobOf(event), verb: 'check' };
  if (event.type !== 'wami.tenant.deletion-requested.v1') return undefined;
  return { id: event.data.job, tenant: event.tenant, verb: DELETE_TENANT, targets: [], counted_as: event.stream, created_at: event.time };
}

function jobOf({ stream, time, data: { scope, targets } }: Extract<Ingested, { type: 'wami.sync-job.requested.v1' | 'wami.check.requested.v1' }>): Omit<JobRow, 'verb'> {
  return { id: stream, tenant: scope, targets: targets.map(({ provider, account }) => `${provider}/${account}`), counted_as: stream, created_at: time };
}

function counted(event: Ingested): JobCountRow[] {
  if (event.type === 'wami.sync.job-accepted.v1') {
    const { job, provider, account, bindings, undone = 0 } = event.data;
    return [{ job, counter: `accepted/${provider}/${account}`, count: bindings + undone + 1 }, { job, counter: 'failed', count: undone }];
  }
  if (event.type === 'wami.sync.target-checked.v1') {
    const { job, provider, account, outcome } = event.data;
    const target = `${provider}/${account}`;
    return [{ job, counter: `accepted/${target}`, count: 2 }, { job, counter: outcome === 'ok' ? 'succeeded' : 'failed', count: 1 }, { job, counter: `${CHECKED}${target}/${outcome}`, count: 1 }];
  }
  return event.type === 'wami.tenant.deleted.v1' ? [{ job: event.stream, counter: 'succeeded', count: 1 }] : [];
}

/** What names the jobs that it answers. */
type Outcome = RecordedBindingEvent | Extract<RecordedSyncPlanEvent, { type: 'wami.sync.plan-refused.v1' }>;

/** What an outcome means for the jobs that it answers. Nobody has to act on what was left alone: Skipped and NotConfigured are successes. */
function resultOf(event: Outcome): JobResult {
  switch (event.type) {
    case 'wami.sync.succeeded.v1': case 'wami.sync.skipped.v1': case 'wami.sync.unconfigured.v1': return 'succeeded';
    case 'wami.sync.plan-refused.v1': return 'failed';
    case 'wami.sync.failed.v1': return event.data.nextRetryAt === undefined ? 'failed' : 'retrying';
    case 'wami.sync.waiting.v1': return 'paused';
    case 'wami.sync.requested.v1': case 'wami.sync.started.v1': return 'pending';
  }
}

/** The last word on each binding of each job counts, and only it. */
async function settle(rows: Rows, events: readonly Ingested[]): Promise<JobCountRow[]> {
  const outcomes = events.filter((event): event is Outcome & Ingested => 'jobs' in event.data);
  const jobs = [...new Set(outcomes.flatMap(({ data }) => data.jobs ?? []))];
  const resources = new Set(outcomes.map(({ data }) => data.resource));
  const known = (await rows.find(JOB_BINDINGS, 'resource', [...resources])).filter(({ job }) => jobs.includes(job));
  const before = new Map(known.map((row) => [keyOf(JOB_BINDINGS, row), row]));
  const after = new Map<string, JobBindingRow>();
  for (const event of outcomes) {
    const { data } = event;
    for (const job of data.jobs ?? []) {
      const row = { job, resource: data.resource, provider: data.provider, account: data.account, result: resultOf(event) };
      after.set(keyOf(JOB_BINDINGS, row), row);
    }
  }
  await rows.put(JOB_BINDINGS, [...after.values()]);
  return [...after].flatMap(([key, { job, result }]) => {
    const was = before.get(key)?.result;
    return was === result ? [] : [...(was ? [{ job, counter: was, count: -1 }] : []), { job, counter: result, count: 1 }];
  });
}

function summed(moves: readonly JobCountRow[]): JobCountRow[] {
  const sums = new Map<string, JobCountRow>();
  for (const move of moves) {
    const key = keyOf(JOB_COUNTS, move);
    sums.set(key, { ...move, count: move.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].filter(({ count }) => count !== 0);
}

/** Work that somebody asked for, and how far it is. Every row but the counters is made by events of one key. */
export const jobs: ReadModel = {
  name: 'jobs', version: 1, tables: [JOBS, JOB_BINDINGS, JOB_COUNTS], apply, byKey: { first: new Set(), resident: [] },
  types: new Set([...BINDING_EVENTS, syncJobRequested, checkRequested, targetChecked, syncJobAccepted, syncPlanRefused, tenantDeletionRequested, tenantDeleted].map(({ type }) => type)),
};
