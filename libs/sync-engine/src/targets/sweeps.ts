import { isProviderError, type Observed, type ProviderError, type ProviderTarget } from '@wami/provider-port';
import { TargetLost, type Caller } from '../reconcile/caller';
import type { Work } from '../reconcile/work';
import type { Clock } from '../seams';
import { Listing, type ListingRoom } from './listing';

export interface SweepParts {
  readonly clock: Clock;
  readonly caller: () => Caller;
  readonly target: () => ProviderTarget | undefined;
  /** Above so many bindings of a kind that are only to be compared, one listing serves them all. */
  readonly above: number;
  readonly listingRoom: ListingRoom;
  /** Whether a pause holds it: then nothing is listed for it. */
  readonly isPaused: (work: Work) => boolean;
  /** Takes works whose listing is there, or failed. */
  readonly ready: (works: readonly Work[], listed: Listing | ProviderError) => Promise<void>;
  readonly onLost: () => void;
  readonly onError: (error: unknown) => void;
}

interface Sweep {
  readonly works: Work[];
  listing?: Listing;
  /** What is being read. */
  coming?: Listing;
  reading: boolean;
}

/** Bindings that only have to be compared with the cloud wait here, without holding a worker, for one reading of their kind. */
export class Sweeps {
  private readonly byKind = new Map<string, Sweep>();
  private readonly readings = new Set<Promise<void>>();
  private kept = false;

  constructor(private readonly parts: SweepParts) {}

  get waiting(): number {
    return [...this.byKind.values()].reduce((sum, { works }) => sum + works.length, 0);
  }

  /** What is kept of the target in memory. */
  get listings(): Listing[] {
    return [...this.byKind.values()].flatMap(({ listing, coming }) => [...(listing ? [listing] : []), ...(coming ? [coming] : [])]);
  }

  /** Keeps those that a listing is worth while for, and gives the others back. */
  take(works: readonly Work[]): Work[] {
    const rest: Work[] = [];
    const comparing = works.filter(isComparing);
    for (const kind of new Set(comparing.map(({ binding }) => binding.kind))) {
      const ofKind = comparing.filter(({ binding }) => binding.kind === kind);
      const known = this.byKind.get(kind);
      if (known === undefined && ofKind.length <= this.parts.above) rest.push(...ofKind);
      else this.join(kind, known ?? { works: [], reading: false }, ofKind);
    }
    return [...works.filter((work) => !isComparing(work)), ...rest];
  }

  /** Takes what was read for a scheduled sweep, and keeps it until `undefined` comes. */
  offer(listings: ReadonlyMap<string, Listing> | undefined): void {
    this.kept = listings !== undefined;
    for (const [kind, listing] of listings ?? []) {
      const sweep = this.byKind.get(kind) ?? { works: [], reading: false };
      sweep.listing = listing;
      this.byKind.set(kind, sweep);
    }
  }

  /** Ends the memory of what was listed; a listing serves those who asked before it began, so it is of no use once they are through. */
  forget(): void {
    if (this.kept) return;
    for (const [kind, { works, reading }] of this.byKind) if (works.length === 0 && !reading) this.byKind.delete(kind);
  }

  /** Gives up what still waits. */
  stop(): Work[] {
    return [...this.byKind.values()].flatMap(({ works }) => works.splice(0));
  }

  /** Resolves when nothing is being read. */
  async idle(): Promise<void> {
    await Promise.all(this.readings);
  }

  private join(kind: string, sweep: Sweep, works: readonly Work[]): void {
    this.byKind.set(kind, sweep);
    sweep.works.push(...works);
    if (sweep.reading || sweep.works.length === 0) return;
    sweep.reading = true;
    const reading = this.read(kind, sweep).catch((error: unknown) => (error instanceof TargetLost ? this.parts.onLost() : this.parts.onError(error))).finally(() => {
      sweep.reading = false;
      this.readings.delete(reading);
    });
    this.readings.add(reading);
  }

  private async read(kind: string, sweep: Sweep): Promise<void> {
    while (sweep.works.length > 0) {
      const paused = sweep.works.filter((work) => this.parts.isPaused(work));
      if (paused.length > 0) {
        sweep.works.splice(0, sweep.works.length, ...sweep.works.filter((work) => !paused.includes(work)));
        await this.parts.ready(paused, new Listing(this.parts.clock.now(), this.parts.listingRoom));
        continue;
      }
      const listed = sweep.listing && servedBy(sweep.listing, sweep.works).length > 0 ? sweep.listing : await this.list(kind, sweep);
      // Who asked while it was being read is served by the next one.
      const served = new Set(listed instanceof Listing ? servedBy(listed, sweep.works) : sweep.works);
      sweep.listing = listed instanceof Listing ? listed : undefined;
      sweep.works.splice(0, sweep.works.length, ...sweep.works.filter((work) => !served.has(work)));
      await this.parts.ready([...served], listed);
    }
  }

  private async list(kind: string, sweep: Sweep): Promise<Listing | ProviderError> {
    const listing = new Listing(this.parts.clock.now(), this.parts.listingRoom, askedBy(sweep.works));
    const handler = this.parts.target()?.handler(kind);
    if (!handler) return listing;
    // One that serves nobody who waits makes room for the one that does.
    sweep.listing = undefined;
    sweep.coming = listing;
    try {
      await this.parts.caller().pages((context) => handler.list(context), (page: readonly Observed[]) => listing.add(page));
      return listing;
    } catch (error) {
      if (isProviderError(error)) return error;
      throw error;
    } finally {
      sweep.coming = undefined;
    }
  }
}

function servedBy(listing: Listing, works: readonly Work[]): Work[] {
  return works.filter((work) => listing.serves(work));
}

function askedBy(works: readonly Work[]): ReadonlySet<string> {
  return new Set(works.flatMap(({ resource, binding: { presence } }) => [resource.id, ...(presence ? [presence.providerResourceId] : [])]));
}

function isComparing({ binding: { verifySince, deleted, presence, wanted, plan } }: Work): boolean {
  return plan?.checked !== true && verifySince !== null && wanted && !deleted && presence !== null;
}
