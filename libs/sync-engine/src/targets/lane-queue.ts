import { LANES, type Lane } from '../bindings/binding';

/** Of five turns four go to people's edits and one to the rest, where both wait: neither starves. */
const TURNS = 5;

/** Who waits for a turn: revocations before all, then people's edits, now and then something of the rest; each lane in its order. */
export class LaneQueue<T> {
  private readonly lanes = new Map<Lane, Fifo<T>>(LANES.map((lane) => [lane, new Fifo<T>()]));
  private turn = 0;

  get size(): number {
    return [...this.lanes.values()].reduce((sum, { size }) => sum + size, 0);
  }

  sizeOf(lane: Lane): number {
    return this.lanes.get(lane)?.size ?? 0;
  }

  push(lane: Lane, item: T): void {
    this.lanes.get(lane)?.push(item);
  }

  /** `last`: the last lane that may have the turn. */
  shift(last: Lane = 1): T | undefined {
    const contested = last === 1 && this.sizeOf(1) > 0 && this.sizeOf(0) > 0;
    if (contested && this.sizeOf(-1) === 0) this.turn = (this.turn + 1) % TURNS;
    const order = contested && this.turn === 0 ? [-1, 1, 0] as const : LANES;
    const lane = order.find((one) => one <= last && this.sizeOf(one) > 0);
    return lane === undefined ? undefined : this.lanes.get(lane)?.shift();
  }

  drain(): T[] {
    return LANES.flatMap((lane) => this.lanes.get(lane)?.drain() ?? []);
  }
}

/** Arrays move all their items at each `shift`; this one does so now and then. */
class Fifo<T> {
  private items: T[] = [];
  private begin = 0;

  get size(): number {
    return this.items.length - this.begin;
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    const item = this.items[this.begin];
    if (this.size > 0) this.begin += 1;
    if (this.begin > 100 && this.begin * 2 > this.items.length) this.items = this.drain();
    return item;
  }

  drain(): T[] {
    const rest = this.items.slice(this.begin);
    this.items = [];
    this.begin = 0;
    return rest;
  }
}
