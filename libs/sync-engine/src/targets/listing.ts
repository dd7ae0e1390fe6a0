import type { Observed } from '@wami/provider-port';
import type { Pass } from '../reconcile/pass';

/** Everything of one kind that one reading of a target found. */
export class Listing {
  private readonly byId = new Map<string, Observed>();
  private readonly byMark = new Map<string, Observed>();

  constructor(private readonly startedAt: number) {}

  add(page: readonly Observed[]): void {
    for (const observed of page) {
      this.byId.set(observed.providerResourceId, observed);
      if (observed.mark) this.byMark.set(observed.mark.id, observed);
    }
  }

  /** Whether it was begun late enough to answer somebody who asked then, or to show what was written then. */
  isSince(time: number): boolean {
    return this.startedAt >= time;
  }

  /** The pass's resource as the listing has it, unless we wrote on it meanwhile. */
  find({ work: { binding: { presence } }, reference }: Pass): Observed | undefined {
    if (presence?.writtenAt !== undefined && presence.writtenAt >= this.startedAt) return undefined;
    return (presence && this.byId.get(presence.providerResourceId)) ?? this.byMark.get(reference.mark.id);
  }
}
