import { isProviderError } from '@wami/provider-port';
import type { Lane } from '../bindings/binding';
import type { Access, Pacer, Turn } from '../targets/pacer';
import type { CallTime } from './call-time';

/**
 * The turns of the requests that one call of an adapter makes. The first is taken before the call begins; an adapter that does not ask has
 * made as many as the engine foresaw.
 */
export class CallTurns {
  private asked = false;

  private constructor(private readonly pacer: Pacer, private readonly lane: Lane, private readonly first: Turn, private begun: Turn | undefined) {}

  static async take(pacer: Pacer, access: Access, lane: Lane): Promise<CallTurns> {
    const first = await pacer.take(access, lane);
    return new CallTurns(pacer, lane, first, first);
  }

  /** `check` throws where, after a wait, no call may be made any more. */
  request(time: CallTime, check: () => void): <T>(access: Access, send: () => Promise<T>) => Promise<T> {
    return async (access, send) => {
      const turn = this.firstFor(access) ?? await time.pausing(this.pacer.take(access, this.lane));
      this.asked = true;
      check();
      try {
        const result = await send();
        this.pacer.accepted(turn);
        return result;
      } catch (error) {
        this.told(turn, error);
        throw error;
      }
    };
  }

  /** Nothing was called. */
  giveBack(): void {
    if (this.begun) this.pacer.giveBack(this.begun);
    this.begun = undefined;
  }

  /** The call is over; `foreseen`: the requests that it was thought to make. */
  ended(foreseen: number, error?: unknown): void {
    if (this.asked) return this.giveBack();
    if (foreseen > 1) this.pacer.charge(this.first.access, foreseen - 1);
    this.told(this.first, error);
  }

  /** Given back where the call begins with another kind of request. */
  private firstFor(access: Access): Turn | undefined {
    const turn = this.begun;
    if (turn && turn.access !== access) this.pacer.giveBack(turn);
    this.begun = undefined;
    return turn?.access === access ? turn : undefined;
  }

  private told(turn: Turn, error: unknown): void {
    if (isProviderError(error) && error.code === 'Throttled') this.pacer.refused(turn, error.options.retryAfterMs);
    else this.pacer.accepted(turn);
  }
}
