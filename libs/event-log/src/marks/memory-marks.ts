import { StalePosition } from '../event-log';
import { freshMark, sameMark, type Mark, type MarkMove, type MarkStore, type Slot } from './mark';

const keyOf = ({ source, partition }: Slot): string => `${partition}/${source}`;

/** Marks of a subscription that keeps no position. */
export class MemoryMarks implements MarkStore {
  readonly transactional = false;
  private readonly marks = new Map<string, Mark>();

  constructor(first: readonly Mark[] = []) {
    for (const mark of first) this.marks.set(keyOf(mark), mark);
  }

  async prepare(slots: readonly Slot[]): Promise<void> {
    for (const slot of slots) if (!this.marks.has(keyOf(slot))) this.marks.set(keyOf(slot), freshMark(slot));
  }

  async load(slots: readonly Slot[]): Promise<readonly Mark[]> {
    return slots.map((slot) => this.marks.get(keyOf(slot)) ?? freshMark(slot));
  }

  async save(moves: readonly MarkMove[]): Promise<void> {
    const stale = moves.find(({ from }) => !sameMark(this.marks.get(keyOf(from)) ?? freshMark(from), from));
    if (stale) throw new StalePosition(`the mark of ${stale.from.source} was moved meanwhile`);
    for (const { to } of moves) this.marks.set(keyOf(to), to);
  }
}
