import { isSealed, type RecordedEvent } from '@wami/contracts';
import { patiently as eventually, worldForAll } from '@wami/testing';
import { ACME_TOKEN, EDITOR_TOKEN, ENG_TOKEN, IdentityWorld } from '../testing/identity-world';

jest.setTimeout(60_000);

const AWS = { provider: 'aws', account: '000000000001' };
type Stated = { readonly key: string; readonly tenant: string; readonly data: { readonly version: number; readonly deleted: boolean; readonly groups: string[]; readonly policies: string[]; readonly document: object }; readonly personal: object };

describe('repairs', () => {
  let world: IdentityWorld;
  const ids: Record<string, string> = {};
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'other']) await world.create('tenants', { id, name: id });
    await world.call('PUT', '/v1/tenants/acme/sync-config', { providers: [AWS] });
    ids['ann'] = await world.create('users', { tenant: 'acme', userName: 'ann', email: 'ann@example.com', tags: { team: 'core' } });
    ids['eng'] = await world.create('users', { tenant: 'acme/eng', userName: 'eng' });
    ids['gus'] = await world.create('users', { tenant: 'acme', userName: 'gus' });
    ids['zed'] = await world.create('users', { tenant: 'other', userName: 'zed' });
    ids['crew'] = await world.create('groups', { tenant: 'acme', groupName: 'crew' });
    ids['read'] = await world.create('policies', { tenant: 'acme', policyName: 'read', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] } });
    ids['app'] = await world.create('service-accounts', { tenant: 'acme', accountName: 'app' });
    await world.call('PUT', `/v1/groups/${ids['crew']}/members/${ids['ann']}`);
    await world.call('PUT', `/v1/users/${ids['ann']}/policies/${ids['read']}`);
    await world.call('PATCH', `/v1/users/${ids['ann']}`, { displayName: 'Ann' });
    await world.call('DELETE', `/v1/users/${ids['gus']}?erase=true`);
  });

  const begin = async (body: object = {}, token?: string): Promise<string> => {
    const { status, body: answer, headers } = await world.call('POST', '/v1/sync/repair', { tenant: 'acme', ...body }, token === undefined ? {} : { token });
    expect([status, headers.get('location')]).toEqual([202, `/v1/repairs/${String(answer['repair'])}`]);
    return String(answer['repair']);
  };
  const ended = (repair: string): Promise<readonly RecordedEvent[]> => eventually(async () => {
    const events = await world.store.readStream(repair);
    expect(events.map(({ type }) => type)).toContain('wami.repair.told.v1');
    return events;
  });
  const stated = (events: readonly RecordedEvent[]): Readonly<Record<string, Stated>> =>
    Object.fromEntries(events.filter(({ type }) => type === 'wami.repair.stated.v1').map((event) => [Object.keys(ids).find((name) => ids[name] === event.key) ?? event.key, event as unknown as Stated]));

  it('state each resource of the tenant and its children once, whole and under its own key, and nothing of another tenant', async () => {
    const events = await ended(await begin({}, ACME_TOKEN));
    const all = stated(events);
    expect(Object.keys(all).sort()).toEqual(['ann', 'app', 'crew', 'eng', 'gus', 'read']);
    expect(all['ann']).toMatchObject({
      key: ids['ann'], tenant: 'acme', personal: { document: { userName: 'ann', email: 'ann@example.com', displayName: 'Ann' } },
      data: { kind: 'user', version: 2, deleted: false, dryRun: false, within: 'acme', groups: [ids['crew']], policies: [ids['read']], document: { path: '/', tags: { team: 'core' } } },
    });
    expect(all['eng']).toMatchObject({ tenant: 'acme/eng', data: { groups: [], policies: [] } });
    expect(all['gus']).toMatchObject({ data: { deleted: true, document: {} }, personal: {} });
    expect(all['read']?.personal).toMatchObject({ document: { policyName: 'read', document: { Version: '2012-10-17' }, documentVersion: 1 } });
    expect(events.find(({ type }) => type === 'wami.repair.told.v1')?.data).toEqual({ stated: 6 });
    expect(events.at(-1)).toMatchObject({ type: 'wami.sync-job.requested.v1', meta: { actor: 'somebody' }, data: { verb: 'sync', scope: 'acme', filter: { tenant: 'acme' }, targets: [AWS] } });
    expect((await world.call('GET', `/v1/users/${ids['ann']}`)).headers.get('etag')).toBe('"2"');
  });

  it('seal what is personal under the key of whom it is about', async () => {
    const repair = await begin();
    await ended(repair);
    const { rows } = await world.pool.query<{ personal: unknown; data: object }>(`SELECT personal, data FROM identity.events WHERE stream_id = $1 AND key = $2`, [repair, ids['ann']]);
    expect([rows.length, isSealed(rows[0]?.personal), JSON.stringify(rows).includes('ann@')]).toEqual([1, true, false]);
  });

  it('ask for a plan and no sync where nothing is to be changed', async () => {
    const events = await ended(await begin({ dryRun: true }));
    expect(events.at(-1)).toMatchObject({ type: 'wami.plan.requested.v1', data: { scope: 'acme', filter: { tenant: 'acme' }, targets: [AWS] } });
  });

  it('of a child tenant are about it alone, and never for somebody who may not', async () => {
    expect(Object.keys(stated(await ended(await begin({ tenant: 'acme/eng' }, ENG_TOKEN))))).toEqual(['eng']);
    const head = await world.store.head();
    for (const [body, token, status] of [[{ tenant: 'acme' }, ENG_TOKEN, 404], [{ tenant: 'nobody' }, undefined, 404], [{ tenant: 'acme' }, EDITOR_TOKEN, 403], [{}, undefined, 422], [{ tenant: 'acme', dryrun: true }, undefined, 422]] as const) {
      expect((await world.call('POST', '/v1/sync/repair', body, token === undefined ? {} : { token })).status).toBe(status);
    }
    expect((await world.store.readLog(head, 10)).events).toEqual([]);
  });

  it('are refused where many are being stated', async () => {
    await world.pool.query(`INSERT INTO identity.heads (stream_id, tenant, version, tx, closed) SELECT 'rep_' || n, 'other', 1, pg_current_xact_id(), false FROM generate_series(1, 10) n`);
    const refused = await world.call('POST', '/v1/sync/repair', { tenant: 'other' });
    expect([refused.status, refused.body['code'], refused.body['detail']]).toEqual([409, 'QuotaExceeded', 'the quota "repair" of the tenant other is 10, with what is below it']);
    await world.pool.query(`DELETE FROM identity.heads WHERE stream_id ~ '^rep_[0-9]+$'`);
  });

  it('state again what changed while it was stated: the last word on each is not older than the log before it', async () => {
    const groups = await Promise.all(Array.from({ length: 60 }, (_, i) => world.create('groups', { tenant: 'acme/eng', groupName: `e${i}` })));
    let over = false;
    const edit = async (from: number): Promise<void> => {
      for (let n = from; !over; n++) await world.call('PATCH', `/v1/groups/${groups[n % groups.length]}`, { displayName: `the ${n}th` });
    };
    const editing = Promise.all([0, 10, 20, 30, 40, 50].map(edit));
    let again = 0;
    try {
      // An edit has to come between the reading of a page and its statement.
      for (let tries = 0; again === 0 && tries < 20; tries++) {
        const repair = await begin({ tenant: 'acme/eng', dryRun: true });
        again += (await ended(repair)).length - (61 + 3);
        const { rows } = await world.pool.query(`SELECT s.key FROM identity.events s JOIN identity.events e ON e.stream_id = s.key AND (e.tx, e.position) < (s.tx, s.position) AND e.version > (s.data->>'version')::integer
          WHERE s.stream_id = $1 AND s.type = 'wami.repair.stated.v1' AND NOT EXISTS (SELECT 1 FROM identity.events l WHERE l.stream_id = $1 AND l.key = s.key AND l.version > s.version)`, [repair]);
        expect(rows).toEqual([]);
      }
    } finally {
      over = true;
      await editing;
    }
    expect(again).toBeGreaterThan(0);
  });

  it('that are cut off go on', async () => {
    for (let i = 0; i < 120; i++) ids[`g${i}`] = await world.create('groups', { tenant: 'other', groupName: `g${i}` });
    const repair = await begin({ tenant: 'other', dryRun: true });
    await eventually(async () => expect((await world.store.readStream(repair)).length).toBeGreaterThan(100), { intervalMs: 1 });
    await world.stopApp();
    await world.startApp();
    const events = await ended(repair);
    const all = stated(events);
    expect(Object.keys(all)).toHaveLength(121);
    expect(events.map(({ version }) => version)).toEqual(events.map((_, i) => i + 1));
    expect(events.find(({ type }) => type === 'wami.repair.told.v1')?.data).toEqual({ stated: events.length - 3 });
    expect((await world.pool.query('SELECT 1 FROM identity.repairs')).rows).toEqual([]);
  });

  it('leave out what this release cannot read: it alone stands still, nobody waits for it, and a release that knows it takes it in, in its order', async () => {
    const zed = ids['zed'] ?? '';
    for (const [version, type, data] of [[2, 'wami.user.blessed.v7', '{"tags": {"blessed": "yes"}}'], [3, 'wami.user.deleted.v1', '{}']]) {
      await world.pool.query(`INSERT INTO identity.events (tenant, stream_id, version, event_id, type, schema_v, key, subject, data, personal, meta, recorded_at)
        SELECT tenant, stream_id, $2::integer, 'evt_of_zed_' || $2::text, $3, schema_v, key, subject, $4, '{}', meta, now() FROM identity.events WHERE stream_id = $1 AND version = 1`, [zed, version, type, data]);
    }
    const listed = async (): Promise<number | null> => (await world.pool.query('SELECT 1 FROM identity.directory_resources WHERE id = $1', [zed])).rowCount;
    expect((await world.call('GET', '/v1/tenants')).status).toBe(200);
    expect(await world.call('GET', `/v1/users/${zed}`)).toMatchObject({ status: 500, body: { code: 'Unreadable', detail: 'wami.user.blessed.v7: this release does not know the event type', hint: expect.stringContaining('Install the release') as string } });
    expect(Object.keys(stated(await ended(await begin({ tenant: 'other', dryRun: true }))))).toHaveLength(120);
    expect([await listed(), (await world.pool.query('SELECT id FROM identity.directory_left_out ORDER BY number')).rows]).toEqual([1, [{ id: 'evt_of_zed_2' }, { id: 'evt_of_zed_3' }]]);

    await world.stopApp();
    await world.pool.query(`UPDATE identity.directory_left_out SET event = jsonb_set(event, '{type}', '"wami.user.updated.v1"') WHERE id = 'evt_of_zed_2'`);
    await world.startApp();
    expect([await listed(), (await world.pool.query('SELECT 1 FROM identity.directory_left_out')).rowCount]).toEqual([0, 0]);
  });
});
