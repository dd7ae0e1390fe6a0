import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepairItem, RepairView } from '@wami/contracts';
import { createPool } from '@wami/event-store';
import { readConfig, silentLogger } from '@wami/platform';
import { queryClient, type QueryClient } from '@wami/sandbox';
import { patiently as eventually, removeDirectory, startTestPostgres, temporaryDirectory, type TestPostgres } from '@wami/testing';
import type { Pool } from 'pg';
import { standaloneConfigSchema } from './config';
import { startStandalone, type Standalone } from './start-standalone';

jest.setTimeout(120_000);

const TOKEN = 'the-administrator-of-this-test';
const ACCOUNT = '000000000001';
const NOTHING = { engine: { found: 0, right: 0 }, readModel: { found: 0, right: 0 }, cloud: { found: 0, right: 0 } };
const READS = /^(Get|List|AssumeRole)/;
/** All that a dry run must leave as it is. */
const TABLES = ['sync_aws.engine_resources', 'sync_aws.engine_relations', 'sync_aws.engine_bindings', 'projection.resources', 'projection.sync_states', 'projection.sync_summary', 'projection.sync_resources'];

describe('a repair', () => {
  const dataDir = temporaryDirectory('repair');
  let postgres: TestPostgres;
  let pool: Pool;
  let standalone: Standalone;
  let cloud: QueryClient;
  let sandbox: string;
  const ids: Record<string, string> = {};

  const start = async (): Promise<void> => {
    standalone = await startStandalone(readConfig(standaloneConfigSchema, {
      WAMI_DATA_DIR: dataDir, WAMI_SANDBOXES: 'aws', WAMI_HTTP_PORT: '0', WAMI_ADMIN_TOKEN: TOKEN, WAMI_DATABASE_URL: postgres.url, WAMI_KEY_PEPPER: 'the-pepper-of-this-test-32-characters',
    }), silentLogger);
    sandbox = (JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { sandboxes: Record<string, string> }).sandboxes[`aws/${ACCOUNT}`] ?? '';
    cloud = queryClient(sandbox);
  };
  beforeAll(async () => {
    postgres = await startTestPostgres();
    pool = createPool({ connectionString: postgres.url, applicationName: 'saboteur', max: 2, onError: () => undefined });
    await start();
    await call('POST', '/v1/tenants', { id: 'other', name: 'Other' });
    await call('PUT', '/v1/tenants/other/sync-config', { providers: [{ provider: 'aws', account: ACCOUNT }] });
    for (const name of ['ann', 'bob', 'cy', 'dan', 'eve', 'gus']) ids[name] = await make('users', { tenant: 'default', userName: name, tags: { team: 'core' } });
    ids['zed'] = await make('users', { tenant: 'other', userName: 'zed' });
    ids['crew'] = await make('groups', { tenant: 'default', groupName: 'crew' });
    for (const name of ['ann', 'bob']) await call('PUT', `/v1/groups/${ids['crew']}/members/${ids[name]}`);
    await call('PATCH', `/v1/users/${ids['eve']}`, { displayName: 'Eve' });
    await call('DELETE', `/v1/users/${ids['gus']}`);
    await settled();
  });
  afterAll(async () => {
    await standalone?.close();
    await pool?.end();
    await postgres?.stop();
    removeDirectory(dataDir);
  });

  const call = async <T>(method: string, path: string, body?: unknown, token = TOKEN): Promise<{ status: number; body: T }> => {
    const response = await fetch(standalone.url + path, {
      method, headers: { authorization: `Bearer ${token}`, 'wami-consistency': 'strong', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as T };
  };
  const make = async (collection: string, body: object): Promise<string> => {
    const made = await call<{ id: string }>('POST', `/v1/${collection}`, body);
    expect(made.status).toBe(201);
    return made.body.id;
  };
  const settled = (): Promise<void> => eventually(async () => {
    const { body } = await call<{ counts: { state: string }[] }>('GET', '/v1/sync-summary');
    expect(body.counts.filter(({ state }) => state !== 'Synced')).toEqual([]);
    const { rows } = await pool.query("SELECT 1 FROM sync_aws.engine_bindings WHERE claimed OR due_at IS NOT NULL");
    expect(rows).toEqual([]);
  });
  const begin = async (dryRun: boolean, tenant = 'default'): Promise<string> => {
    const { status, body } = await call<{ repair: string }>('POST', '/v1/sync/repair', { tenant, dryRun });
    expect(status).toBe(202);
    return body.repair;
  };
  const ended = (repair: string): Promise<RepairView> => eventually(async () => {
    const { body } = await call<RepairView>('GET', `/v1/repairs/${repair}`);
    expect(body).toMatchObject({ state: 'complete', waitingFor: [] });
    return body;
  }, { timeoutMs: 40_000 });
  const items = async (repair: string, place = ''): Promise<readonly RepairItem[]> =>
    (await call<{ items: RepairItem[] }>('GET', `/v1/repairs/${repair}/items?limit=1000${place === '' ? '' : `&place=${place}`}`)).body.items;
  const told = async (repair: string): Promise<Record<string, unknown>> => Object.fromEntries((await items(repair)).map(({ place, resource, provider, account, fields, action, right }) => {
    const name = Object.keys(ids).find((one) => ids[one] === resource) ?? resource;
    return [`${place} ${name}${account === undefined ? '' : ` ${provider}/${account}`}`, [...fields, ...(action === undefined ? [] : [action]), ...(right ? ['right'] : [])].join(' ')];
  }));
  const tables = async (): Promise<Record<string, unknown>> => Object.fromEntries(await Promise.all(TABLES.map(async (table) =>
    [table, (await pool.query(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum, count(*) FROM ${table} t`)).rows] as const)));
  const writes = async (): Promise<Record<string, number>> => {
    const { calls } = (await (await fetch(`${sandbox}/_sandbox/calls`)).json()) as { calls: Record<string, number> };
    return Object.fromEntries(Object.entries(calls).filter(([api]) => !READS.test(api)));
  };
  const sql = (text: string, ...values: unknown[]): Promise<unknown> => pool.query(text, values);

  /** Breaks each place in its own way, and the same of another tenant. */
  const sabotage = async (): Promise<void> => {
    const { ann, bob, cy, dan, eve, gus, zed } = ids;
    await sql('DELETE FROM sync_aws.engine_resources WHERE id = $1', ann);
    await sql(`UPDATE sync_aws.engine_resources SET document = document || '{"path":"/lost/"}' WHERE id = ANY($1)`, [bob, zed]);
    await sql('DELETE FROM sync_aws.engine_relations WHERE owner = $1', bob);
    await sql('UPDATE sync_aws.engine_resources SET deleted = false, version = 1 WHERE id = $1', gus);
    await sql('DELETE FROM projection.resources WHERE id = $1', cy);
    await sql(`UPDATE projection.resources SET name = 'nobody', document = document || '{"userName":"nobody"}' WHERE id = ANY($1)`, [dan, zed]);
    await sql('DELETE FROM projection.events WHERE stream = $1 AND version = 3', eve);
    await sql(`UPDATE projection.sync_states SET state = 'Failed', code = 'Throttled' WHERE resource = $1`, ann);
    await sql('DELETE FROM projection.sync_states WHERE resource = $1', bob);
    await sql(`DELETE FROM projection.events WHERE key = $1 AND type = 'wami.sync.succeeded.v1'`, dan);
    await cloud('RemoveUserFromGroup', { UserName: 'bob', GroupName: 'crew' });
    await cloud('DeleteUser', { UserName: 'bob' });
    await cloud('TagUser', { UserName: 'cy', 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'theirs' });
  };

  it('of what agrees finds nothing, and writes nothing to a cloud', async () => {
    const before = await writes();
    for (const dryRun of [true, false]) {
      const { compared, counts, ...view } = await ended(await begin(dryRun));
      expect(view).toMatchObject({ tenant: 'default', dryRun });
      expect([compared, counts]).toEqual([7, NOTHING]);
    }
    await settled();
    expect(await writes()).toEqual(before);
  });

  it('that is a dry run tells exactly what disagrees, and changes nothing', async () => {
    await call('PATCH', `/v1/users/${ids['eve']}`, { email: 'eve@example.com' });
    await settled();
    await sabotage();
    const [before, calls] = [await tables(), await writes()];
    const repair = await begin(true);
    const { counts } = await ended(repair);
    const everything = await told(repair);
    expect(everything).toEqual({
      'engine ann': 'missing', 'engine bob': 'path groups', 'engine gus': 'deleted',
      'readModel ann aws/000000000001': 'code state', 'readModel bob aws/000000000001': 'missing', 'readModel cy': 'missing', 'readModel dan': 'name userName',
      'readModel dan aws/000000000001': 'events said settled state', 'readModel eve': expect.stringMatching(/^(?=.*events)(?=.*email)(?=.*version)(?!.*right)/) as string,
      'readModel eve aws/000000000001': 'intent',
      'cloud bob aws/000000000001': 'name path tags.team create', 'cloud cy aws/000000000001': 'tags.team update',
    });
    expect(counts).toEqual({ engine: { found: 3, right: 0 }, readModel: { found: 7, right: 0 }, cloud: { found: 2, right: 0 } });
    expect((await items(repair, 'engine')).map(({ place, kind, tenant, provider }) => ({ place, kind, tenant, provider }))).toEqual(Array(3).fill({ place: 'engine', kind: 'user', tenant: 'default', provider: 'aws' }));
    expect([await tables(), await writes()]).toEqual([before, calls]);
  });

  it('puts all of it right, and the second one finds nothing', async () => {
    const zed = async (): Promise<unknown> => [(await pool.query('SELECT document FROM sync_aws.engine_resources WHERE id = $1', [ids['zed']])).rows, (await pool.query('SELECT * FROM projection.resources WHERE id = $1', [ids['zed']])).rows];
    const anothers = await zed();
    const repair = await begin(false);
    const { counts: { engine, readModel, cloud: clouds } } = await ended(repair);
    expect(engine).toEqual({ found: 3, right: 3 });
    // The read model is compared while the engine puts the cloud right: what that tells first is not found any more.
    expect([readModel.right, clouds.right]).toEqual([readModel.found, clouds.found]);
    expect(readModel.found).toBeGreaterThanOrEqual(4);
    const places = await told(repair);
    expect(places).toMatchObject({ 'cloud bob aws/000000000001': expect.stringMatching(/right$/) as string, 'cloud cy aws/000000000001': 'update right' });
    expect(Object.keys(places).filter((place) => place.includes('zed'))).toEqual([]);
    expect(await zed()).toEqual(anothers);
    await settled();
    expect([...(await cloud('ListGroupsForUser', { UserName: 'bob' })).texts('GroupName')]).toEqual(['crew']);
    const tags = await cloud('ListUserTags', { UserName: 'cy' });
    expect(tags.texts('Value')).toContain('core');
    expect((await call('GET', `/v1/users/${ids['eve']}`)).body).toMatchObject({ email: 'eve@example.com' });
    expect((await ended(await begin(true))).counts).toEqual(NOTHING);
    expect((await ended(await begin(false))).counts).toEqual(NOTHING);
    const { body } = await call<{ items: { name: string }[] }>('GET', '/v1/resources?tenant=default&kind=user');
    expect(body.items.map(({ name }) => name).sort()).toEqual(['ann', 'bob', 'cy', 'dan', 'eve']);
  });

  it('of the other tenant is not seen by this one', async () => {
    const repair = await begin(true, 'other');
    await ended(repair);
    expect(await told(repair)).toEqual({ 'engine zed': 'path', 'readModel zed': 'name userName', 'cloud zed aws/000000000001': 'path update' });
    const { body: { secret } } = await call<{ secret: string }>('POST', '/v1/api-keys', { tenant: 'default', role: 'admin', name: 'default' });
    await eventually(async () => expect((await call('GET', '/v1/resources', undefined, secret)).status).toBe(200));
    for (const path of [`/v1/repairs/${repair}`, `/v1/repairs/${repair}/items`, `/v1/plans/${repair}`]) expect((await call('GET', path, undefined, secret)).status).toBe(404);
    expect((await call('POST', '/v1/sync/repair', { tenant: 'other' }, secret)).status).toBe(404);
    expect((await ended(await begin(false, 'other'))).counts.engine).toEqual({ found: 1, right: 1 });
    await settled();
    const { body: verified } = await call<{ tables: { table: string; equal: boolean }[] }>('POST', '/v1/projection/verify');
    // What else was made of the events that were taken away stays as it was.
    const compared = ['resources', 'sync_resources', 'sync_states', 'sync_summary'];
    expect(verified.tables.filter(({ table, equal }) => compared.includes(table) && !equal)).toEqual([]);
  });

  it('while people edit finds no disagreement that is none, and loses no edit', async () => {
    let edits = 0;
    let over = false;
    const edit = async (name: string): Promise<void> => {
      for (let i = 0; !over; i++, edits++) {
        await call('PATCH', `/v1/users/${ids[name]}`, { displayName: `${name} ${i}` });
        await call(i % 2 === 0 ? 'DELETE' : 'PUT', `/v1/groups/${ids['crew']}/members/${ids[name]}`);
      }
      await call('PATCH', `/v1/users/${ids[name]}`, { tags: { team: 'last' } });
    };
    const editing = Promise.all(['ann', 'bob', 'cy'].map(edit));
    const found: RepairView['counts'][] = [];
    for (const dryRun of [true, false]) {
      const repair = await begin(dryRun);
      await eventually(async () => expect((await call<RepairView>('GET', `/v1/repairs/${repair}`)).body.waitingFor.filter((who) => !who.includes('/') && who !== 'cloud')).toEqual([]));
      found.push((await call<RepairView>('GET', `/v1/repairs/${repair}`)).body.counts);
    }
    over = true;
    await editing;
    await settled();
    expect(edits).toBeGreaterThan(10);
    expect(found.map(({ engine, readModel }) => [engine.found, readModel.found])).toEqual([[0, 0], [0, 0]]);
    for (const name of ['ann', 'bob', 'cy']) expect((await cloud('ListUserTags', { UserName: name })).texts('Value')).toContain('last');
    expect((await ended(await begin(true))).counts).toEqual(NOTHING);
  });

  it('that is cut off amid its statements goes on, whether or not it knows how far it was', async () => {
    const operations = Array.from({ length: 250 }, (_, i) => ({ method: 'POST', path: '/v1/groups', body: { tenant: 'default', groupName: `team-${i}`, syncToProviders: [] } }));
    for (let at = 0; at < operations.length; at += 50) expect((await call('POST', '/v1/batch', { operations: operations.slice(at, at + 50) })).status).toBeLessThan(300);
    const repair = await begin(true);
    const stated = async (): Promise<number> => Number((await pool.query('SELECT stated FROM identity.repairs WHERE repair = $1', [repair])).rows[0]?.stated ?? Number.NaN);
    await eventually(async () => expect(await stated()).toBeGreaterThan(0), { intervalMs: 1 });
    await standalone.close();
    const before = await stated();
    expect(before).toBeLessThan(257);
    await sql(`UPDATE identity.repairs SET cursor = ''`);
    await start();
    const { compared, counts } = await ended(repair);
    expect([compared, counts]).toEqual([257 + before, NOTHING]);
  });
});
