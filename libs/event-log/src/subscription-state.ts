import type { SubscriptionHealth, SubscriptionStats } from './event-log';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What a subscription counts, and what keeps it from working: one reason per part of it (a topic, a source, the handler). */
export class SubscriptionState {
  readonly stats: Mutable<SubscriptionStats> = { events: 0, batches: 0, failures: 0, stale: 0, repeats: 0, refused: 0, foreign: 0, ageSeconds: 0 };
  private readonly reasons = new Map<string, string>();

  trouble(part: string, reason: string | undefined): void {
    if (reason === undefined) this.reasons.delete(part);
    else this.reasons.set(part, reason);
  }

  health(): SubscriptionHealth {
    return healthOf([...this.reasons.values()]);
  }
}

export function healthOf(reasons: readonly (string | undefined)[]): SubscriptionHealth {
  const known = reasons.filter((reason) => reason !== undefined);
  return known.length === 0 ? { ok: true } : { ok: false, reason: known.join('; ') };
}
