import { formatArn, type EventMeta, type NewEventOf, type RecordedEvent, type deadLetterReported } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { quoteIdentifier } from '../database/identifier';

type Report = NewEventOf<typeof deadLetterReported>['data'];

/** What is told of a parked event now. */
export interface Letter {
  readonly event: Pick<RecordedEvent, 'id' | 'type' | 'tenant' | 'key' | 'meta'>;
  readonly state: Report['state'];
  readonly reason: string;
  readonly attempts: number;
  readonly by?: string;
  readonly why?: string;
  /** Why it is told: by default the event itself. */
  readonly cause?: EventMeta;
}

/** Tells of each in a stream of its own. The stream may be longer than what stands in the table: a log that is read again brings what was parked and taken in long ago. */
export async function tell(client: PoolClient, db: EngineDatabase, letters: readonly Letter[]): Promise<void> {
  const { rows } = await client.query<{ stream: string; version: number }>(`SELECT stream_id AS stream, version FROM ${quoteIdentifier(db.schema)}.heads WHERE stream_id = ANY($1)`,
    [letters.map(({ event }) => `${db.provider}/${event.id}`)]);
  const versions = new Map(rows.map(({ stream, version }) => [stream, version]));
  await db.store.appendIn(client, letters.map(({ event, state, reason, attempts, by, why, cause }) => {
    const stream = `${db.provider}/${event.id}`;
    const subject = formatArn({ tenant: '', instance: db.instance, type: 'dead-letter', id: event.id });
    const data: Report = {
      provider: db.provider, event: event.id, type: event.type, tenant: event.tenant, resource: event.key, state, reason, attempts,
      ...(by === undefined ? {} : { by }), ...(why === undefined ? {} : { why }),
    };
    return {
      stream, tenant: '', expectedVersion: versions.get(stream) ?? 0, events: [{ type: 'wami.sync.dead-letter-reported.v1', stream, key: stream, tenant: '', subject, data, personal: {} }],
      meta: cause ?? { actor: `sync-${db.provider}`, correlationId: event.meta.correlationId || event.id, causationId: event.id },
    };
  }));
}
