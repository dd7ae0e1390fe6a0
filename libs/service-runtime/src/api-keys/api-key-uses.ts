import { describeError, type Logger } from '@wami/platform';
import type { Pool } from 'pg';
import type { TellUses } from './tell-uses';

const WRITE_EVERY_MS = 10_000;
/** Keys whose uses are kept in mind at a time. */
export const MOST_USES = 10_000;

/** When keys were used last: gathered in memory and written now and then, a statement for all of them. Never an event. */
export class ApiKeyUses {
  private uses = new Map<string, Date>();
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pool: Pool, private readonly schema: string, private readonly logger: Logger, private readonly tell?: TellUses) {
    this.timer = setInterval(() => { this.writing = this.writing.then(() => this.write()); }, WRITE_EVERY_MS);
    this.timer.unref();
  }

  note(id: string, at: Date): void {
    const known = this.uses.get(id);
    if (known ? known < at : this.uses.size < MOST_USES) this.uses.set(id, at);
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
      await this.tell?.(uses);
    } catch (error) {
      this.logger.warn(describeError(error), 'the last use of API keys could not be written or told');
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    await this.write();
  }
}
