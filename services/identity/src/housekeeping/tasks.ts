import { Inject, Injectable } from '@nestjs/common';
import type { EventStore } from '@wami/event-store';
import type { Pool } from 'pg';
import type { NewTask } from '../directory/directory-changes';
import { EVENT_STORE, POOL } from '../ports';

export type Task = NewTask & { readonly generation: number; readonly attempts: number };

/** Seconds for which a task belongs to the process that took it, unless it says that it is still at it. */
export const LEASE_SECONDS = 5;

/** Work that is kept until it is done, whoever dies on the way. Every task may be done twice without harm. */
@Injectable()
export class Tasks {
  private readonly table: string;

  constructor(@Inject(EVENT_STORE) store: EventStore, @Inject(POOL) private readonly pool: Pool) {
    this.table = `"${store.schema}".housekeeping_tasks`;
  }

  /** Takes the task that is due longest. */
  async claim(): Promise<Task | undefined> {
    const { rows } = await this.pool.query<Task>(
      `UPDATE ${this.table} SET due_at = now() + make_interval(secs => $1), attempts = attempts + 1
       WHERE (kind, subject) = (SELECT kind, subject FROM ${this.table} WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING kind, subject, cause, generation, attempts`, [LEASE_SECONDS]);
    return rows[0];
  }

  async stillAtIt({ kind, subject }: Task): Promise<void> {
    await this.pool.query(`UPDATE ${this.table} SET due_at = now() + make_interval(secs => $3) WHERE kind = $1 AND subject = $2`, [kind, subject, LEASE_SECONDS]);
  }

  /** Forgets the task, unless it was asked for again meanwhile: then it is due at once. */
  async finish({ kind, subject, generation }: Task): Promise<void> {
    const done = await this.pool.query(`DELETE FROM ${this.table} WHERE kind = $1 AND subject = $2 AND generation = $3`, [kind, subject, generation]);
    if (done.rowCount === 0) await this.postpone({ kind, subject }, 0);
  }

  async postpone({ kind, subject }: Pick<Task, 'kind' | 'subject'>, milliseconds: number): Promise<void> {
    await this.pool.query(`UPDATE ${this.table} SET due_at = now() + make_interval(secs => $3) WHERE kind = $1 AND subject = $2`, [kind, subject, milliseconds / 1000]);
  }
}
