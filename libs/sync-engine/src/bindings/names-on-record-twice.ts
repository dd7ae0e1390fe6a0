import type { Migration } from '@wami/event-store';

/** Kinds that relations have as other ends, in SQL. */
const ENDS = `('group', 'policy')`;

/**
 * Of a binding `b`, in SQL: another thing of ours has the name that is on record for it, or may have it by now, so one of the two records is
 * out of date, and nobody may call `b` by that name. A cloud gives a name to one thing only, but whose it is may have changed by others' hands.
 */
export function isNameOnRecordTwice(bindings: string): string {
  const other = `SELECT 1 FROM ${bindings} o WHERE o.account = b.account AND o.kind = b.kind AND o.kind IN ${ENDS} AND o.resource <> b.resource`;
  return `(EXISTS (${other} AND o.presence IS NOT NULL AND o.presence->>'name' = b.presence->>'name')
    OR EXISTS (${other} AND (o.claimed OR o.unfinished) AND o.tried ? (b.presence->>'name')))`;
}

export const NAMES_ON_RECORD: Migration = {
  id: '012-names-on-record',
  up: `
    CREATE INDEX engine_bindings_ends_by_name ON engine_bindings (account, kind, (presence->>'name')) WHERE presence IS NOT NULL AND kind IN ${ENDS};
    CREATE INDEX engine_bindings_ends_open ON engine_bindings (account, kind) WHERE (claimed OR unfinished) AND kind IN ${ENDS};
    CREATE INDEX engine_bindings_awaiting_names ON engine_bindings (account, waiting_for) WHERE waiting_for LIKE 'named:%';
  `,
};
