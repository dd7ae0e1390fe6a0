import type { PositionVector, Source } from '@wami/contracts';
import { freshMark, sameMark, slowest, type Mark, type MarkMove, type MarkStore, type Slot } from '../marks/mark';

interface Tracked {
  /** As the store has it. */
  stored: Mark;
  /** As far as it is done; ahead of `stored` by watermarks and dropped repeats only. */
  done: Mark;
}

/** The marks of one topic as this consumer knows them. What was forgotten is read from the store again. */
export class PartitionMarks {
  private readonly known = new Map<number, Tracked[]>();
  private partitions = 0;

  constructor(private readonly store: MarkStore, private readonly sources: readonly Source[]) {}

  /** Makes sure that all partitions have marks, and learns them. */
  async prepare(partitions: number): Promise<void> {
    this.partitions = partitions;
    await this.store.prepare(this.slots());
    this.forgetAll();
    for (const mark of await this.store.load(this.slots())) this.learn(mark);
  }

  async of(partition: number): Promise<readonly Mark[]> {
    if (!this.known.has(partition)) {
      await this.store.prepare(this.slots(partition));
      for (const mark of await this.store.load(this.slots(partition))) this.learn(mark);
    }
    return (this.known.get(partition) ?? []).map(({ done }) => done);
  }

  /** Where to read on, where that is known without asking the store. */
  nextOffset(partition: number): bigint | undefined {
    const tracked = this.known.get(partition);
    return tracked && lowestOffset(tracked.map(({ done }) => done));
  }

  /** As far as Kafka may be told: a member that takes over reads on from there, and what was not stored must come again. */
  storedOffset(partition: number): bigint | undefined {
    const tracked = this.known.get(partition);
    return tracked && lowestOffset(tracked.map(({ stored }) => stored));
  }

  /** What saving `to` means for the store, which may be behind what is done. */
  moves(to: readonly Mark[]): readonly MarkMove[] {
    return to.map((mark) => ({ from: this.tracked(mark).stored, to: mark })).filter(({ from, to: next }) => !sameMark(from, next));
  }

  /** The marks are in the store now. */
  saved(moves: readonly MarkMove[]): void {
    for (const { to } of moves) {
      const tracked = this.tracked(to);
      tracked.stored = to;
      tracked.done = to;
    }
  }

  /** The marks are reached, and the store will hear of it by `flush`. */
  reached(marks: readonly Mark[]): void {
    for (const mark of marks) this.tracked(mark).done = mark;
  }

  async flush(): Promise<void> {
    const done = [...this.known.values()].flat().map((tracked) => tracked.done);
    const moves = this.moves(done);
    await this.store.save(moves);
    for (const { to } of moves) this.tracked(to).stored = to;
  }

  forget(partition: number): void {
    this.known.delete(partition);
  }

  forgetAll(): void {
    this.known.clear();
  }

  forgetOthers(kept: readonly number[]): void {
    for (const partition of [...this.known.keys()]) if (!kept.includes(partition)) this.known.delete(partition);
  }

  async position(): Promise<PositionVector> {
    const slots = this.slots().filter(({ partition }) => !this.known.has(partition));
    const own = [...this.known.values()].flat().map(({ done }) => done);
    const asked = slots.length === 0 ? [] : await this.store.load(slots);
    return this.partitions === 0 ? slowest(this.sources.map((source) => freshMark({ source, partition: 0 }))) : slowest([...asked, ...own]);
  }

  private slots(partition?: number): readonly Slot[] {
    const numbers = partition === undefined ? Array.from({ length: this.partitions }, (_, i) => i) : [partition];
    return numbers.flatMap((number) => this.sources.map((source) => ({ source, partition: number })));
  }

  private learn(mark: Mark): void {
    const tracked = this.known.get(mark.partition) ?? [];
    this.known.set(mark.partition, [...tracked, { stored: mark, done: mark }]);
  }

  private tracked({ source, partition }: Slot): Tracked {
    const found = this.known.get(partition)?.find(({ stored }) => stored.source === source);
    if (!found) throw new Error(`the mark of ${source} in partition ${partition} was given up meanwhile`);
    return found;
  }
}

export function lowestOffset(marks: readonly Mark[]): bigint {
  return marks.map((mark) => BigInt(mark.nextOffset)).reduce((least, offset) => (offset < least ? offset : least));
}
