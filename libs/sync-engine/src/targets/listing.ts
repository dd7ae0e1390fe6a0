import type { Observed } from '@wami/provider-port';
import type { Pass } from '../reconcile/pass';
import type { Work } from '../reconcile/work';

/** How many more things the listings of this process may keep. */
export type ListingRoom = () => number;

/**
 * What one reading of a target found of one kind: everything, as long as there is room for it. Where there is none it keeps what is asked for and
 * nothing else, and serves nobody but those who asked.
 */
export class Listing {
  private readonly byId = new Map<string, Observed>();
  private readonly byMark = new Map<string, Observed>();
  private whole = true;

  /** `asked`: resources that wait for it, and what the target calls them for good. */
  constructor(private readonly startedAt: number, private readonly room: ListingRoom, private readonly asked: ReadonlySet<string> = new Set()) {}

  get isWhole(): boolean {
    return this.whole;
  }

  /** Things that it keeps. */
  get size(): number {
    return this.byId.size;
  }

  add(page: readonly Observed[]): void {
    if (this.whole && page.length > this.room()) this.narrow();
    for (const observed of page) if (this.whole || this.isAsked(observed)) this.keep(observed);
  }

  /** Whether it was begun late enough to answer somebody who asked then, or to show what was written then. */
  isSince(time: number): boolean {
    return this.startedAt >= time;
  }

  serves({ binding: { verifySince }, resource: { id } }: Work): boolean {
    return this.isSince(verifySince ?? 0) && (this.whole || this.asked.has(id));
  }

  /** The pass's resource as the listing has it, unless we wrote on it meanwhile. */
  find({ work: { binding: { presence } }, reference }: Pass): Observed | undefined {
    if (presence?.writtenAt !== undefined && presence.writtenAt >= this.startedAt) return undefined;
    return (presence && this.byId.get(presence.providerResourceId)) ?? this.byMark.get(reference.mark.id);
  }

  protected keep(observed: Observed): void {
    this.byId.set(observed.providerResourceId, observed);
    if (observed.mark) this.byMark.set(observed.mark.id, observed);
  }

  protected narrow(): void {
    const things = [...this.byId.values()];
    this.whole = false;
    this.byId.clear();
    this.byMark.clear();
    for (const observed of things) if (this.isAsked(observed)) this.keep(observed);
  }

  private isAsked({ providerResourceId, mark }: Observed): boolean {
    return this.asked.has(providerResourceId) || (mark !== undefined && this.asked.has(mark.id));
  }
}
