import type { PoolClient } from 'pg';
import type { DirectoryChanges, NewTask } from './directory-changes';

type Column = readonly (string | null)[];

/** Writes what a page came to, a statement per table, in the transaction that saves the position. */
export async function writeChanges(client: PoolClient, schema: string, changes: DirectoryChanges): Promise<void> {
  const run = async (text: string, ...columns: readonly Column[]): Promise<void> => {
    if ((columns[0]?.length ?? 0) > 0) await client.query(text.replaceAll('{schema}', `"${schema}"`), [...columns]);
  };
  const gone = (rows: ReadonlyMap<string, unknown>): Column => [...rows].flatMap(([key, row]) => (row === null ? [key] : []));
  const tenants = [...changes.tenants].flatMap(([path, row]) => (row ? [{ path, ...row }] : []));
  const resources = [...changes.resources].flatMap(([id, row]) => (row ? [{ id, ...row }] : []));
  const attachments = [...changes.attachments].flatMap(([id, row]) => (row ? [{ id, ...row }] : []));
  const boundaries = [...changes.boundaries].flatMap(([ownerId, policyId]) => (policyId === null ? [] : [{ ownerId, policyId }]));
  const memberships = [...changes.memberships].flatMap(([id, row]) => (row ? [{ id, ...row }] : []));

  await run('DELETE FROM {schema}.directory_tenants WHERE path = ANY($1::text[])', gone(changes.tenants));
  await run(`INSERT INTO {schema}.directory_tenants (path, id, parent) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
    ON CONFLICT (path) DO UPDATE SET id = excluded.id, parent = excluded.parent`,
  tenants.map(({ path }) => path), tenants.map(({ id }) => id), tenants.map(({ parent }) => parent));
  await run(`UPDATE {schema}.directory_tenants t SET providers = c.providers::jsonb FROM unnest($1::text[], $2::text[]) c (path, providers) WHERE t.path = c.path`,
    [...changes.providers.keys()], [...changes.providers.values()].map((targets) => JSON.stringify(targets)));
  await run('DELETE FROM {schema}.directory_resources WHERE id = ANY($1::text[])', gone(changes.resources));
  await run(`INSERT INTO {schema}.directory_resources (id, kind, tenant) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
    ON CONFLICT (id) DO UPDATE SET tenant = excluded.tenant`,
  resources.map(({ id }) => id), resources.map(({ kind }) => kind), resources.map(({ tenant }) => tenant));
  await run('DELETE FROM {schema}.directory_memberships WHERE id = ANY($1::text[])', gone(changes.memberships));
  await run(`INSERT INTO {schema}.directory_memberships (id, group_id, user_id) SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT (id) DO NOTHING`,
    memberships.map(({ id }) => id), memberships.map(({ groupId }) => groupId), memberships.map(({ userId }) => userId));

  await run('DELETE FROM {schema}.directory_attachments WHERE id = ANY($1::text[])', gone(changes.attachments));
  await run(`INSERT INTO {schema}.directory_attachments (id, policy_id, owner_id) SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT (id) DO NOTHING`,
    attachments.map(({ id }) => id), attachments.map(({ policyId }) => policyId), attachments.map(({ ownerId }) => ownerId));
  await run('DELETE FROM {schema}.directory_boundaries WHERE owner_id = ANY($1::text[])', gone(changes.boundaries));
  await run(`INSERT INTO {schema}.directory_boundaries (owner_id, policy_id) SELECT * FROM unnest($1::text[], $2::text[])
    ON CONFLICT (owner_id) DO UPDATE SET policy_id = excluded.policy_id`, boundaries.map(({ ownerId }) => ownerId), boundaries.map(({ policyId }) => policyId));

  await run('DELETE FROM {schema}.directory_access_keys WHERE id = ANY($1::text[])', gone(changes.belongings));
  const belongings = [...changes.belongings].flatMap(([id, ownerId]) => (ownerId === null ? [] : [{ id, ownerId }]));
  await run(`INSERT INTO {schema}.directory_access_keys (id, owner_id) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT (id) DO NOTHING`,
    belongings.map(({ id }) => id), belongings.map(({ ownerId }) => ownerId));

  await run('DELETE FROM {schema}.directory_pauses WHERE id = ANY($1::text[])', gone(changes.pauses));
  const pauses = [...changes.pauses].flatMap(([id, row]) => (row ? [{ id, tenant: row.tenant, pause: JSON.stringify(row) }] : []));
  await run(`INSERT INTO {schema}.directory_pauses (id, tenant, pause) SELECT id, tenant, pause::jsonb FROM unnest($1::text[], $2::text[], $3::text[]) AS p (id, tenant, pause)
    ON CONFLICT (id) DO NOTHING`, pauses.map(({ id }) => id), pauses.map(({ tenant }) => tenant), pauses.map(({ pause }) => pause));

  // Before those of ends that are gone: a task keeps its first cause, and of both the deletion is it.
  const tasks = [...new Map(changes.tasks.map((task): [string, NewTask] => [`${task.kind} ${task.subject}`, task])).values()];
  await run(`${INSERT_TASKS} SELECT kind, subject, cause::jsonb, coalesce(due::timestamptz, now()) FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS t (kind, subject, cause, due) ${AGAIN}`,
    tasks.map(({ kind }) => kind), tasks.map(({ subject }) => subject), tasks.map(({ cause }) => JSON.stringify(cause)), tasks.map(({ dueAt }) => dueAt ?? null));
  const ends = [
    ...memberships.flatMap(({ groupId, userId, cause }) => [{ subject: groupId, cause }, { subject: userId, cause }]),
    ...attachments.flatMap(({ policyId, ownerId, cause }) => [{ subject: policyId, cause }, { subject: ownerId, cause }]),
  ];
  await run(`${INSERT_TASKS} SELECT DISTINCT ON (subject) 'relations', subject, cause::jsonb, now() FROM unnest($1::text[], $2::text[]) AS e (subject, cause)
    WHERE NOT EXISTS (SELECT 1 FROM {schema}.directory_resources r WHERE r.id = e.subject) ${AGAIN}`,
  ends.map(({ subject }) => subject), ends.map(({ cause }) => JSON.stringify(cause)));
}

const INSERT_TASKS = 'INSERT INTO {schema}.housekeeping_tasks AS h (kind, subject, cause, due_at)';
const AGAIN = 'ON CONFLICT (kind, subject) DO UPDATE SET generation = h.generation + 1, due_at = least(h.due_at, excluded.due_at)';
