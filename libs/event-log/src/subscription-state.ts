import type { SubscriptionHealth, SubscriptionStats } from './event-log';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a subscription counts, and what keeps it from working: one reason per part of it (a topic, a source, the handler). */
export class SubscriptionState {
  readonly stats: Mutable<SubscriptionStats> = { events: 0, batches: 0, failures: 0, stale: 0, repeats: 0, refused: 0, foreign: 0, ageSeconds: 0 };
  private readonly parts = new Map<string, SubscriptionHealth>();

  trouble(part: string, reason: string | undefined): void {
    if (reason === undefined) this.parts.delete(part);
    else this.parts.set(part, { ok: false, reason });
  }

  /** Until `trouble` is told of the part: its writer was never started, so there is nothing of it to hear and nothing wrong here. */
  awaits(part: string, reason: string): void {
    this.parts.set(part, { ok: true, reason });
  }

  health(): SubscriptionHealth {
    return healthOf([...this.parts.values()]);
  }
}

/** Of all of them together; each reason once. */
export function healthOf(parts: readonly SubscriptionHealth[]): SubscriptionHealth {
  const reasons = new Set(parts.flatMap(({ reason }) => (reason === undefined ? [] : [reason])));
  const ok = parts.every((part) => part.ok);
  return reasons.size === 0 ? { ok } : { ok, reason: [...reasons].join('; ') };
}

/** Of a part that tells only what is wrong with it. */
export function healthBy(reason: string | undefined): SubscriptionHealth {
  return reason === undefined ? { ok: true } : { ok: false, reason };
}
