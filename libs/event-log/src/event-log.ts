import type { LogPosition, PositionVector, RecordedEvent, Source } from '@wami/contracts';
import type { PoolClient } from 'pg';

/** A page of events of one or more sources, in order within each key. */
export interface EventBatch {
  readonly events: readonly RecordedEvent[];
  /**
   * Records in the handler's own transaction that this batch is done, so that effects and position commit together.
   * @throws StalePosition where another consumer of the group was faster: roll back, nothing is lost.
   */
  savePosition(client: PoolClient): Promise<void>;
}

export class StalePosition extends Error {}

export interface SubscribeOptions {
  /** Consumers of one group share the work; each event reaches the group once in effect. */
  readonly group: string;
  readonly sources: readonly Source[];
  /** `beginning`: go on from the saved position, or the log's start. `now`: only what comes after the call resolved; keeps no position. */
  readonly from: 'beginning' | 'now';
  /** At most so many events in a batch; default 1000. */
  readonly batchSize?: number;
  /**
   * Resolves when the batch is done. Where it rejects, the same events come again after a growing pause (at most 5 s), for as long
   * as the subscription lives; `health()` tells. A handler that can do nothing with an event parks it and resolves.
   */
  readonly onBatch: (batch: EventBatch) => Promise<void>;
  /** Only for `beginning`: where the group's positions are kept (the subscriber's own schema). */
  readonly checkpoints?: { readonly schema: string };
}

export interface SubscriptionHealth {
  readonly ok: boolean;
  /** For an operator: why not. */
  readonly reason?: string;
}

export interface Subscription {
  /** Everything at or before this place of each source was handled (by the group where positions are kept). */
  position(): Promise<PositionVector>;
  health(): SubscriptionHealth;
  /** Stops taking batches; resolves when the one in flight is done (at most 10 s). */
  close(): Promise<void>;
}

/** How services hear of each other's events. Two transports: PostgreSQL and Kafka. */
export interface EventLog {
  subscribe(options: SubscribeOptions): Promise<Subscription>;
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
