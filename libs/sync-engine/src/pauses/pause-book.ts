import { isStanding, pauseHolding, type StandingPause } from '@wami/domain';
import type { Binding } from '../bindings/binding';
import type { EngineDatabase } from '../database/engine-database';
import type { EngineMetrics } from '../metrics';
import type { Clock } from '../seams';
import { readPauses, type KnownPause } from './standing-pauses';

/** The pauses as this process knows them, asked before a pass makes its first call. */
export class PauseBook {
  private known: readonly KnownPause[] = [];
  /** Of a fold that is not committed yet: they hold already. */
  private expected: readonly KnownPause[] = [];
  private changes = 0;

  constructor(private readonly db: EngineDatabase, private readonly clock: Clock, private readonly metrics: EngineMetrics) {}

  /** The pause that holds the binding now. */
  holding({ tenant, account, resource }: Pick<Binding, 'tenant' | 'account' | 'resource'>): StandingPause | undefined {
    const pauses = this.expected.length === 0 ? this.known : [...this.known, ...this.expected];
    return pauses.length === 0 ? undefined : pauseHolding(pauses, { tenant, provider: this.db.provider, account, resource }, this.clock.now());
  }

  /** Told within the transaction that folds them, so that nothing begins after its commit. `folded` has to follow. */
  expect(pauses: readonly KnownPause[]): void {
    this.expected = pauses;
  }

  /** The transaction ended. What is being read meanwhile may be older than its commit. */
  folded(committed: boolean): void {
    const expected = this.expected;
    this.expected = [];
    if (!committed || expected.length === 0) return;
    this.changes += 1;
    this.known = [...this.known.filter(({ id }) => !expected.some((pause) => pause.id === id)), ...expected];
  }

  /** Read within a transaction of this process: folds of it come before or after. */
  replace(pauses: readonly KnownPause[]): void {
    this.changes += 1;
    this.known = pauses;
  }

  /** Hears of what other replicas folded. */
  async refresh(): Promise<void> {
    const asked = this.changes;
    const pauses = await readPauses(this.db.pool, this.db);
    // Where somebody told of others meanwhile, what was read may be older.
    if (asked === this.changes) this.known = pauses;
    const now = this.clock.now();
    const standing = this.known.filter((pause) => isStanding(pause, now));
    const oldest = Math.min(now, ...standing.map(({ startedAt }) => startedAt));
    this.metrics.paused(standing.length, (now - oldest) / 1000);
  }
}
