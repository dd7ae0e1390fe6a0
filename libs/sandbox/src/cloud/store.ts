import type { Journal } from './journal';

const REWRITE_AFTER_LINES = 50_000;

/** All that one account holds, made of changes alone. */
export interface AccountState<Change> {
  apply(change: Change): void;
  /** The shortest list of changes that makes this state out of nothing. */
  asChanges(): readonly Change[];
}

/** How far reads lag behind, and whether the next call's do. */
export interface Staleness {
  lagMs(): number;
  isStale(): boolean;
}

/**
 * The account's truth and, while reads are to be stale, a replica that follows it at a distance of `lagMs`.
 * A change counts once it is in the journal; only then memory changes.
 */
export class Store<State extends AccountState<Change>, Change> {
  readonly truth: State;
  private replica: { readonly state: State; readonly behind: { readonly at: number; readonly changes: readonly Change[] }[] } | undefined;

  private stale = true;

  constructor(
    private readonly emptyState: () => State, private readonly journal: Journal<Change>, past: readonly Change[],
    private readonly clock: () => number, private readonly staleness: Staleness,
  ) {
    this.truth = emptyState();
    for (const change of past) this.truth.apply(change);
    this.journal.rewrite(this.truth.asChanges());
  }

  commit(...changes: readonly Change[]): void {
    this.journal.append(changes);
    this.follow();
    if (this.staleness.lagMs() > 0) {
      this.replica ??= { state: this.copy(), behind: [] };
      this.replica.behind.push({ at: this.clock(), changes });
    }
    for (const change of changes) this.truth.apply(change);
    if (this.journal.length >= REWRITE_AFTER_LINES) this.journal.rewrite(this.truth.asChanges());
  }

  /** All reads of one call see the same side. */
  beginCall(): void {
    this.stale = this.staleness.isStale();
  }

  /** What a read sees now. */
  view(): State {
    this.follow();
    return this.replica === undefined || !this.stale ? this.truth : this.replica.state;
  }

  close(): void {
    this.journal.close();
  }

  private follow(): void {
    if (this.staleness.lagMs() === 0) this.replica = undefined;
    if (this.replica === undefined) return;
    const { state, behind } = this.replica;
    const visible = this.clock() - this.staleness.lagMs();
    for (let next = behind[0]; next !== undefined && next.at <= visible; next = behind[0]) {
      for (const change of next.changes) state.apply(change);
      behind.shift();
    }
  }

  private copy(): State {
    const copy = this.emptyState();
    for (const change of this.truth.asChanges()) copy.apply(change);
    return copy;
  }
}
