import type { ConnectionBook } from '../connections/connection-book';
import type { EngineDatabase } from '../database/engine-database';
import type { EngineLogger } from '../logger';
import type { EngineMetrics } from '../metrics';
import type { EngineOptions } from '../options';
import type { PauseBook } from '../pauses/pause-book';
import type { Recorder } from '../record/recorder';
import type { Seams } from '../seams';
import type { Lease } from './lease';
import type { ListingRoom } from './listing';
import type { PageTurns } from './page-turns';
import type { TargetWorker } from './target-worker';

/** What a worker at an owned target needs. */
export interface WorkerParts {
  readonly db: EngineDatabase;
  readonly owner: string;
  readonly lease: Lease;
  readonly book: ConnectionBook;
  readonly recorder: Recorder;
  readonly seams: Seams;
  readonly options: EngineOptions;
  readonly logger: EngineLogger;
  readonly metrics: EngineMetrics;
  readonly pauses: PauseBook;
  /** Targets that this process works on. */
  readonly targets: () => number;
  readonly listingRoom: ListingRoom;
  readonly pageTurns: PageTurns;
  /** The lease is somebody else's, or may soon be: the worker does nothing more. */
  readonly onLost: (worker: TargetWorker) => void;
}
