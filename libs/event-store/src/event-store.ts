import type { EventMeta, LogPosition, NewEvent, RecordedEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';

/** A name that only one stream may hold: unique by (tenant, kind, normalised value). */
export interface NameReservation {
  readonly tenant: string;
  readonly kind: string;
  /** As a person wrote it; the store compares its normalised form (NFKC, lower case). */
  readonly value: string;
}

/** Keeps a command from being done twice: the answer of the first is found again by (tenant, actor, key) for 24 hours. */
export interface IdempotencyKey {
  readonly tenant: string;
  readonly actor: string;
  readonly key: string;
  /** SHA-256 of what was asked, hex. */
  readonly requestHash: string;
  /** HTTP status of the answer. */
  readonly status: number;
}

/** At most so many open streams in a tenant and below it, told by the prefix of their ids. */
export interface Quota {
  /** The tenant's own stream: who adds something under a quota waits for the others who do. It does not count itself. */
  readonly stream: string;
  readonly tenant: string;
  /** `usr_` */
  readonly prefix: string;
  readonly most: number;
}

/** What one command writes: events of one stream, and what must hold for them to be written. All of it or nothing. */
export interface Append {
  readonly stream: string;
  /** Tenant of the stream; stays with it. */
  readonly tenant: string;
  /** Version that the decision was made on; 0 means the stream must not exist. */
  readonly expectedVersion: number;
  /** May be empty where nothing changes and only the idempotency key is kept. */
  readonly events: readonly NewEvent[];
  readonly meta: EventMeta;
  /** Streams that must exist and be open (both ends of a relation, the tenant of a resource). Held until commit against `closes` of others. */
  readonly references?: readonly string[];
  /** The last event deletes the stream: no later append may refer to it. Appending to it again opens it again. */
  readonly closes?: boolean;
  /** With `closes`: no open stream may be in this tenant (path) or below it, beside the stream itself. */
  readonly requiresEmptyTenant?: string;
  /** For a stream that is opened by this append. Exact also where many are opened at once; such an append is not written together with others. */
  readonly quotas?: readonly Quota[];
  /** Names that the stream holds from now on; one that it holds already is no conflict. */
  readonly reserve?: readonly NameReservation[];
  /** Names that are free for others from now on; one that the stream does not hold stays as it is. */
  readonly release?: readonly NameReservation[];
  readonly idempotency?: IdempotencyKey;
}

export type AppendResult =
  /** Stored; `position` is the place of the last event (of the head where there were no events). */
  | { readonly outcome: 'appended'; readonly version: number; readonly position: LogPosition; readonly events: readonly RecordedEvent[] }
  /** The same command was done before; nothing was written. */
  | { readonly outcome: 'repeated'; readonly stream: string; readonly version: number; readonly status: number; readonly position: LogPosition };

/** Why an append was refused. Nothing was written. */
export type AppendRefusal =
  | { readonly code: 'VersionConflict'; readonly actualVersion: number }
  | { readonly code: 'NameTaken'; readonly name: NameReservation; readonly ownerStream: string }
  | { readonly code: 'ReferenceGone'; readonly stream: string }
  | { readonly code: 'TenantNotEmpty'; readonly tenant: string }
  | { readonly code: 'QuotaExceeded'; readonly quota: Quota }
  | { readonly code: 'IdempotencyKeyReused' };

export class AppendRefused extends Error {
  constructor(readonly refusal: AppendRefusal) {
    super(`append refused: ${refusal.code}`);
  }
}

/** What was answered to a command that was done before. */
export type Repeated = Extract<AppendResult, { outcome: 'repeated' }>;

export interface LogPage {
  readonly events: readonly RecordedEvent[];
  /** Where to go on: the place of the last event, or the given `after` where there was none. */
  readonly next: LogPosition;
}

/** Events of one service in one PostgreSQL schema. */
export interface EventStore {
  readonly source: string;
  readonly schema: string;
  /** Changes when the store was restored from a backup; readers refuse an older one. */
  readonly epoch: string;
  /**
   * Commands that are in flight together are written together; each is answered by itself. What PostgreSQL gave up without writing
   * (deadlock, a newer head) is tried again a few times.
   * @throws AppendRefused; EventSchemaError where an event does not fit its published schema; UnknownOutcome where the connection was
   * lost on the way and there is no idempotency key to find out by; StoreOverloaded where too many wait; KeysUnavailable.
   */
  append(append: Append): Promise<AppendResult>;
  /**
   * Writes many appends inside the caller's transaction (outcomes beside the rows they belong to), one round trip where no two of
   * them touch the same stream or name.
   * @throws AppendRefused where any is refused, also with an idempotency key that is taken (`IdempotencyKeyReused`);
   * TransactionTooOld where a head is newer than the transaction. The caller must roll back.
   */
  appendIn(client: PoolClient, appends: readonly Append[]): Promise<readonly RecordedEvent[]>;
  /**
   * Has the keys of these subjects at hand for some seconds, so that an `appendIn` about them asks nobody while it holds its locks.
   * @throws KeysUnavailable
   */
  holdKeys(subjects: readonly string[]): Promise<void>;
  /**
   * What was answered to this command if it was done in the last 24 hours.
   * @throws AppendRefused `IdempotencyKeyReused` where another command has the key.
   */
  findRepeated(key: Pick<IdempotencyKey, 'tenant' | 'actor' | 'key' | 'requestHash'>): Promise<Repeated | undefined>;
  /** Deletes idempotency keys older than 24 hours, at most `limit`; resolves with how many. */
  purgeIdempotencyKeys(limit: number): Promise<number>;
  /** The stream that holds a name now, compared in its normalised form; undefined where it is free. */
  findName(name: NameReservation): Promise<string | undefined>;
  /**
   * All events of a stream in order, opened, upcast and checked, empty where it does not exist; `upToVersion` for a repeated answer.
   * @throws StreamUnreadable, KeysUnavailable
   */
  readStream(stream: string, upToVersion?: number): Promise<readonly RecordedEvent[]>;
  /**
   * Committed events after `after`, in log order, at most `limit`. Never skips and never reorders: rows of transactions that are
   * still open, or younger than an open one, wait for a later page. `personal` is as it is stored: sealed.
   */
  readLog(after: LogPosition, limit: number): Promise<LogPage>;
  /** Ids of streams, closed ones too, that begin with `prefix` and are of this tenant or below it ('' is every tenant), in their order after `after`. */
  streamsWithin(asked: { readonly tenant: string; readonly prefix: string; readonly after: string; readonly limit: number }): Promise<readonly string[]>;
  /** Place of the newest committed event, `0.0` where there is none. May be ahead of what `readLog` gives yet. */
  head(): Promise<LogPosition>;
  /** Seconds for which the oldest open transaction has held readers back; 0 where nothing waits. */
  gateLagSeconds(): Promise<number>;
  /** Wakes who listens on `wami_log`, at most once in 10 ms. `append` does it by itself; callers of `appendIn` after their commit. */
  announce(): void;
  /** Resolves when no append and no announcement is in flight. Later appends are refused. The pool stays the caller's. */
  close(): Promise<void>;
}
