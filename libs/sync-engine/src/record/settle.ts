import type { SyncOperation, SyncReason } from '@wami/contracts';
import { OBSERVE_ONLY, type Binding, type Lane } from '../bindings/binding';
import { bindingEvent } from '../bindings/binding-events';
import type { BindingChange } from '../database/engine-database';
import { awaitedKey, type Outcome, type OutcomeOf } from '../reconcile/outcome';
import { telling } from '../direction/pulled';
import { leastOf } from '../erasure/least';
import { issuing } from '../issued/issued-event';
import { asksAt } from '../guard/put-aside';
import { heldPresence, settleGuarded } from '../guard/settle-guarded';
import { takenOverEvent } from '../merge/taken-over';
import { asideFor, pausedEvent } from '../pauses/lay-aside';
import { expectationAfter, settleChecked, settleRefused } from '../plans/settle-plan';
import type { Work } from '../reconcile/work';
import { heldAfter } from '../triggers/hold-back';
import { FAST_RETRIES, fastDelay, retryDelay } from './backoff';
import { askedAgainAfter, lookAfter, sentAfter, triedAfter, triedLater, withUnknown } from './late-effects';
import { about, type Judge, type Verdict } from './verdict';

/** States that whoever asked waited for. */
const AT_REST: ReadonlySet<Binding['state']> = new Set(['Synced', 'Gone', 'Failed', 'Skipped', 'NotConfigured']);

/**
 * `settledMs`: with it, how long it took to come to rest. `appeared`: it was not known to be there before. `leftName`: it is gone from the name that was on
 * record. `lacksName`: it failed for another of ours had this name. `inVain`: nothing more is done by itself about what it waits for, as its jobs were told.
 * `replaced`: what was on record is not there any more, or not ours, and nobody here deleted it: who was related to it is not, whatever stands in its stead. `toldPaused`: whether it
 * was told that a pause holds what it waits for, where that is known.
 */
export type Settled = BindingChange & { readonly settledMs?: number; readonly appeared?: true; readonly leftName?: true; readonly lacksName?: string; readonly inVain?: true; readonly replaced?: true; readonly toldPaused?: boolean };

/**
 * What becomes of a binding after a pass. `current` is its row now, locked: identity may have moved on while the pass ran, and then it is
 * due again at once, for one more pass. Undefined where the outcome stands already. Pure.
 */
export function settle(current: Binding, work: Work, outcome: Outcome, judge: Judge): Settled | undefined {
  if (!current.claimed) return undefined;
  // A deletion is the last word: it also answers who asked while it ran.
  const asked = outcome.is === 'succeeded' && outcome.operation === 'delete' ? { ...work, binding: { ...work.binding, jobs: current.jobs } } : work;
  const { events, row, settles } = issuing(judge.provider, asked, outcome, telling(judge.provider, asked, outcome, judged(current, asked, outcome, judge)));
  const answered = new Set(settles);
  const open = row.unfinished === true;
  const lookAt = open || row.state === 'Gone' ? null : lookAfter(current, work, outcome, judge);
  const rested: Binding = {
    ...current, claimed: false, askedAt: isOpen(row) ? current.askedAt : null, unfinished: false, dueAt: null, waitingFor: null, errorCode: null, fastRetries: 0, connectionHold: null, pausedBy: null, guardedBy: null,
    presence: outcome.presence, ...row, ...(open ? { nameCertain: outcome.is === 'failed' && outcome.nameCertain === true, tried: triedAfter(work, outcome, judge), triedEnds: withUnknown(current.triedEnds, outcome) } : { nameCertain: false, tried: {}, triedEnds: lookAt === null ? {} : triedLater(withUnknown(work.binding.triedEnds, outcome)), groundwork: null }),
    askedAgain: row.state === 'Gone' ? {} : askedAgainAfter(work.binding, work, outcome, judge), ...sentAfter(current, outcome, judge),
    lookAt, jobs: current.jobs.filter((job) => !answered.has(job)),
    plan: expectationAfter(current, work, outcome, row), held: heldAfter(current, work, outcome, row),
  };
  const meta = judge.trace === undefined ? work.binding.cause : { ...work.binding.cause, traceparent: judge.trace };
  const change = { binding: current.generation > work.binding.generation ? onceMore(rested, current, judge) : rested, events, meta };
  return { ...(current.erased ? leastOf(change) : change), ...tookOf(work, rested, judge), ...aroundOf(current, rested, outcome) };
}

/** What it means for those who wait. */
function aroundOf({ presence: before }: Binding, { presence, state }: Binding, outcome: Outcome): Pick<Settled, 'appeared' | 'leftName' | 'lacksName' | 'inVain' | 'replaced' | 'toldPaused'> {
  const awaits = outcome.is === 'failed' ? outcome.awaits : undefined;
  return {
    ...(before === null && presence !== null ? { appeared: true } : {}), ...(isInVain(outcome) ? { inVain: true } : {}), ...(outcome.is === 'waiting' && outcome.paused !== undefined ? { toldPaused: outcome.paused } : {}),
    ...(state === 'Gone' || (before !== null && before.name !== presence?.name) ? { leftName: true } : {}),
    ...(awaits?.until === 'gone' ? { lacksName: awaits.name } : {}),
    ...(before !== null && state !== 'Gone' && before.providerResourceId !== presence?.providerResourceId ? { replaced: true } : {}),
  };
}

function tookOf({ binding: { askedAt } }: Work, rested: Binding, { now }: Judge): Pick<Settled, 'settledMs'> {
  return askedAt === null || isOpen(rested) || !AT_REST.has(rested.state) ? {} : { settledMs: now - askedAt };
}

/** Something is still to be done about it, by itself. */
function isOpen({ dueAt, waitingFor, state }: Partial<Binding>): boolean {
  return dueAt != null || (waitingFor != null && state !== 'Skipped');
}

const awaitedBy = ({ awaits }: OutcomeOf<'waiting' | 'failed' | 'skipped'>): string | null => (awaits ? awaitedKey(awaits) : null);

/** What came in while the pass ran is looked at next; what the pass found out about the cloud stays. */
function onceMore(rested: Binding, current: Binding, { now }: Judge): Binding {
  const { lane, retryCount, fastRetries, maxRetries, strategy, verifySince } = current;
  const closed = rested.state === 'Gone';
  // An approval alone changes nothing about what is wanted.
  const approved = current.plan !== null && current.plan.generation === current.generation;
  if (approved && !closed) return { ...rested, dueAt: now, lane, verifySince };
  return closed ? rested : { ...rested, dueAt: now, lane, retryCount, fastRetries, maxRetries, strategy, verifySince, waitingFor: null, state: 'Pending', errorCode: null, askedAt: now };
}

function judged(current: Binding, work: Work, outcome: Outcome, judge: Judge): Verdict {
  switch (outcome.is) {
    case 'succeeded':
      if (outcome.found) return foundNext(work, outcome, judge);
      return work.withheld ? settleGuarded(judge.provider, work, work.withheld, outcome.operation, outcome.presence) : succeeded(current, work, outcome, judge);
    case 'failed': return failed(current, work, outcome, judge);
    case 'waiting': return waiting(work, outcome.operation, outcome.reason, judge, {
      waitingFor: awaitedBy(outcome), unfinished: outcome.unfinished ?? false, dueAt: outcome.at ?? asksAt(outcome, judge), ...(outcome.untouched ? { unfinished: work.lost, verifySince: work.binding.verifySince } : {}),
    }, isInVain(outcome) ? work.binding.jobs : []);
    case 'paused': return paused(current, work, outcome, judge);
    case 'refused': return settleRefused(current, work, outcome, judge);
    case 'checked': return settleChecked(current, work, outcome, judge);
    case 'skipped': return outcome.found ? foundNext(work, outcome, judge) : skipped(current, work, outcome, judge);
    case 'unconfigured':
      return {
        events: [bindingEvent('wami.sync.unconfigured.v1', judge.provider, work.binding, about(work, outcome.operation), { reason: outcome.reason }, {})],
        row: { state: 'NotConfigured', connectionHold: outcome.hold, unfinished: work.lost, ...CLEARED, drift: null }, settles: work.binding.jobs,
      };
  }
}

const FAILS_AS_PERSONS = 3;

/** What was asked for once is done with. */
const CLEARED = { retryCount: 0, maxRetries: null, verifySince: null, strategy: null } as const satisfies Partial<Binding>;

function succeeded(current: Binding, work: Work, { operation, changed, presence }: OutcomeOf<'succeeded'>, { provider }: Judge): Verdict {
  if (isAsBefore(current, work, changed)) return { events: [], row: CLEARED, settles: [] };
  const taken = presence?.taken?.told === false ? presence.taken : undefined;
  const native = presence ? { providerResourceId: presence.providerResourceId, nativeArn: presence.nativeArn } : {};
  return {
    events: [bindingEvent('wami.sync.succeeded.v1', provider, work.binding, about(work, operation), { changed }, native), ...(taken ? [takenOverEvent(provider, work.binding, work.resource, taken)] : [])],
    row: { state: operation === 'delete' ? 'Gone' : 'Synced', ...CLEARED, drift: null, ...(presence && taken ? { presence: { ...presence, taken: { ...taken, told: true } } } : {}) }, settles: work.binding.jobs,
  };
}

/** What the guard holds stands there, and is released by its approval. */
function skipped(current: Binding, work: Work, outcome: OutcomeOf<'skipped'>, { provider }: Judge): Verdict {
  const row: Partial<Binding> = { ...CLEARED, connectionHold: outcome.hold ?? null, waitingFor: awaitedBy(outcome), guardedBy: work.withheld?.approval ?? null, ...heldPresence(work, outcome) };
  if (isToldAlready(current, work, outcome)) return { events: [], row, settles: [] };
  return {
    events: [bindingEvent('wami.sync.skipped.v1', provider, work.binding, about(work, outcome.operation), { reason: outcome.reason }, {})],
    row: { ...row, state: 'Skipped', unfinished: outcome.unfinished ?? false, ...(outcome.changed !== undefined && !work.withheld ? { drift: null } : {}) }, settles: work.binding.jobs,
  };
}

/** A sweep found what was on record: nobody has to hear of it. */
function isAsBefore({ drift }: Binding, { binding: { verifySince, state, jobs } }: Work, changed: boolean): boolean {
  return verifySince !== null && state === 'Synced' && jobs.length === 0 && drift === null && !changed;
}

/** So does one that found again what may only be looked at, is left as it is for the direction, or goes without what is left out there. */
function isToldAlready({ drift, state }: Binding, { binding, withheld }: Work, { hold, directed, awaits, changed }: OutcomeOf<'skipped'>): boolean {
  const again = binding.verifySince !== null && binding.state === 'Skipped' && binding.jobs.length === 0 && drift === binding.drift;
  if (!again) return false;
  if (directed) return binding.connectionHold === null;
  if (hold === OBSERVE_ONLY) return drift !== null;
  return awaits !== undefined && changed !== true && state === 'Skipped' && drift === null && awaitedKey(awaits) === binding.waitingFor && binding.guardedBy === (withheld?.approval ?? null);
}

/** What it waits for rests without having come about. */
function isInVain(outcome: Outcome): boolean {
  return outcome.is === 'waiting' && outcome.inVain === true && outcome.found !== true;
}

function foundNext(work: Work, outcome: Outcome, judge: Judge): Verdict {
  return waiting(work, outcome.operation, 'what somebody else added is taken away next', judge, { dueAt: asksAt(outcome, judge), ...heldPresence(work, outcome) });
}

/** No attempt is consumed by waiting. `hear`: jobs that hear that no more is done for now; they too are answered by the next settling outcome. */
function waiting(work: Work, operation: SyncOperation, reason: SyncReason, { provider }: Judge, row: Partial<Binding>, hear: readonly string[] = []): Verdict {
  const again = row.dueAt == null ? {} : { nextRetryAt: new Date(row.dueAt).toISOString() };
  const event = bindingEvent('wami.sync.waiting.v1', provider, work.binding, { ...about(work, operation), jobs: hear }, { reason, ...again }, {});
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
  // Nobody's attempt: it is the target that is not well.
  const counts = retryAt !== undefined && judge.pausedUntil === undefined && error.code !== 'AuthExpired';
  const next = retryAt === undefined ? { ...CLEARED, retryCount } : { dueAt: retryAt, lane: laneOfRetry(current), retryCount: counts ? retryCount + 1 : retryCount };
  if (retryAt !== undefined && isLaterLook(current, work, outcome)) return { events: [], row: { ...next, unfinished }, settles: [] };
  const message = { message: error.message, ...(error.options.details ? { details: { ...error.options.details } } : {}) };
  const said = { code: error.code, retryable: isWorthRetrying(outcome), retryCount, ...(retryAt === undefined ? {} : { nextRetryAt: new Date(retryAt).toISOString() }) };
  return {
    events: [bindingEvent('wami.sync.failed.v1', judge.provider, work.binding, about(work, operation), said, message)],
    row: {
      state: 'Failed', errorCode: error.code, unfinished, waitingFor: awaitedBy(outcome), ...next,
    },
    // Who asked hears of each attempt, and of what comes of the last.
    settles: retryAt === undefined ? work.binding.jobs : [],
  };
}

/** Only a look at what rests as it should, for what may come about late: nothing is known to differ and nothing was sent, so nobody has to hear of it while it is tried again. */
function isLaterLook({ drift }: Binding, { lost, binding: { state, jobs } }: Work, { noNameGiven }: OutcomeOf<'failed'>): boolean {
  return lost && state === 'Synced' && jobs.length === 0 && drift === null && noNameGiven === true;
}

/** What a person did does not wait behind sweeps because the target was not well for a moment; what takes access away never does. */
function laneOfRetry({ lane, retryCount }: Binding): Lane {
  return lane === 0 && retryCount >= FAILS_AS_PERSONS ? 1 : lane;
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
  if (pausedUntil !== undefined) return pausedUntil;
  if (error.code === 'AuthExpired') return now + retryDelay(config.retry, binding.retryCount, random);
  if (binding.retryCount >= (maxRetries ?? config.retry.maxRetries)) return undefined;
  return now + retryDelay(config.retry, binding.retryCount, random, error.options.retryAfterMs);
}
