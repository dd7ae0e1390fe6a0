import type { Clock } from '../seams';
import type { Quarantine } from './quarantine';

export interface RoomParts {
  readonly clock: Clock;
  readonly quarantine: Quarantine;
  /** Passes in flight, unless the target rests or is tried out. */
  readonly concurrency: () => number;
  /** Calls a second that the target is known to allow. */
  readonly perSecond: () => number;
  /** Bindings in hand. */
  readonly held: () => number;
  /** Those among them that were not begun and can be put back. */
  readonly returnable: () => number;
  /** Those among them of lane 1 that were not begun. */
  readonly waitingOfLane1: () => number;
  /** Nothing more is to be claimed. */
  readonly closed: () => boolean;
  /** Nothing more of sweeps is. */
  readonly full: () => boolean;
}

/** Claims made ahead of the workers, as a multiple of them, so that few transactions serve many passes. */
const AHEAD = 6;
/** And no more than so many seconds' worth of calls: what is claimed is overtaken by no other tenant any more. */
const AHEAD_S = 2;
/** Under load room is gathered so long for the next claim; so long a person's edit may stand behind what was claimed already. */
export const GATHER_MS = 100;

/** How many bindings a target's worker may claim. */
export class Room {
  private claimedAt = -Infinity;
  private grown = 1;

  constructor(private readonly parts: RoomParts) {}

  /** To be told of each claim before it is made. */
  claiming(): void {
    this.claimedAt = this.parts.clock.now();
    this.grown = Math.min(AHEAD, this.ahead * 2);
  }

  /** How many more bindings may be in hand. */
  get free(): number {
    return this.rests ? 0 : Math.max(0, this.most - this.parts.held());
  }

  /** How many bindings to claim now; many at a time, so that a transaction serves them all. */
  get now(): number {
    return !this.parts.full() && (this.free >= this.most / 3 || this.isGathered) ? this.free : 0;
  }

  /** How many of people's, where what was claimed of sweeps takes all the room: as many again as there are workers; all of it while sweeps wait. */
  get forPeople(): number {
    if (!this.isGathered) return 0;
    return this.parts.full() ? this.free : this.spare;
  }

  /** When there is something to look for at the latest, though nothing may become due; undefined where nothing can be claimed. */
  get lookAt(): number | undefined {
    return this.free > 0 || this.spare > 0 ? this.claimedAt + GATHER_MS : undefined;
  }

  /** More waits in hand than may be claimed, as the target turned out to allow less; others are to have their turn before it. */
  get isOverfull(): boolean {
    return !this.rests && !this.parts.quarantine.probing && this.parts.returnable() > this.most;
  }

  get isGathered(): boolean {
    return this.parts.clock.now() - this.claimedAt >= GATHER_MS;
  }

  private get spare(): number {
    const { concurrency, held, quarantine, waitingOfLane1 } = this.parts;
    return this.rests || quarantine.probing ? 0 : Math.max(0, Math.min(waitingOfLane1(), this.most + concurrency() - held()));
  }

  private get rests(): boolean {
    return this.parts.closed() || this.parts.quarantine.activeUntil !== undefined;
  }

  /** After a rest what the others wait for comes first: few are claimed then, and twice as many with each claim, so that it is there before most are looked at. */
  private get ahead(): number {
    return this.parts.held() === 0 ? 1 : this.grown;
  }

  private get most(): number {
    const { concurrency, perSecond, quarantine } = this.parts;
    return quarantine.probing ? 1 : Math.round(Math.min(concurrency() * this.ahead, concurrency() + perSecond() * AHEAD_S));
  }
}
