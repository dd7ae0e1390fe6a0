import type { Pool } from 'pg';

/** A user that the engine itself synced, after which all others are made; each of these texts stands for nothing else in its rows. */
export interface TenantTemplate {
  readonly tenant: string;
  readonly userName: string;
  readonly resource: string;
}

const CHUNK = 20_000;
const SCHEMA = 'sync_aws';

export const tenantAt = (index: number): string => `tenant-${String(index).padStart(2, '0')}`;

/** Users of these tenants, so many each, all due to be made from the same moment on. While no engine runs. */
export async function makeUsersDue(pool: Pool, { tenant, userName, resource }: TenantTemplate, users: readonly number[]): Promise<void> {
  const all = users.flatMap((count, index) => Array.from({ length: Math.ceil(count / CHUNK) }, (_, part) => ({ index, from: part * CHUNK + 1, to: Math.min(count, (part + 1) * CHUNK) })));
  const id = `'usr_' || lpad($5::text, 4, '0') || lpad(i::text, 22, '0')`;
  const copied = `replace(replace(replace(t.row, $1, ${id}), $2, $6 || '-user-' || i), $7, $6)::jsonb`;
  const insert = (table: string, key: string, more: string): string => `INSERT INTO ${SCHEMA}.${table} SELECT n.* FROM (SELECT to_jsonb(r)::text AS row FROM ${SCHEMA}.${table} r WHERE ${key} = $1) AS t,
    generate_series($3::bigint, $4::bigint) AS i, LATERAL jsonb_populate_record(NULL::${SCHEMA}.${table}, ${copied} || ${more}) AS n`;
  const due = `'{"stream_version": 0, "lane": 1, "due_at": ${Date.now()}, "claimed": false, "state": "Pending", "presence": null}'`;
  for (const { index, from, to } of all) {
    const values = [resource, userName, from, to, index, tenantAt(index), tenant];
    await pool.query(insert('engine_resources', 'id', `'{}'`), values);
    await pool.query(insert('engine_bindings', 'resource', due), values);
    // Nothing personal is said of them: for identity, which never heard of them, their keys are destroyed.
    await pool.query(`INSERT INTO identity.subject_keys (subject, tenant) SELECT 'usr_' || lpad($3::text, 4, '0') || lpad(i::text, 22, '0'), 'gone' FROM generate_series($1::bigint, $2::bigint) AS i`, [from, to, index]);
  }
  await pool.query(`ANALYZE ${SCHEMA}.engine_resources, ${SCHEMA}.engine_bindings`);
}
