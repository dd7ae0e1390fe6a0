import type { RecordedEvent } from '@wami/contracts';
import { StalePosition, type EventLog, type SubscribeOptions, type Subscription } from '@wami/event-log';
import type { Schedule, SeededRandom } from '@wami/testing';
import type { Pool, PoolClient } from 'pg';
import { SCHEMA } from './simulation-database';

const GROUP = 'simulated';

/** How the log hands its events out. */
export interface LogHabits {
  /** Order is kept within one of them, and the events of one key are in one. */
  readonly partitions: number;
  /** Events in one batch, at most. */
  readonly most: number;
  /** Milliseconds until what was appended is heard of. */
  readonly delay: () => number;
  /** How often a consumer works that should stand by, beside the other one. */
  readonly overlap: number;
}

/**
 * An event log as Kafka is one: events of one key in their order and others in any, every batch at least once, in effect once by marks that
 * are saved in the handler's transaction.
 */
export class ScheduledLog {
  private readonly partitions: RecordedEvent[][];
  private readonly consumers: { readonly owner: string; readonly wake: () => void }[] = [];
  private taken = 0;
  repeats = 0;

  constructor(private readonly schedule: Schedule, private readonly random: SeededRandom, private readonly habits: LogHabits, private readonly written: () => readonly RecordedEvent[]) {
    this.partitions = Array.from({ length: habits.partitions }, () => []);
  }

  get isOrdered(): boolean {
    return this.partitions.length === 1;
  }

  /** Rows of the marks. To be run before anything is read. */
  async prepare(client: Pick<PoolClient, 'query'>): Promise<void> {
    await client.query(`INSERT INTO ${SCHEMA}.checkpoints (group_name, source, partition) SELECT $1, 'identity', generate_series(0, $2::int - 1)`, [GROUP, this.habits.partitions]);
  }

  /** Spreads what identity wrote since. */
  publish(): void {
    const written = this.written();
    for (const event of written.slice(this.taken)) this.partitions[placeOf(event.key, this.habits.partitions)]?.push(event);
    this.taken = written.length;
    for (const { owner, wake } of this.consumers) this.schedule.after(this.habits.delay(), owner, 'hears of events', () => wake);
  }

  /** Whether everything was handled, by the marks. */
  async isRead(client: Pick<PoolClient, 'query'>): Promise<boolean> {
    return (await this.marks(client)).every((next, partition) => next === this.partitions[partition]?.length);
  }

  /** The log as one process sees it. */
  for(owner: string, pool: Pool): EventLog {
    return {
      subscribe: (options) => Promise.resolve(this.subscribe(owner, pool, options)),
      opened: (events) => Promise.resolve(events), health: () => ({ ok: true }),
      close: () => Promise.resolve(),
    };
  }

  private subscribe(owner: string, pool: Pool, { onBatch }: SubscribeOptions): Subscription {
    let wake = (): void => undefined;
    let pending = true;
    let closed = false;
    const rest = (ms: number): Promise<void> => new Promise((resolve) => {
      if (pending || closed) return resolve();
      const callOff = this.schedule.after(ms, owner, 'looks for events', () => resolve);
      wake = () => {
        callOff();
        resolve();
      };
    });
    this.consumers.push({ owner, wake: () => {
      pending = true;
      wake();
    } });
    const run = async (): Promise<void> => {
      let marks: number[] | undefined;
      while (!closed) {
        pending = false;
        try {
          marks ??= await this.marks(pool);
          while (!closed && await this.handOver(owner, marks, onBatch));
          await rest(20_000);
        } catch (error) {
          if (!(error instanceof Error)) throw error;
          marks = undefined;
          pending = false;
          await rest(this.random.between(50, 1_000));
          pending = true;
        }
      }
    };
    const running = run();
    return {
      position: () => Promise.resolve({}), health: () => ({ ok: true }),
      close: () => {
        closed = true;
        wake();
        return running;
      },
    };
  }

  /** By partition, where to go on. */
  private async marks(client: Pick<PoolClient, 'query'>): Promise<number[]> {
    const { rows } = await client.query<{ next: number }>(`SELECT next_offset::int AS next FROM ${SCHEMA}.checkpoints WHERE group_name = $1 ORDER BY partition`, [GROUP]);
    return rows.map(({ next }) => next);
  }

  /** One batch; false where there was none for this consumer. */
  private async handOver(owner: string, marks: number[], onBatch: SubscribeOptions['onBatch']): Promise<boolean> {
    const open = this.partitions.flatMap((events, partition) => (this.isFor(owner, partition) && (marks[partition] ?? 0) < events.length ? [partition] : []));
    if (open.length === 0) return false;
    const partition = this.random.pick(open);
    const next = marks[partition] ?? 0;
    const events = this.partitions[partition]?.slice(next, next + 1 + this.random.int(this.habits.most)) ?? [];
    await onBatch({
      events, atRest: events,
      savePosition: async (client) => {
        const { rowCount } = await client.query(
          `UPDATE ${SCHEMA}.checkpoints SET next_offset = $3 WHERE group_name = $1 AND partition = $2 AND next_offset = $4`, [GROUP, partition, next + events.length, next]);
        if (rowCount === 1) return;
        this.repeats += 1;
        throw new StalePosition('another consumer was faster');
      },
    });
    marks[partition] = next + events.length;
    return true;
  }

  private isFor(owner: string, partition: number): boolean {
    const living = this.consumers.filter((one) => this.schedule.isAlive(one.owner));
    return living[partition % living.length]?.owner === owner || this.random.chance(this.habits.overlap);
  }
}

function placeOf(key: string, partitions: number): number {
  let sum = 0;
  for (const letter of key) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_003;
  return sum % partitions;
}
