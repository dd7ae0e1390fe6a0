import type { RecordedEvent } from '@wami/contracts';

type Accepted = { readonly job: string; readonly account: string; readonly bindings: number };

const ANSWERS = new Set(['wami.sync.succeeded.v1', 'wami.sync.failed.v1', 'wami.sync.skipped.v1', 'wami.sync.unconfigured.v1', 'wami.sync.plan-refused.v1']);

/** A job was taken on once, and as many bindings answered it as it was said to be about, but for those that wait. */
export function auditJob(job: string, account: string, told: readonly RecordedEvent[], waiting: number, fail: (words: string) => void): void {
  const accepted = told.flatMap(({ type, data }) => (type === 'wami.sync.job-accepted.v1' ? [data as Accepted] : [])).filter((one) => one.job === job && one.account === account);
  if (accepted.length !== 1) fail(`${job} was taken on ${accepted.length} times`);
  const answered = new Set(told.flatMap((event) => (isAnswer(event, job, account) ? [event.key] : [])));
  const [first] = accepted;
  if (first && (answered.size > first.bindings || answered.size + waiting < first.bindings)) fail(`${job} is about ${first.bindings} bindings, and ${answered.size} answered`);
}

function isAnswer({ type, data }: RecordedEvent, job: string, at: string): boolean {
  const { account, jobs, nextRetryAt } = data as { account?: string; jobs?: readonly string[]; nextRetryAt?: string };
  return ANSWERS.has(type) && nextRetryAt === undefined && account === at && jobs?.includes(job) === true;
}
