import { formatArn, type EventMeta, type NewEventOf, type RecordedEvent, type deadLetterReported } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';

type Report = NewEventOf<typeof deadLetterReported>['data'];

/** What is told of a parked event now. */
export interface Letter {
  readonly event: Pick<RecordedEvent, 'id' | 'type' | 'tenant' | 'key' | 'meta'>;
  /** How often it was told of before. */
  readonly told: number;
  readonly state: Report['state'];
  readonly reason: string;
  readonly attempts: number;
  readonly by?: string;
  readonly why?: string;
  /** Why it is told: by default the event itself. */
  readonly cause?: EventMeta;
}

/** Tells of each in a stream of its own; the rows that count how often are the caller's. */
export async function tell(client: PoolClient, db: EngineDatabase, letters: readonly Letter[]): Promise<void> {
  await db.store.appendIn(client, letters.map(({ event, told, state, reason, attempts, by, why, cause }) => {
    const stream = `${db.provider}/${event.id}`;
    const subject = formatArn({ tenant: '', instance: db.instance, type: 'dead-letter', id: event.id });
    const data: Report = {
      provider: db.provider, event: event.id, type: event.type, tenant: event.tenant, resource: event.key, state, reason, attempts,
      ...(by === undefined ? {} : { by }), ...(why === undefined ? {} : { why }),
    };
    return {
      stream, tenant: '', expectedVersion: told, events: [{ type: 'wami.sync.dead-letter-reported.v1', stream, key: stream, tenant: '', subject, data, personal: {} }],
      meta: cause ?? { actor: `sync-${db.provider}`, correlationId: event.meta.correlationId || event.id, causationId: event.id },
    };
  }));
}
