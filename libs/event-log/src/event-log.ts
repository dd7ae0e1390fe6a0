import type { LogPosition, PositionVector, RecordedEvent, Source } from '@wami/contracts';
import type { PoolClient } from 'pg';

/**
 * A page of events of one or more sources, in order within each key. Order between keys is not promised: on Kafka they travel apart.
 * When a store was restored (a newer epoch) its events come again from the start, in their new places; events of an older epoch never come.
 */
export interface EventBatch {
  readonly events: readonly RecordedEvent[];
  /** The same events as they lie at rest, `personal` sealed: what whoever keeps copies keeps. */
  readonly atRest: readonly RecordedEvent[];
  /**
   * Records in the handler's own transaction that this batch is done, so that effects and position commit together.
   * A handler that never calls it has the position saved after it resolved, so its effects happen at least once instead of exactly once.
   * Does nothing for `now`.
   * @throws StalePosition where another consumer of the group was faster: roll back and reject, nothing is lost.
   */
  savePosition(client: PoolClient): Promise<void>;
}

/** The group's position is not where this consumer found it: another one has handled the batch or is about to. */
export class StalePosition extends Error {
  readonly code = 'StalePosition';
}

export interface SubscribeOptions {
  /**
   * Consumers of one group share the work; each event reaches the group once in effect. On PostgreSQL one of them works and the others
   * stand by. With `now` it is only a label: each subscription hears everything.
   */
  readonly group: string;
  readonly sources: readonly Source[];
  /**
   * `beginning`: go on from the saved position, or the log's start. `now`: only what is committed after the call resolved, and all of
   * that; keeps no position. On Kafka some events of just before may come first, those that were not published yet.
   */
  readonly from: 'beginning' | 'now';
  /** At most so many events in a batch; default 1000. No batch is empty, and a subscription hands over one batch at a time. */
  readonly batchSize?: number;
  /**
   * Batches begin at least so many milliseconds apart (after large ones up to four times as long), so that under load more events share
   * one transaction; the first after a quiet time comes at once. Default 0. Kafka gathers by itself and takes no notice.
   */
  readonly paceMs?: number;
  /**
   * Resolves when the batch is done. Where it rejects, the same events come again after a growing pause (at most 5 s), for as long
   * as the subscription lives; `health()` tells. A handler that can do nothing with an event parks it and resolves; so it does with what the
   * transport itself could not read, which comes as an event of the type `UNREADABLE`.
   */
  readonly onBatch: (batch: EventBatch) => Promise<void>;
  /**
   * `personal` comes as it lies at rest, sealed: for a handler that does not look at it, which then needs nobody's keys, and for one that
   * keeps copies. Default: opened, and {} where the subject's key is gone; while keys cannot be had the batch waits.
   */
  readonly sealed?: boolean | ((event: RecordedEvent) => boolean);
  /** Only for `beginning`: where the group's positions are kept (the subscriber's own schema, see `migrateCheckpoints`). */
  readonly checkpoints?: { readonly schema: string };
}

export interface SubscriptionHealth {
  readonly ok: boolean;
  /** For an operator: why not; with `ok`, what is waited for that may well be so, such as a service that was never started. */
  readonly reason?: string;
}

/** Numbers of one subscription since it began, for whoever exports metrics. */
export interface SubscriptionStats {
  readonly events: number;
  readonly batches: number;
  /** Batches that the handler (or the database) refused and that came again. */
  readonly failures: number;
  /** Batches given up because another consumer of the group was faster. */
  readonly stale: number;
  /** Repeats of the transport that were dropped. */
  readonly repeats: number;
  /** Events of an older epoch that were refused. */
  readonly refused: number;
  /** Records of a topic that are none of ours and were passed over. */
  readonly foreign: number;
  /** Age of the newest handled event when it was handled, seconds. */
  readonly ageSeconds: number;
}

export interface Subscription {
  /** Everything at or before this place of each source was handled (by the group where positions are kept). */
  position(): Promise<PositionVector>;
  health(): SubscriptionHealth;
  /** Both transports have it; a stand-in in a test need not. */
  stats?(): SubscriptionStats;
  /** Stops taking batches; resolves when the one in flight is done (at most 10 s). */
  close(): Promise<void>;
}

/** How services hear of each other's events. Two transports: PostgreSQL and Kafka. */
export interface EventLog {
  /**
   * Resolves at once for `beginning`, whatever is away: `health()` tells.
   * @throws RangeError where the options make no sense; for `now` also where the log's head cannot be found out
   */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Events that were kept as they lie at rest, opened as a subscription opens them. */
  opened(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]>;
  health(): SubscriptionHealth;
  close(): Promise<void>;
}

/** What carries a service's own events out to the log; one leader at a time. Nothing to do on PostgreSQL. */
export interface Relay {
  health(): SubscriptionHealth;
  /** Events stored and not yet published, and the place up to which all are. */
  lag(): Promise<{ readonly events: number; readonly published: LogPosition }>;
  close(): Promise<void>;
}
