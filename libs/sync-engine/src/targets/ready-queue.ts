import type { Lane } from '../bindings/binding';

/** What is claimed and waits for a worker: people's edits first, each lane in its order. */
export class ReadyQueue<T> {
  private lanes: readonly [T[], T[]] = [[], []];

  get size(): number {
    return this.lanes[0].length + this.lanes[1].length;
  }

  push(lane: Lane, item: T): void {
    this.lanes[lane].push(item);
  }

  shift(): T | undefined {
    return this.lanes[0].shift() ?? this.lanes[1].shift();
  }

  drain(): T[] {
    return this.lanes.flatMap((lane) => lane.splice(0));
  }
}
