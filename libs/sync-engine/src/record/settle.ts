import type { SyncOperation } from '@wami/contracts';
import type { Binding } from '../bindings/binding';
import { bindingEvent } from '../bindings/binding-events';
import type { BindingChange } from '../database/engine-database';
import { awaitedKey, type Outcome, type OutcomeOf } from '../reconcile/outcome';
import { leastOf } from '../erasure/least';
import { asideFor, pausedEvent } from '../pauses/lay-aside';
import { expectationAfter, heldAfter, settleChecked, settleRefused } from '../plans/settle-plan';
import type { Work } from '../reconcile/work';
import { FAST_RETRIES, fastDelay, retryDelay } from './backoff';
import { about, type Judge, type Verdict } from './verdict';

/**
 * What becomes of a binding after a pass. `current` is its row now, locked: identity may have moved on while the pass ran, and then it is
 * due again at once, for one more pass. Undefined where the outcome stands already. Pure.
 */
export function settle(current: Binding, work: Work, outcome: Outcome, judge: Judge): BindingChange | undefined {
  if (!current.claimed) return undefined;
  // A deletion is the last word: it also answers who asked while it ran.
  const asked = outcome.is === 'succeeded' && outcome.operation === 'delete' ? { ...work, binding: { ...work.binding, jobs: current.jobs } } : work;
  const { events, row, settles } = judged(current, asked, outcome, judge);
  const answered = new Set(settles);
  const rested: Binding = {
    ...current, claimed: false, unfinished: false, dueAt: null, waitingFor: null, errorCode: null, fastRetries: 0, connectionHold: null, pausedBy: null,
    presence: outcome.presence, ...row, ...(row.unfinished ? { nameCertain: outcome.is === 'failed' && outcome.nameCertain === true } : { nameCertain: false, tried: {}, triedEnds: {} }), jobs: current.jobs.filter((job) => !answered.has(job)),
    plan: expectationAfter(current, work, outcome, row), held: heldAfter(current, work, outcome),
  };
  const change = { binding: current.generation > work.binding.generation ? onceMore(rested, current, judge) : rested, events, meta: work.binding.cause };
  return current.erased ? leastOf(change) : change;
}

/** What came in while the pass ran is looked at next; what the pass found out about the cloud stays. */
function onceMore(rested: Binding, current: Binding, { now }: Judge): Binding {
  const { lane, retryCount, fastRetries, maxRetries, strategy, verifySince } = current;
  const closed = rested.state === 'Gone';
  // An approval alone changes nothing about what is wanted.
  const approved = current.plan !== null && current.plan.generation === current.generation;
  if (approved && !closed) return { ...rested, dueAt: now, lane, verifySince };
  return closed ? rested : { ...rested, dueAt: now, lane, retryCount, fastRetries, maxRetries, strategy, verifySince, waitingFor: null, state: 'Pending', errorCode: null };
}

function judged(current: Binding, work: Work, outcome: Outcome, judge: Judge): Verdict {
  switch (outcome.is) {
    case 'succeeded': return succeeded(work, outcome, judge);
    case 'failed': return failed(current, work, outcome, judge);
    case 'waiting': return waiting(work, outcome.operation, outcome.reason, judge, {
      waitingFor: awaitedKey(outcome.awaits), unfinished: outcome.unfinished ?? false, ...(outcome.untouched ? { unfinished: work.lost, verifySince: work.binding.verifySince } : {}),
    });
    case 'paused': return paused(current, work, outcome, judge);
    case 'refused': return settleRefused(current, work, outcome, judge);
    case 'checked': return settleChecked(current, judge);
    case 'skipped':
      return {
        events: [bindingEvent('wami.sync.skipped.v1', judge.provider, work.binding, about(work, outcome.operation), { reason: outcome.reason }, {})],
        row: { state: 'Skipped', connectionHold: outcome.hold ?? null, unfinished: outcome.unfinished ?? false, ...CLEARED }, settles: work.binding.jobs,
      };
    case 'unconfigured':
      return {
        events: [bindingEvent('wami.sync.unconfigured.v1', judge.provider, work.binding, about(work, outcome.operation), { reason: outcome.reason }, {})],
        row: { state: 'NotConfigured', connectionHold: outcome.hold, unfinished: work.lost, ...CLEARED }, settles: work.binding.jobs,
      };
  }
}

/** What was asked for once is done with. */
const CLEARED = { retryCount: 0, maxRetries: null, verifySince: null, strategy: null } as const satisfies Partial<Binding>;

function succeeded(work: Work, { operation, changed, presence }: OutcomeOf<'succeeded'>, { provider }: Judge): Verdict {
  const native = presence ? { providerResourceId: presence.providerResourceId, nativeArn: presence.nativeArn } : {};
  return {
    events: [bindingEvent('wami.sync.succeeded.v1', provider, work.binding, about(work, operation), { changed }, native)],
    row: { state: operation === 'delete' ? 'Gone' : 'Synced', ...CLEARED }, settles: work.binding.jobs,
  };
}

/** No attempt is consumed by waiting. */
function waiting(work: Work, operation: SyncOperation, reason: string, { provider }: Judge, row: Partial<Binding>): Verdict {
  // The event answers no job: the next settling outcome does.
  const event = bindingEvent('wami.sync.waiting.v1', provider, work.binding, { ...about(work, operation), jobs: [] }, { reason }, {});
  return { events: [event], row: { state: 'Pending', verifySince: null, ...row }, settles: [] };
}

/** As if it had not been claimed. A pause that is over by now holds nothing: it is due at once. */
function paused({ retryCount, fastRetries, connectionHold }: Binding, work: Work, { by }: OutcomeOf<'paused'>, { provider, now, stands }: Judge): Verdict {
  const aside = stands(by) ? asideFor(by) : { ...asideFor(by), pausedBy: null, dueAt: now };
  return {
    events: [pausedEvent(provider, work.binding, work.resource.version, by)], settles: [],
    row: { ...aside, retryCount, fastRetries, connectionHold, unfinished: work.lost, verifySince: work.binding.verifySince },
  };
}

function failed(current: Binding, work: Work, outcome: OutcomeOf<'failed'>, judge: Judge): Verdict {
  const { error, operation, unfinished } = outcome;
  if (notVisibleYet(work, outcome, judge)) {
    return waiting(work, operation, 'waiting until what was just made is visible', judge, {
      unfinished, verifySince: work.binding.verifySince, dueAt: judge.now + fastDelay(work.binding.fastRetries, judge.random), fastRetries: work.binding.fastRetries + 1,
    });
  }
  const { retryCount } = work.binding;
  const retryAt = outcome.final ? undefined : nextRetry(current, work, outcome, judge);
  const counts = retryAt !== undefined && error.code !== 'AuthExpired';
  const message = { message: error.message, ...(error.options.details ? { details: { ...error.options.details } } : {}) };
  const said = { code: error.code, retryable: isWorthRetrying(outcome), retryCount, ...(retryAt === undefined ? {} : { nextRetryAt: new Date(retryAt).toISOString() }) };
  return {
    events: [bindingEvent('wami.sync.failed.v1', judge.provider, work.binding, about(work, operation), said, message)],
    row: {
      state: 'Failed', errorCode: error.code, unfinished, waitingFor: outcome.awaits ? awaitedKey(outcome.awaits) : null,
      ...(retryAt === undefined ? { ...CLEARED, retryCount } : { dueAt: retryAt, lane: 1, retryCount: counts ? retryCount + 1 : retryCount }),
    },
    settles: work.binding.jobs,
  };
}

function notVisibleYet({ binding }: Work, { error, lately, presence }: OutcomeOf<'failed'>, { now, visibilityMs }: Judge): boolean {
  if (error.code !== 'NotFound' && error.code !== 'DependencyNotReady') return false;
  const own = presence?.createdAt !== undefined && now - presence.createdAt < visibilityMs;
  return (lately || own) && binding.fastRetries < FAST_RETRIES;
}

/** A thing that is gone is made again by the next pass, which looks first. */
function isWorthRetrying({ error, final }: OutcomeOf<'failed'>): boolean {
  return final !== true && (error.retryable || error.code === 'NotFound');
}

function nextRetry({ maxRetries }: Binding, { binding, config }: Work, outcome: OutcomeOf<'failed'>, { now, random, pausedUntil }: Judge): number | undefined {
  const { error } = outcome;
  if (!isWorthRetrying(outcome)) return undefined;
  if (error.code === 'AuthExpired') return pausedUntil ?? now + retryDelay(config.retry, binding.retryCount, random);
  if (binding.retryCount >= (maxRetries ?? config.retry.maxRetries)) return undefined;
  return now + retryDelay(config.retry, binding.retryCount, random, error.options.retryAfterMs);
}
