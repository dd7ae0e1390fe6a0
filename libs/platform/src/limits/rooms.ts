import type { HttpLimits } from './http-limits';
import type { RequestClass } from './request-class';

type Room = 'write' | 'read' | 'revocation' | 'waiting';

/** How many requests are where. A request has at most one place, and nobody queues for one. */
export class Rooms {
  private readonly taken = { write: 0, read: 0, revocation: 0, waiting: 0 };
  private readonly places = new WeakMap<object, Room>();
  private readonly sizes: Readonly<Record<Room, number>>;
  private bytes = 0;

  constructor(private readonly limits: Pick<HttpLimits, 'concurrent' | 'waiting' | 'bodyBytes'>) {
    this.sizes = { ...limits.concurrent, waiting: limits.waiting };
  }

  /** False where the room is full. */
  enter(request: object, room: Exclude<RequestClass, 'free'>): boolean {
    if (this.taken[room] >= this.sizes[room]) return false;
    this.move(request, room);
    return true;
  }

  /** From now on it only waits: its place is free for another's work. Where too many wait it keeps the place. */
  wait(request: object): void {
    if (this.places.has(request) && this.taken.waiting < this.sizes.waiting) this.move(request, 'waiting');
  }

  leave(request: object): void {
    this.move(request, undefined);
  }

  /** False where so many bytes of bodies are held already. */
  hold(bytes: number): boolean {
    if (this.bytes + bytes > this.limits.bodyBytes) return false;
    this.bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.bytes -= bytes;
  }

  now(): Readonly<Record<Room, number>> & { readonly bodyBytes: number } {
    return { ...this.taken, bodyBytes: this.bytes };
  }

  private move(request: object, room: Room | undefined): void {
    const before = this.places.get(request);
    if (before) this.taken[before] -= 1;
    this.places.delete(request);
    if (!room) return;
    this.taken[room] += 1;
    this.places.set(request, room);
  }
}
