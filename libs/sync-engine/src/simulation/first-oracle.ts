import type { RecordedBindingEvent, RecordedEvent } from '@wami/contracts';

/** So long what was told to be due may wait for the claim that was under way. */
const CLAIMED_WITHIN_MS = 1_500;
const TAKES_AWAY = /^wami\.(user|group|role|policy)\.deleted\.|^wami\.(membership|attachment)\.removed\./;

/**
 * Judges what goes first, by the order in which it was committed that things are due and that they are begun with: what takes access away is not
 * overtaken by what does not. For worlds in which one process does one thing at a time, the log has one order, and every attempt says that it begins.
 */
export class FirstOracle {
  /** Of each resource that something is to be taken away of and that nobody has in hand, since when that is told. */
  private readonly waiting = new Map<string, number>();
  private readonly inHand = new Set<string>();
  /** Of each resource, up to which place what was wanted of it is carried out. */
  private readonly agreed = new Map<string, number>();

  constructor(private readonly written: () => readonly RecordedEvent[], private readonly now: () => number, private readonly fail: (words: string) => void) {}

  hear({ type, data: { resource, intent } }: RecordedBindingEvent): void {
    const takes = this.takesAway(resource, placeOf(intent));
    if (type === 'wami.sync.requested.v1') {
      if (takes && !this.inHand.has(resource)) this.waiting.set(resource, this.now());
      return;
    }
    this.waiting.delete(resource);
    if (type === 'wami.sync.started.v1') {
      this.inHand.add(resource);
      if (!takes) this.check(resource);
      return;
    }
    this.inHand.delete(resource);
    if (type === 'wami.sync.succeeded.v1') this.agreed.set(resource, placeOf(intent));
  }

  private check(resource: string): void {
    for (const [other, since] of this.waiting) {
      const ms = Math.round(this.now() - since);
      if (ms >= CLAIMED_WITHIN_MS) this.fail(`${resource} is begun with and takes nothing away, and ${other}, which does, is due for ${ms} ms`);
    }
  }

  private takesAway(resource: string, read: number): boolean {
    return this.written().slice(this.agreed.get(resource) ?? 0, read).some(({ key, type }) => key === resource && TAKES_AWAY.test(type));
  }
}

function placeOf(position: string): number {
  return Number(position.split('.')[1]);
}
