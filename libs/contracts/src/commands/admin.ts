/** What `wami admin` answers. It works on the databases, so nothing of it is asked of a service. */

export interface BackupResult {
  readonly file: string;
  readonly bytes: number;
  readonly createdAt: string;
  readonly tables: number;
  readonly rows: number;
  readonly events: number;
  /** Files of the data directory. */
  readonly secrets: readonly string[];
}

export interface CheckResult {
  /** When the backup was made. */
  readonly createdAt: string;
  readonly release: string;
  readonly rows: number;
  readonly events: number;
}

export interface RestoreResult {
  /** When the backup was made. */
  readonly createdAt: string;
  readonly tables: number;
  readonly rows: number;
  readonly events: number;
  /** The pause of everything; nothing is called in a cloud until it is ended. */
  readonly pause: string;
  readonly secrets: readonly string[];
  /** What identifies the master key that must be there before WAMI is started. */
  readonly masterKeys: readonly string[];
}

export interface InPlaceResult {
  readonly schemas: readonly string[];
  readonly pause: string;
}

/** A seal that was noted elsewhere: what the log was then cannot be taken from it, not even by who owns the database and knows the key. */
export interface Checkpoint {
  readonly number: number;
  readonly seal: string;
}

export interface LogVerdict {
  readonly source: string;
  readonly seals: number;
  /** Sealed events that are as they were. */
  readonly events: number;
  /** Events after the newest seal: nothing can be said of them. */
  readonly unsealed: number;
  /** The newest seal, where all is well: to be kept elsewhere. */
  readonly checkpoint?: Checkpoint;
  /** What was tampered with, one line each; at most 20. */
  readonly problems: readonly string[];
}

export interface VerifyResult {
  readonly verifiedAt: string;
  readonly logs: readonly LogVerdict[];
}
