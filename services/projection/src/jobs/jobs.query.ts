import { Inject, Injectable } from '@nestjs/common';
import type { CheckOutcome, JobView } from '@wami/contracts';
import type { Reader } from '@wami/event-store';
import { scopedTo } from '../http/scoped-to';
import { Where } from '../http/where';
import { READER, SCHEMA } from '../ports';
import { CHECKED, DELETE_TENANT, type JobCountRow, type JobRow } from './jobs.table';

@Injectable()
export class JobsQueries {
  constructor(@Inject(READER) private readonly reader: Reader, @Inject(SCHEMA) private readonly schema: string) {}

  async find(scope: string, id: string): Promise<JobView | undefined> {
    const where = scopedTo(new Where(), scope, 'j').equals('j.id', id);
    const { rows: [job] } = await this.reader.query<JobRow>(`SELECT j.* FROM ${this.schema}.jobs j WHERE ${where.sql}`, where.values);
    if (!job) return undefined;
    const { rows } = await this.reader.query<JobCountRow>(`SELECT job, counter, count FROM ${this.schema}.job_counts WHERE job = $1`, [job.counted_as]);
    const { rows: refused } = await this.reader.query<NonNullable<JobView['refused']>[number]>(
      `SELECT provider, account, refused AS reason, undone AS operations FROM ${this.schema}.plan_jobs WHERE job = $1 AND refused <> '' ORDER BY 1, 2`, [job.id]);
    const checks = rows.flatMap(({ counter }) => (counter.startsWith(CHECKED) ? [checkedIn(counter)] : []));
    return { ...toView(job, new Map(rows.map(({ counter, count }) => [counter, count]))), ...(checks.length === 0 ? {} : { checks }), ...(refused.length === 0 ? {} : { refused }) };
  }
}

function checkedIn(counter: string): NonNullable<JobView['checks']>[number] {
  const [, provider = '', account = '', outcome] = counter.split('/');
  return { provider, account, outcome: outcome as CheckOutcome };
}

/** Done when every target told how much it took on, all of that has reported or is held, and nothing is tried again by itself. */
function toView({ id, verb, targets, created_at }: JobRow, counts: ReadonlyMap<string, number>): JobView {
  const accepted = targets.map((target) => counts.get(`accepted/${target}`));
  const total = verb === DELETE_TENANT ? 1 : accepted.reduce<number>((sum, count) => sum + Math.max(0, (count ?? 1) - 1), 0);
  const [succeeded, retrying] = [counts.get('succeeded') ?? 0, counts.get('retrying') ?? 0];
  const failed = (counts.get('failed') ?? 0) + retrying;
  const stillPending = Math.max(0, total - succeeded - failed);
  const held = Math.min(stillPending, counts.get('paused') ?? 0);
  const done = stillPending === held && retrying === 0 && accepted.every((count) => count !== undefined);
  return { id, verb, state: done ? 'done' : 'running', total, succeeded, failed, stillPending, held, createdAt: created_at };
}
