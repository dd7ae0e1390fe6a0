import { Inject, Injectable } from '@nestjs/common';
import type { RecordedEvent } from '@wami/contracts';
import type { Append, EventStore } from '@wami/event-store';
import type { Pool } from 'pg';
import { EVENT_STORE, POOL } from '../ports';

/** Appends and takes it back: names, references and versions are checked by what would check them for real. */
@Injectable()
export class DryRun {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore, @Inject(POOL) private readonly pool: Pool) {}

  /** The events that would be written. @throws AppendRefused */
  async append(append: Append): Promise<readonly RecordedEvent[]> {
    if (append.events.length === 0) return [];
    const client = await this.pool.connect();
    let broken = true;
    try {
      await client.query('BEGIN');
      try {
        return await this.store.appendIn(client, [append]);
      } finally {
        await client.query('ROLLBACK');
        broken = false;
      }
    } finally {
      client.release(broken);
    }
  }
}
