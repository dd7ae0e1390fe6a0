import { TEXT, type Table } from '../model/table';

export interface JobRow {
  readonly id: string;
  /** What the job may touch; callers outside of it do not see it. */
  readonly tenant: string;
  readonly verb: string;
  /** `provider/account` of those that answer for their bindings. */
  readonly targets: readonly string[];
  /** Under which its counters stand: its own id, or that of the tenant whose deletion it is. */
  readonly counted_as: string;
  readonly created_at: string;
}

/** One binding that a job is about and what came of it. */
export interface JobBindingRow {
  readonly job: string;
  readonly resource: string;
  readonly provider: string;
  readonly account: string;
  readonly result: JobResult;
}

/** `retrying`: failed, and tried again by itself. `paused`: held by a pause, the guard or a trigger, or waiting for something that rests; nothing more is done for now, what comes later counts. */
export type JobResult = 'succeeded' | 'failed' | 'retrying' | 'pending' | 'paused';

/** `accepted/<target>`: bindings that the target took on and what it refused of a plan, plus one for its answer; `checked/<target>/<outcome>`: what came of asking it who we are there, once; else a JobResult: how many bindings are there now. */
export interface JobCountRow {
  readonly job: string;
  readonly counter: string;
  readonly count: number;
}

export const JOBS: Table<JobRow> = {
  name: 'jobs', key: ['id'], indexes: [{ name: 'counted', on: '(counted_as)' }], columns: { id: TEXT, tenant: TEXT, verb: TEXT, targets: 'jsonb', counted_as: TEXT, created_at: TEXT },
};

export const JOB_BINDINGS: Table<JobBindingRow> = {
  name: 'job_bindings', key: ['job', 'resource', 'provider', 'account'], indexes: [{ name: 'resource', on: '(resource)' }],
  columns: { job: TEXT, resource: TEXT, provider: TEXT, account: TEXT, result: TEXT },
};

export const JOB_COUNTS: Table<JobCountRow> = {
  name: 'job_counts', key: ['job', 'counter'], indexes: [], counter: 'count', visibleWith: { column: 'job', table: 'jobs', is: 'counted_as' }, columns: { job: TEXT, counter: TEXT, count: 'bigint' },
};

/** The verb of a job that deletes a tenant with all that it holds: one thing to do, which succeeded when the tenant is gone. */
export const DELETE_TENANT = 'delete-tenant';

/** Begins counters of targets that were asked who we are there. */
export const CHECKED = 'checked/';
