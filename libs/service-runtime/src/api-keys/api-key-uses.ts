import { describeError, type Logger } from '@wami/platform';
import type { Pool } from 'pg';

const WRITE_EVERY_MS = 10_000;
const MOST_KEYS = 10_000;

/** When keys were used last: gathered in memory and written now and then, a statement for all of them. Never an event. */
export class ApiKeyUses {
  private uses = new Map<string, Date>();
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pool: Pool, private readonly schema: string, private readonly logger: Logger) {
    this.timer = setInterval(() => { this.writing = this.writing.then(() => this.write()); }, WRITE_EVERY_MS);
    this.timer.unref();
  }

  note(id: string): void {
    if (this.uses.size < MOST_KEYS || this.uses.has(id)) this.uses.set(id, new Date());
  }

  /** Writes what was gathered. What cannot be written now is lost: it is told at the next use. */
  async write(): Promise<void> {
    const uses = this.uses;
    if (uses.size === 0) return;
    this.uses = new Map();
    try {
      await this.pool.query(
        `UPDATE "${this.schema}".api_keys k SET used_at = greatest(k.used_at, u.at) FROM unnest($1::text[], $2::timestamptz[]) AS u (id, at) WHERE k.id = u.id`,
        [[...uses.keys()], [...uses.values()]]);
    } catch (error) {
      this.logger.warn(describeError(error), 'the last use of API keys could not be written');
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.write();
  }
}
