import type { Difference, RecordedEvent } from '@wami/contracts';
import type { Schedule, SeededRandom } from '@wami/testing';
import type { Intentions } from './intentions';

/** Identity, as far as it makes intent of what a merge or a pull found: some time after it was told. */
export class TakeOvers {
  /** Told, and not intent yet. */
  pending = 0;
  private heard = 0;

  /** `publish`: to be called when something became intent. */
  constructor(
    private readonly schedule: Schedule, private readonly random: SeededRandom, private readonly people: Intentions, private readonly told: readonly RecordedEvent[], private readonly publish: () => void,
  ) {}

  /** To be called often: hears what was said since. */
  listen(): void {
    for (const { type, key, personal } of this.told.slice(this.heard)) {
      if (type === 'wami.sync.taken-over.v1') this.hear(() => this.people.takeOver(key, (personal as { tags?: Record<string, string> }).tags ?? {}));
      if (type === 'wami.sync.pulled.v1') this.hear(() => this.people.pull(key, (personal as { differences: Difference[] }).differences));
    }
    this.heard = this.told.length;
  }

  private hear(intend: () => Promise<void>): void {
    this.pending += 1;
    this.schedule.after(this.random.between(1, 2_000), 'world', 'makes intent of what was taken over', async () => {
      await intend();
      this.pending -= 1;
      this.publish();
    });
  }
}
