import type { EngineDatabase } from '../database/engine-database';
import { TargetLost, type Caller } from '../reconcile/caller';
import type { NoConnection } from '../reconcile/open';
import type { Scene } from '../reconcile/pass';
import type { Seams } from '../seams';
import type { Lease } from './lease';
import type { Quarantine } from './quarantine';

export interface BesideParts {
  readonly db: EngineDatabase;
  readonly owner: string;
  readonly lease: Lease;
  readonly seams: Seams;
  /** How often it is looked whether something is due. */
  readonly pollMs: number;
  readonly caller: () => Caller;
  readonly sceneFor: (tenant: string) => Scene | NoConnection;
  readonly quarantine: Quarantine;
  readonly onLost: () => void;
  readonly onError: (error: unknown) => void;
}

/** Work on one owned target beside its passes: one run at a time, none while the target rests, the next no sooner than `everyMs` later. */
export abstract class BesidePasses {
  protected stopped = false;
  private running: Promise<void> | undefined;
  private lookAt = -Infinity;

  constructor(private readonly beside: BesideParts, private readonly everyMs: number) {}

  /** Begins with what is due, if nothing is in hand; cheap to call often. */
  look(): void {
    const { seams: { clock }, quarantine, onLost, onError } = this.beside;
    if (this.stopped || this.running || quarantine.activeUntil !== undefined || clock.now() < this.lookAt) return;
    this.running = this.run().catch((error: unknown) => (error instanceof TargetLost ? onLost() : onError(error))).finally(() => {
      this.lookAt = clock.now() + this.everyMs;
      this.running = undefined;
    });
  }

  stop(): void {
    this.stopped = true;
  }

  /** Resolves when nothing is in hand. */
  async idle(): Promise<void> {
    await this.running;
  }

  /** Everything that is due now; `stopped` is to be looked at between its parts. */
  protected abstract run(): Promise<void>;
}
