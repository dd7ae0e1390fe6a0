import { TopicCopy, type KafkaConnection } from '@wami/event-log';
import { describeError, type Logger } from '@wami/platform';
import type { Pool } from 'pg';
import { eventsInOrder } from '../events/events.query';
import { EVENT_COLUMNS, eventOfRow, type EventRow } from '../ingest/event-columns';
import type { Ingested } from '../model/read-model';
import { whileLocked } from '../rebuild/while-locked';
import { holdReplay, moveReplay, runningReplays, type ReplayJob } from './replay-jobs';

export interface ReplayerParts {
  readonly pool: Pool;
  readonly schema: string;
  readonly kafka: KafkaConnection;
  readonly logger: Logger;
}

const PAGE = 1000;
const LOOK_MS = 1000;

/**
 * Sends events again into topics of others, one replay at a time among all replicas. Each page is sent before its place is stored, so one that was cut off
 * goes on where it was and repeats at most a page. Nothing else is done: no event is written, and no service of WAMI reads what is sent.
 */
export class Replayer {
  private readonly stop = new AbortController();
  private wake: () => void = () => undefined;
  private readonly loop: Promise<void>;

  constructor(private readonly parts: ReplayerParts) {
    this.loop = this.run();
  }

  /** Looks for replays at once. */
  look(): void {
    this.wake();
  }

  /** Resolves when the page in hand is sent. */
  async close(): Promise<void> {
    this.stop.abort();
    this.wake();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      try {
        await this.doAll();
      } catch (error) {
        this.parts.logger.warn(describeError(error), 'looking for replays failed');
      }
      await this.pause();
    }
  }

  private async doAll(): Promise<void> {
    const { pool, schema } = this.parts;
    if ((await runningReplays(pool, schema)).length === 0) return;
    await whileLocked(pool, schema, 'wami replay', async () => {
      for (const job of await runningReplays(pool, schema)) if (!this.stop.signal.aborted) await this.copy(job);
    });
  }

  /** Until it is over, or Kafka fails: then what it waits for is noted and it comes again, after the others. */
  private async copy(found: ReplayJob): Promise<void> {
    const { pool, schema, kafka, logger } = this.parts;
    const { job, topic } = found;
    try {
      const out = await TopicCopy.open({ ...kafka, topic, job }, this.stop.signal);
      try {
        for (let now: ReplayJob | undefined = found; now?.state === 'running' && !this.stop.signal.aborted;) now = await this.sendPage(now, out);
      } finally {
        await out.close();
      }
    } catch (error) {
      if (this.stop.signal.aborted) return;
      const problem = describeError(error);
      logger.warn({ job, topic, ...problem }, 'a replay waits');
      await holdReplay(pool, schema, job, problem.error);
    }
  }

  /** As it is then; undefined where it was cancelled meanwhile. */
  private async sendPage(now: ReplayJob, out: TopicCopy): Promise<ReplayJob | undefined> {
    const size = Math.min(PAGE, now.most === null ? PAGE : now.most - now.sent);
    const events = await this.pageOf(now, size);
    const at = events.length < size ? now.upto : events.at(-1)?.seq ?? now.upto;
    await out.write(events);
    const done = at >= now.upto || now.sent + events.length === now.most;
    return moveReplay(this.parts.pool, this.parts.schema, { job: now.job, at, sent: events.length, done });
  }

  /** As they lie at rest: `personal` stays sealed. */
  private async pageOf({ filter, at, upto }: ReplayJob, size: number): Promise<readonly Ingested[]> {
    const { rows } = await this.parts.pool.query<EventRow>(...eventsInOrder(this.parts.schema, EVENT_COLUMNS, filter, { after: at, upto, limit: size }));
    return rows.map(eventOfRow);
  }

  private pause(): Promise<void> {
    if (this.stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
