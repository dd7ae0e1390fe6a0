import { formatArn, type NewEventOf, type syncSwept } from '@wami/contracts';
import type { Append } from '@wami/event-store';
import type { Reading } from './read-kinds';
import type { SweepRow } from './sweep-table';

interface Of {
  /** Opaque id of the tenant whose schedule it is. */
  readonly id: string;
  readonly instance: string;
  readonly correlationId: string;
}

/** That a target was read to its end, and when it is read next. */
export function sweptAppend(provider: string, account: string, { id, instance, correlationId }: Of, row: SweepRow, { found, problems }: Reading): Append {
  const stream = `${provider}/${account}/${id}`;
  const event: NewEventOf<typeof syncSwept> = {
    type: 'wami.sync.swept.v1', stream, key: stream, tenant: row.tenant, subject: formatArn({ tenant: row.tenant, instance, type: 'tenant', id }), personal: {},
    data: {
      provider, account, schedule: row.schedule, nextAt: new Date(row.dueAt).toISOString(), compared: row.compared, found: found.map((one) => ({ ...one })),
      problems: problems.map(({ kind, error: { code } }) => ({ kind, code })),
    },
  };
  return { stream, tenant: row.tenant, expectedVersion: row.events, events: [event], meta: { actor: `sync-${provider}`, correlationId } };
}
