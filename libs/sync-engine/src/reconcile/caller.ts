import type { StandingPause } from '@wami/domain';
import { ProviderError, isProviderError, type CallContext } from '@wami/provider-port';
import type { Lane } from '../bindings/binding';
import type { CallName, EngineMetrics } from '../metrics';
import type { Clock, Seams } from '../seams';
import type { Access, Pacer } from '../targets/pacer';
import type { PageTurns } from '../targets/page-turns';
import { startCall, tracingRequests, type CallTrace } from '../tracing/call-span';
import { CallTime } from './call-time';
import { CallTurns } from './call-turns';

export interface CallerParts {
  readonly account: string;
  readonly seams: Seams;
  readonly metrics: EngineMetrics;
  readonly timeoutMs: number;
  /** Aborted when the target is lost; no call outlives that. */
  readonly lost: AbortSignal;
  /** Whether a call that takes the whole time-out would still end within the lease. */
  readonly mayCall: () => boolean;
  readonly pacer: Pacer;
  readonly pageTurns: PageTurns;
  /** Of the pass that this caller is for; 1, where it is for none. */
  readonly lane?: Lane;
  /** The pause that holds the pass that this caller is for. */
  readonly pausedBy?: () => StandingPause | undefined;
  /** Of the pass that this caller is for. */
  readonly trace?: CallTrace;
}

/** What a call is taken to begin with. */
const ACCESS: Readonly<Record<CallName, Access>> = { observe: 'read', list: 'read', create: 'write', update: 'write', delete: 'write' };

/** The only way to the adapter: paced, timed out, counted; whatever is thrown comes out as a ProviderError. */
export class Caller {
  private begun = false;
  private writing = false;
  private unheard = false;

  constructor(private readonly parts: CallerParts) {}

  /** For one pass: where a pause holds it before its first call, that is not made. What has begun is brought to its end. */
  forPass(pausedBy: () => StandingPause | undefined, lane: Lane = 1, trace?: CallTrace): Caller {
    return new Caller({ ...this.parts, lane, pausedBy, ...(trace ? { trace } : {}) });
  }

  /** Whether any call was made for the pass. */
  get called(): boolean {
    return this.begun;
  }

  /** Whether one was that may have changed something. */
  get wrote(): boolean {
    return this.writing;
  }

  /** Whether one of those was not answered. */
  get unanswered(): boolean {
    return this.unheard;
  }

  async call<T>(name: CallName, calls: number, work: (context: CallContext) => Promise<T>): Promise<T> {
    const { account, seams, metrics, timeoutMs, lost, pacer, lane = 1, trace } = this.parts;
    this.checkPause();
    const turns = await CallTurns.take(pacer, ACCESS[name], lane);
    this.checkMayCall(turns);
    this.begun = true;
    this.writing ||= ACCESS[name] === 'write';
    const span = startCall(name, account, trace);
    await seams.reached?.('before-call');
    const began = seams.clock.now();
    try {
      const result = await withTimeout(seams.clock, timeoutMs, lost, work, (time) => tracingRequests(turns.request(time, () => this.checkOwned()), span, trace));
      turns.ended(calls);
      metrics.called(account, name, seams.clock.now() - began, 'ok');
      span?.end({ 'wami.code': 'ok' });
      return result;
    } catch (error) {
      if (error instanceof TargetLost) span?.end({}, 'TargetLost');
      if (error instanceof TargetLost) throw error;
      const known = isProviderError(error) ? error : unexpected(error);
      this.unheard ||= ACCESS[name] === 'write' && known.options.effect === 'unknown';
      turns.ended(calls, known);
      metrics.called(account, name, seams.clock.now() - began, known.code);
      span?.end({ 'wami.code': known.code }, known.code);
      throw known;
    } finally {
      await seams.reached?.('after-call');
    }
  }

  private checkMayCall(turns: CallTurns): void {
    try {
      this.checkPause();
      this.checkOwned();
    } catch (error) {
      turns.giveBack();
      throw error;
    }
  }

  private checkOwned(): void {
    if (this.parts.lost.aborted || !this.parts.mayCall()) throw new TargetLost();
  }

  private checkPause(): void {
    const by = this.begun ? undefined : this.parts.pausedBy?.();
    if (by) throw new PausedBeforeCall(by);
  }

  /** Reads a listing to its end. */
  async pages<T>(list: (context: CallContext) => AsyncIterable<readonly T[]>, onPage: (page: readonly T[]) => void | Promise<void>): Promise<void> {
    const over = new AbortController();
    const pages = list({ signal: over.signal })[Symbol.asyncIterator]();
    try {
      await eachPage(pages, (next) => this.inTurn(() => this.call('list', 1, next)), onPage);
    } catch (error) {
      over.abort();
      throw error;
    }
  }

  private async inTurn<T>(call: () => Promise<T>): Promise<T> {
    const { pageTurns } = this.parts;
    const turn = pageTurns.take();
    if (turn) await turn;
    try {
      return await call();
    } finally {
      pageTurns.done();
    }
  }
}

/** Runs `next` page by page; each page has the time of a call. */
async function eachPage<T>(pages: AsyncIterator<readonly T[]>, next: <R>(work: () => Promise<R>) => Promise<R>, onPage: (page: readonly T[]) => void | Promise<void>): Promise<void> {
  for (;;) {
    const { done, value } = await next(() => pages.next());
    if (done) return;
    await onPage(value);
  }
}

/** The target has or may soon have another owner: nothing more is done or said about it here. */
export class TargetLost extends Error {
  constructor() {
    super('the target belongs to another owner by now');
  }
}

/** Nothing was called, for a pause holds the binding. */
export class PausedBeforeCall extends Error {
  constructor(readonly by: StandingPause) {
    super('a pause holds it');
  }
}

/** A mistake of an adapter; its words may hold anything, so they stay inside as the cause. */
function unexpected(cause: unknown): ProviderError {
  const error = new ProviderError('Internal', 'an unexpected error in the adapter', { effect: 'unknown' });
  error.cause = cause;
  return error;
}

/** Given as the reason of every abort: the default one, an exception with a stack, costs more than the rest of a call's bookkeeping. */
const OVER = 'over';

/** Ends in time also where the adapter does not heed the signal. */
export async function withTimeout<T>(
  clock: Clock, ms: number, lost: AbortSignal, work: (context: CallContext) => Promise<T>, request?: (time: CallTime) => CallContext['request'],
): Promise<T> {
  const over = new AbortController();
  const done = new AbortController();
  const giveUp = (): void => {
    over.abort(OVER);
    done.abort(OVER);
  };
  lost.addEventListener('abort', giveUp, { once: true });
  try {
    const time = new CallTime(clock, ms);
    const inTurn = request?.(time);
    const call = work({
      ...(inTurn ? { request: inTurn } : {}),
      // After a stall of the whole process answers are heard before timers: a call made of several asks here before each of them.
      get signal() {
        if (lost.aborted || time.left <= 0) over.abort(OVER);
        return over.signal;
      },
    });
    const late = time.over(done.signal).then((): undefined => {
      if (lost.aborted) throw new TargetLost();
      if (done.signal.aborted) return;
      over.abort(OVER);
      throw new ProviderError('Timeout', `no answer within ${ms} ms`, { effect: 'unknown' });
    });
    // Whichever loses the race may still reject later, and nobody waits for it then.
    late.catch(() => undefined);
    call.catch(() => undefined);
    return await Promise.race([call, late]) as T;
  } finally {
    done.abort(OVER);
    lost.removeEventListener('abort', giveUp);
  }
}
