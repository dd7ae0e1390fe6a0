import { IamState } from './iam-state';
import type { Change } from './iam-state';
import type { Journal } from './journal';

const REWRITE_AFTER_LINES = 50_000;

/**
 * The account's truth and, while reads are to be stale, a replica that follows it at a distance of `lagMs`.
 * A change counts once it is in the journal; only then memory changes.
 */
export class IamStore {
  readonly truth = new IamState();
  private replica: { readonly state: IamState; readonly behind: { readonly at: number; readonly changes: readonly Change[] }[] } | undefined;

  constructor(
    private readonly journal: Journal, past: readonly Change[], private readonly clock: () => number, private readonly lagMs: () => number,
  ) {
    for (const change of past) this.truth.apply(change);
    this.journal.rewrite(this.truth.asChanges());
  }

  commit(...changes: readonly Change[]): void {
    this.journal.append(changes);
    this.follow();
    if (this.lagMs() > 0) {
      this.replica ??= { state: copyOf(this.truth), behind: [] };
      this.replica.behind.push({ at: this.clock(), changes });
    }
    for (const change of changes) this.truth.apply(change);
    if (this.journal.length >= REWRITE_AFTER_LINES) this.journal.rewrite(this.truth.asChanges());
  }

  /** What a read sees now. */
  view(): IamState {
    this.follow();
    return this.replica?.state ?? this.truth;
  }

  close(): void {
    this.journal.close();
  }

  private follow(): void {
    if (this.lagMs() === 0) this.replica = undefined;
    if (this.replica === undefined) return;
    const { state, behind } = this.replica;
    const visible = this.clock() - this.lagMs();
    for (let next = behind[0]; next !== undefined && next.at <= visible; next = behind[0]) {
      for (const change of next.changes) state.apply(change);
      behind.shift();
    }
  }
}

function copyOf(state: IamState): IamState {
  const copy = new IamState();
  for (const change of state.asChanges()) copy.apply(change);
  return copy;
}
