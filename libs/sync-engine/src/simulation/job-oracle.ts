import type { RecordedEvent } from '@wami/contracts';
import type { BindingOutcome } from '@wami/domain';

type Accepted = { readonly job: string; readonly account: string; readonly bindings: number };

const ANSWERS = new Set(['wami.sync.succeeded.v1', 'wami.sync.failed.v1', 'wami.sync.skipped.v1', 'wami.sync.unconfigured.v1', 'wami.sync.plan-refused.v1']);
/** Nothing more is done for now, as the job was told. */
const HELD = 'wami.sync.waiting.v1';

/** A job was taken on once, and as many bindings as it was said to be about answered it or told it that they are held, but for those that wait for a name or for what does. */
export function auditJob(job: string, account: string, told: readonly RecordedEvent[], forNames: number, fail: (words: string) => void): void {
  const accepted = told.flatMap(({ type, data }) => (type === 'wami.sync.job-accepted.v1' ? [data as Accepted] : [])).filter((one) => one.job === job && one.account === account);
  if (accepted.length !== 1) fail(`${job} was taken on ${accepted.length} times`);
  const ended = new Set(told.flatMap((event) => (isEnd(event, job, account) ? [event.key] : [])));
  const [first] = accepted;
  if (first && (ended.size > first.bindings || ended.size + forNames < first.bindings)) fail(`${job} is about ${first.bindings} bindings, and ${ended.size} answered or are held`);
}

function isEnd({ type, data }: RecordedEvent, job: string, at: string): boolean {
  const { account, jobs, nextRetryAt } = data as { account?: string; jobs?: readonly string[]; nextRetryAt?: string };
  return (type === HELD || (ANSWERS.has(type) && nextRetryAt === undefined)) && account === at && jobs?.includes(job) === true;
}

const AWAITED = /waiting for (?:user|group|policy)\/(\w+)/;
const FOR_A_NAME = /^waiting for (\S+ to give the name up|the name to become free)$/;

/** The resource that the words of one that waits name. */
export const awaitedIn = (reason = ''): string | undefined => AWAITED.exec(reason)?.[1];

/** It waits for a name, or for what does: that nobody gives one up any more is not told. */
export function isForAName(outcome: BindingOutcome['outcome'] | undefined, said: ReadonlyMap<string, BindingOutcome>): boolean {
  if (outcome?.state !== 'Pending' || outcome.reason === undefined) return false;
  return FOR_A_NAME.test(outcome.reason) || isForAName(said.get(awaitedIn(outcome.reason) ?? '')?.outcome, said);
}
