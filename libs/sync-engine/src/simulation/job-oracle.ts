import type { RecordedEvent } from '@wami/contracts';
import type { BindingOutcome } from '@wami/domain';

type Accepted = { readonly job: string; readonly account: string; readonly bindings: number };

const ANSWERS = new Set(['wami.sync.succeeded.v1', 'wami.sync.failed.v1', 'wami.sync.skipped.v1', 'wami.sync.unconfigured.v1', 'wami.sync.plan-refused.v1']);
/** Nothing more is done for now, as the job was told. */
const HELD = 'wami.sync.waiting.v1';

/** A job was taken on once, and as many bindings as it was said to be about answered it or told it that they are held. */
export function auditJob(job: string, account: string, told: readonly RecordedEvent[], fail: (words: string) => void): void {
  const accepted = told.flatMap(({ type, data }) => (type === 'wami.sync.job-accepted.v1' ? [data as Accepted] : [])).filter((one) => one.job === job && one.account === account);
  if (accepted.length !== 1) fail(`${job} was taken on ${accepted.length} times`);
  const ended = new Set(told.flatMap((event) => (isEnd(event, job, account) ? [event.key] : [])));
  const [first] = accepted;
  if (first && ended.size !== first.bindings) fail(`${job} is about ${first.bindings} bindings, and ${ended.size} answered or are held`);
}

function isEnd({ type, data }: RecordedEvent, job: string, at: string): boolean {
  const { account, jobs, nextRetryAt } = data as { account?: string; jobs?: readonly string[]; nextRetryAt?: string };
  return (type === HELD || (ANSWERS.has(type) && nextRetryAt === undefined)) && account === at && jobs?.includes(job) === true;
}

const AWAITED = /^waiting for (?:user|group|policy)\/(\w+)$/;
const LEFT_OUT = /^not related to (?:user|group|policy)\/(\w+)(?: and \d+ more)?, for that is Skipped/;
const UNBOUNDED = 'its permissions boundary is not at this target';

type Said = BindingOutcome['outcome'];

/** The resource that has to be there first, or that is left out there, in the words of one that waits or goes without. */
export function otherEndIn(said: Said, boundary: string | undefined): string | undefined {
  if (said.state === 'Pending') return AWAITED.exec(said.reason ?? '')?.[1];
  if (said.state !== 'Skipped') return undefined;
  return said.reason.startsWith(UNBOUNDED) ? boundary : LEFT_OUT.exec(said.reason)?.[1];
}

/** What is not Synced is waited for; gone without is what is Skipped alone. */
export const isWhy = (said: Said | undefined, other: Said | undefined): boolean => (said?.state === 'Skipped' ? other?.state === 'Skipped' : other?.state !== 'Synced');
