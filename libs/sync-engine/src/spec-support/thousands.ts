import { idFrom } from '@wami/contracts';
import { saveResources } from '../fold/resource';
import type { EngineUnderTest } from './engine-under-test';
import { ACCOUNT, INSTANCE } from './identity';
import type { Thing } from './model-cloud';

interface Many {
  readonly count: number;
  readonly tenant?: string;
  /** A group that all of them are in; it stands at the cloud already. */
  readonly group?: string;
}

/** So many users of a tenant that are Synced, straight into the engine's tables and the cloud: commands for thousands would take minutes. While no engine runs. */
export async function standingUsers(test: EngineUnderTest, { count, tenant = 'acme', group }: Many): Promise<string[]> {
  const db = test.engineDatabase();
  const inGroup = test.cloud.things.find(({ mark }) => mark?.id === group);
  const users = Array.from({ length: count }, (_, i) => {
    const id = idFrom('user', 1_600_000_000_000 + i, Buffer.from(String(i).padStart(10, '0')));
    const thing = test.cloud.plant({
      kind: 'user', name: `${tenant}-${i}`, mark: { instance: INSTANCE, tenant, id, kind: 'user' }, groups: new Set(inGroup ? [inGroup.id] : []),
    });
    return { id, thing };
  });
  const subject = (id: string): string => `arn:wami:iam:${tenant}:wami:${INSTANCE}:user/${id}`;
  const common = { kind: 'user', tenant, deleted: false, intent: '0.0' };
  await db.transaction(async (client) => {
    await saveResources(client, db, users.map(({ id, thing: { name } }) => ({ ...common, id, subject: subject(id), version: 1, document: { userName: name, path: '/', tags: {} } })));
    if (group !== undefined) await client.query(`INSERT INTO ${db.table('relations')} (owner, facet, other) SELECT unnest($1::text[]), 'groups', $2`, [users.map(({ id }) => id), group]);
    await db.bindings.save(client, users.map(({ id, thing }) => ({
      ...common, account: ACCOUNT, resource: id, subject: subject(id), streamVersion: 0, wanted: true, erased: false, generation: 1, lane: 0 as const, dueAt: null, claimed: false,
      state: 'Synced' as const, errorCode: null, presence: presenceOf(thing, group), unfinished: false, nameCertain: false, tried: {}, triedEnds: {}, held: false, retryCount: 0,
      fastRetries: 0, maxRetries: null, waitingFor: null, connectionHold: null, verifySince: null, strategy: null, pausedBy: null, guardedBy: null, jobs: [],
      cause: { actor: 'admin', correlationId: 'req_1' }, plan: null, drift: null, traces: [], askedAt: null, lookAt: null, askedAgain: {}, deletionSent: {}, called: {}, groundwork: null,
    })));
  });
  return users.map(({ id }) => id);
}

function presenceOf({ id, name }: Thing, group: string | undefined): { [key in 'providerResourceId' | 'nativeArn' | 'name']: string } & { fields: Record<string, string>; tags: Record<string, string>; facets: Record<string, string[]>; observedAt: number } {
  return {
    providerResourceId: id, nativeArn: `arn:aws:iam::1:user/${name}`, name, fields: { name, path: '/' }, tags: {}, facets: { groups: group === undefined ? [] : [group] }, observedAt: Date.now(),
  };
}

/** The source of them is empty: as if it had taken all of them away, or all of their memberships. */
export async function takeAllAway(test: EngineUnderTest, what: 'users' | 'memberships', ids: readonly string[]): Promise<void> {
  const db = test.engineDatabase();
  if (what === 'users') await test.pool.query(`UPDATE ${db.table('resources')} SET deleted = true, version = 2 WHERE id = ANY($1)`, [ids]);
  else await test.pool.query(`DELETE FROM ${db.table('relations')} WHERE owner = ANY($1)`, [ids]);
  await test.pool.query(`UPDATE ${db.bindings.name} SET deleted = $2, state = 'Pending', generation = generation + 1, due_at = $3, lane = $4 WHERE resource = ANY($1)`,
    [ids, what === 'users', Date.now(), -1]);
}

/** All of their memberships are there again. */
export async function putMembershipsBack(test: EngineUnderTest, group: string, ids: readonly string[]): Promise<void> {
  const db = test.engineDatabase();
  await test.pool.query(`INSERT INTO ${db.table('relations')} (owner, facet, other) SELECT unnest($1::text[]), 'groups', $2`, [ids, group]);
  await test.pool.query(`UPDATE ${db.bindings.name} SET generation = generation + 1, due_at = $2, lane = 0 WHERE resource = ANY($1)`, [ids, Date.now()]);
}
