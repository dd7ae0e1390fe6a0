import { LOG_START, topicOfSource, type LogPosition, type RecordedEvent, type Source } from '@wami/contracts';
import type { EventStore, LogPage } from '@wami/event-store';
import type { Kafka } from 'kafkajs';
import { escapeIdentifier, type Pool } from 'pg';
import { compareEpochs } from '../epoch';
import { DatabaseSession, type Hold } from '../database-session';
import type { Relay, SubscriptionHealth } from '../event-log';
import { BrokerWatch, kafkaClient, type KafkaConnection } from '../kafka/kafka-client';
import { ensureTopic } from '../kafka/topics';
import { healthBy, healthOf } from '../subscription-state';
import { Backoff, messageOf, pause, within } from '../waiting';
import { lostRecords, Publisher, TopicLost } from './publisher';
import { RelayCursor } from './relay-cursor';
import { Watermarks } from './watermarks';

export interface RelayConfig extends KafkaConnection {
  readonly store: EventStore;
  /** Of the store's database; the relay keeps one connection of it. The store's schema must have the relay's table (`migrateRelay`). */
  readonly pool: Pool;
  /** Of the topic where it does not exist yet; default 12. It can never be changed, because it decides where a key goes. */
  readonly partitions?: number;
  readonly replicationFactor?: number;
  /** Events read and sent at a time; default 2000. */
  readonly pageSize?: number;
  /** Pause while nothing comes, in milliseconds; grows twentyfold. Default 10. */
  readonly pollMs?: number;
  readonly topicOf?: (source: Source) => string;
  /** Done around the sending of each page. */
  readonly around?: (events: readonly RecordedEvent[], send: () => Promise<void>) => Promise<void>;
}

/** Numbers of one relay since it began. */
export interface RelayStats {
  readonly leads: boolean;
  readonly events: number;
  readonly pages: number;
  readonly watermarks: number;
  readonly failures: number;
}

export interface MeasuredRelay extends Relay {
  stats(): RelayStats;
}

const STANDBY_MS = 250;
const CLOSE_MS = 8000;
const MOST_COUNTED = 1_000_000;

class StoreRelay implements MeasuredRelay {
  private readonly stop = new AbortController();
  private readonly watch = new BrokerWatch();
  private readonly session: DatabaseSession;
  private readonly kafka: Kafka;
  private readonly topic: string;
  private readonly schemas: readonly string[];
  private readonly idle: Backoff;
  private readonly counted = { leads: false, events: 0, pages: 0, watermarks: 0, failures: 0 };
  private problem: string | undefined = 'the relay has not started yet';
  private readonly loop: Promise<void>;

  constructor(private readonly config: RelayConfig) {
    const { store, pool, pollMs = 10, topicOf = topicOfSource } = config;
    this.topic = topicOf(store.source);
    this.schemas = [store.schema];
    this.session = new DatabaseSession(pool);
    this.kafka = kafkaClient(config, this.watch);
    this.idle = new Backoff(pollMs, pollMs * 20);
    this.loop = this.run();
  }

  health(): SubscriptionHealth {
    return healthOf([this.session.reason, this.watch.reason, this.problem].map(healthBy));
  }

  stats(): RelayStats {
    return { ...this.counted };
  }

  async lag(): Promise<{ readonly events: number; readonly published: LogPosition }> {
    const { pool, store } = this.config;
    const published = await RelayCursor.published(pool, store.schema, this.topic);
    const [tx = '0', position = '0'] = published.split('.');
    const { rows: [row] } = await pool.query<{ events: string }>(
      `SELECT count(*)::text AS events FROM (SELECT 1 FROM ${escapeIdentifier(store.schema)}.published_events
       WHERE (tx, position) > ($1::xid8, $2::bigint) LIMIT ${MOST_COUNTED}) AS waiting`,
      [tx, position],
    );
    return { events: Number(row?.events ?? 0), published };
  }

  async close(): Promise<void> {
    this.stop.abort();
    await within(this.loop, CLOSE_MS);
    await this.session.close();
  }

  private async run(): Promise<void> {
    const failing = new Backoff(100, 2000);
    while (!this.stop.signal.aborted) {
      try {
        const hold = await this.session.tryHold(`wami.relay ${this.config.store.schema} ${this.topic}`);
        if (hold) await this.lead(hold, () => failing.reset());
        else await this.standBy();
      } catch (error) {
        this.counted.failures++;
        this.problem = `relay of ${this.config.store.source}: ${messageOf(error)}`;
        await pause(failing.ms(), this.stop.signal);
      }
    }
  }

  private async standBy(): Promise<void> {
    // Without a connection it is not known whether another leads; the session says so.
    this.problem = undefined;
    // It asks no broker, so what one answered while it led would be told for ever.
    this.watch.answered();
    await pause(STANDBY_MS, this.stop.signal);
  }

  private async lead(hold: Hold, onProgress: () => void): Promise<void> {
    try {
      const cursor = await RelayCursor.takeOver(this.config.pool, this.config.store.schema, this.topic);
      const publisher = await this.prepare(cursor);
      try {
        this.counted.leads = true;
        await this.publishAll(hold, cursor, publisher, onProgress);
      } catch (error) {
        if (error instanceof TopicLost) await startOver(cursor);
        throw error;
      } finally {
        await publisher.close();
      }
    } finally {
      this.counted.leads = false;
      await hold.release();
    }
  }

  /** The topic is there with the partitions that it had at the first start, and with all that was acknowledged. */
  private async prepare(cursor: RelayCursor): Promise<Publisher> {
    const { store, partitions = 12, replicationFactor } = this.config;
    const restored = compareEpochs(store.epoch, cursor.state.epoch);
    if (restored < 0) throw new Error(`the store (epoch ${store.epoch}) is older than what was published (epoch ${cursor.state.epoch})`);
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const first = cursor.state.partitions;
      const found = await ensureTopic(admin, { topic: this.topic, partitions: first ?? partitions, replicationFactor }, this.stop.signal);
      if (first !== undefined && first !== found) {
        throw new Error(`topic ${this.topic} had ${first} partitions and has ${found} now: that breaks the order within a key; make it anew with ${first}`);
      }
      await cursor.save({ ...cursor.state, partitions: found, epoch: store.epoch, ...(restored > 0 ? { position: LOG_START } : {}) });
      if (await lostRecords(admin, this.topic, cursor.state.offsets)) await startOver(cursor);
      const { kafka, topic, watch } = this;
      watch.answered();
      return await Publisher.open({ kafka, topic, watch, source: store.source, epoch: store.epoch, partitions: found, offsets: cursor.state.offsets });
    } finally {
      await within(admin.disconnect(), STANDBY_MS * 4);
    }
  }

  private async publishAll(hold: Hold, cursor: RelayCursor, publisher: Publisher, onProgress: () => void): Promise<void> {
    const { store, pageSize = 2000 } = this.config;
    const watermarks = new Watermarks(publisher);
    let ahead: LogPage | undefined;
    while (hold.valid && !this.stop.signal.aborted) {
      const seen = this.session.seen(this.schemas);
      const page = ahead ?? (await store.readLog(cursor.state.position, pageSize));
      if (page.events.length > 0) this.idle.reset();
      ahead = page.events.length > 0 ? await this.publish(page, cursor, publisher) : undefined;
      onProgress();
      this.problem = undefined;
      if (!ahead) await this.rest(page.next, watermarks, seen);
    }
  }

  /** The page after it, read meanwhile, where it was full. */
  private async publish(page: LogPage, cursor: RelayCursor, publisher: Publisher): Promise<LogPage | undefined> {
    const { store, pageSize = 2000, around = (_, send) => send() } = this.config;
    const following = page.events.length === pageSize ? store.readLog(page.next, pageSize) : undefined;
    const [ahead] = await Promise.all([following, around(page.events, () => publisher.events(page.events))]);
    await cursor.save({ ...cursor.state, position: page.next, offsets: publisher.offsets });
    this.counted.events += page.events.length;
    this.counted.pages++;
    return ahead;
  }

  private async rest(position: LogPosition, watermarks: Watermarks, seen: number): Promise<void> {
    const due = position === LOG_START ? undefined : await watermarks.send(position);
    if (due === 0) this.counted.watermarks++;
    if (this.watch.reason !== undefined) await watermarks.probe();
    await this.session.changed(this.schemas, seen, Math.min(this.idle.ms(), due || Infinity), this.stop.signal);
    if (this.session.seen(this.schemas) !== seen) this.idle.reset();
  }
}

/** Everything is published again; consumers drop what they had. */
function startOver(cursor: RelayCursor): Promise<void> {
  return cursor.save({ ...cursor.state, position: LOG_START, offsets: [] });
}

/** Begins to carry a store's events to Kafka. Many may run; one leads, the others stand by. */
export function startRelay(config: RelayConfig): MeasuredRelay {
  return new StoreRelay(config);
}
