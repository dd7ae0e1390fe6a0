import type { RecordedEvent } from '@wami/contracts';
import type { Pool } from 'pg';
import { DatabaseSession } from '../database-session';
import type { EventLog, SubscribeOptions, SubscriptionHealth } from '../event-log';
import { DatabaseMarks } from '../marks/database-marks';
import { freshMark, NO_PARTITION, type MarkStore } from '../marks/mark';
import { MemoryMarks } from '../marks/memory-marks';
import { checkOptions } from '../subscribe-options';
import { healthBy, healthOf } from '../subscription-state';
import { startOfNow, type SourceSchema, type StartOfNow } from './log-page';
import { PostgresSubscription } from './postgres-subscription';

export interface PostgresEventLogConfig {
  /** One connection of it is kept for as long as the log lives, and one more works now and then for each subscription. */
  readonly pool: Pool;
  readonly sources: readonly SourceSchema[];
  /** Pause before the log is looked at again while nothing comes, in milliseconds; grows twentyfold. Default 10. */
  readonly pollMs?: number;
}

class PostgresEventLog implements EventLog {
  private readonly session: DatabaseSession;
  private readonly open = new Set<PostgresSubscription>();

  constructor(private readonly config: PostgresEventLogConfig) {
    this.session = new DatabaseSession(config.pool);
  }

  async subscribe(options: SubscribeOptions): Promise<PostgresSubscription> {
    const schema = checkOptions(options, this.config.sources);
    const { pool, pollMs = 10 } = this.config;
    const since = options.from === 'now' ? await startOfNow(pool) : undefined;
    const subscription = new PostgresSubscription({
      pool, pollMs, since, options, session: this.session, onClosed: (closed) => this.open.delete(closed),
      sources: this.config.sources.filter(({ source }) => options.sources.includes(source)),
      marks: schema === undefined ? marksOfNow(options, since) : new DatabaseMarks(pool, schema, options.group),
      lock: schema === undefined ? undefined : `wami.group ${schema} ${options.group}`,
    });
    this.open.add(subscription);
    return subscription;
  }

  opened(events: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    return Promise.resolve(events);
  }

  health(): SubscriptionHealth {
    return healthOf([healthBy(this.session.reason), ...[...this.open].map((subscription) => subscription.health())]);
  }

  async close(): Promise<void> {
    await Promise.all([...this.open].map((subscription) => subscription.close()));
    await this.session.close();
  }
}

function marksOfNow({ sources }: SubscribeOptions, since: StartOfNow | undefined): MarkStore {
  return new MemoryMarks(sources.map((source) => {
    const fresh = freshMark({ source, partition: NO_PARTITION });
    return since ? { ...fresh, position: since.position } : fresh;
  }));
}

/** The log on one machine, without a broker: subscribers tail the event tables of the named schemas. */
export function createPostgresEventLog(config: PostgresEventLogConfig): EventLog {
  return new PostgresEventLog(config);
}
