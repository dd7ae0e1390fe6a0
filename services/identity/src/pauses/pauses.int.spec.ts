import type { PauseView, RecordedEvent, Resumed } from '@wami/contracts';
import { eventually, worldForAll } from '@wami/testing';
import { ACME_TOKEN, EDITOR_TOKEN, ENG_TOKEN, IdentityWorld, OTHER_TOKEN, type Answer } from '../testing/identity-world';

const AWS = { provider: 'aws', account: '000000000001' };
const NEVER = 'pau_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y';

jest.setTimeout(60_000);

describe('pause and resume over HTTP', () => {
  let world: IdentityWorld;
  let user: string;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'acme/ops', 'other']) await world.create('tenants', { id, name: id });
    await world.call('PUT', '/v1/tenants/acme/sync-config', { providers: [AWS] });
    user = await world.create('users', { tenant: 'acme/eng', userName: 'ann' });
  });
  afterEach(async () => {
    expect((await resume({})).stillPausedBy).toEqual([]);
  });

  const send = (verb: 'pause' | 'resume', body: object, token?: string, headers: Record<string, string> = {}): Promise<Answer> =>
    world.call('POST', `/v1/sync/${verb}`, verb === 'pause' ? { reason: 'freeze', ...body } : body, { headers, ...(token === undefined ? {} : { token }) });
  const pause = async (body: object, token?: string): Promise<PauseView> => {
    const { status, body: view } = await send('pause', body, token);
    expect([status, view['code']]).toEqual([201, undefined]);
    return view as unknown as PauseView;
  };
  const resume = async (body: object, token?: string): Promise<Resumed> => {
    const { status, body: resumed } = await send('resume', body, token);
    expect([status, resumed['code']]).toEqual([200, undefined]);
    return resumed as unknown as Resumed;
  };
  const events = (id: string): Promise<readonly RecordedEvent[]> => world.store.readStream(id);
  const tenantOf = async (id: string): Promise<string | undefined> => (await events(id))[0]?.tenant;

  it('answers with the pause, its reason and who did it; the reason stands in the personal part', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const { status, headers, body } = await send('pause', { tenant: 'acme', provider: 'aws', account: AWS.account, until }, ACME_TOKEN);
    expect([status, headers.get('etag'), typeof headers.get('wami-position')]).toEqual([201, '"1"', 'string']);
    const id = String(body['id']);
    expect(body).toEqual({
      id, arn: `arn:wami:iam:acme:wami:test:pause/${id}`, version: 1, tenant: 'acme', ...AWS, reason: 'freeze', until, startedAt: expect.any(String) as string, startedBy: 'somebody',
    });
    expect(await events(id)).toMatchObject([{ type: 'wami.pause.started.v1', key: id, tenant: 'acme', data: { ...AWS, until }, personal: { reason: 'freeze' } }]);
    const { rows } = await world.pool.query<{ data: string; meta: string }>('SELECT data::text, meta::text FROM identity.events WHERE stream_id = $1', [id]);
    expect(JSON.stringify(rows)).not.toContain('freeze');
  });

  it('belongs to the narrower of the caller and what is asked for, of a resource to its tenant', async () => {
    expect(await tenantOf((await pause({})).id)).toBe('');
    expect(await tenantOf((await pause({}, ACME_TOKEN)).id)).toBe('acme');
    expect(await tenantOf((await pause({ tenant: 'acme/ops' }, ACME_TOKEN)).id)).toBe('acme/ops');
    const { id, resource } = await pause({ resource: `arn:wami:iam:acme/eng:wami:test:user/${user}` }, ACME_TOKEN);
    expect([await tenantOf(id), resource, (await events(id))[0]?.key]).toEqual(['acme/eng', user, user]);
  });

  it('refuses what is foreign, unknown, contradictory, unreasoned, over or too long', async () => {
    const refused = async (body: object, token?: string): Promise<unknown> => {
      const answer = await send('pause', body, token);
      return [answer.status, (answer.body['errors'] as { pointer: string }[] | undefined)?.map(({ pointer }) => pointer)];
    };
    expect(await refused({ tenant: 'other' }, ACME_TOKEN)).toEqual([404, undefined]);
    expect(await refused({ tenant: 'nobody' })).toEqual([404, undefined]);
    expect(await refused({ resource: user }, OTHER_TOKEN)).toEqual([404, undefined]);
    expect(await refused({ resource: 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y' })).toEqual([404, undefined]);
    expect(await refused({ tenant: 'acme/ops', resource: user })).toEqual([422, ['/resource']]);
    expect(await refused({ reason: ' ' })).toEqual([422, ['/reason']]);
    expect(await refused({ reason: 'x'.repeat(501) })).toEqual([422, ['/reason']]);
    expect(await refused({ until: '2020-01-01T00:00:00Z' })).toEqual([422, ['/until']]);
    expect(await refused({ until: new Date(Date.now() + 400 * 86_400_000).toISOString() })).toEqual([422, ['/until']]);
    expect(await refused({}, EDITOR_TOKEN)).toEqual([403, undefined]);
    expect((await send('resume', { until: '2099-01-01T00:00:00Z' })).status).toBe(422);
    expect((await send('resume', { tenant: 'other' }, ACME_TOKEN)).status).toBe(404);
  });

  it('resume ends all that select no more, in one transaction, and tells what reaches further', async () => {
    const wide = await pause({ tenant: 'acme' });
    const within = [await pause({ tenant: 'acme/eng' }), await pause({ tenant: 'acme/eng', provider: 'aws' }), await pause({ resource: user })];
    const aside = await pause({ tenant: 'acme/ops' });
    const done = await resume({ tenant: 'acme/eng', reason: 'over' });
    expect([...done.ended].sort()).toEqual(within.map(({ id }) => id).sort());
    expect(done.stillPausedBy).toEqual([{ id: wide.id, tenant: 'acme' }]);
    const endings = (await Promise.all(within.map(async ({ id }) => (await events(id)).slice(1)))).flat();
    expect(endings.map(({ type, personal }) => [type, personal])).toEqual(within.map(() => ['wami.pause.ended.v1', { reason: 'over' }]));
    const { rows } = await world.pool.query<{ n: number }>('SELECT count(DISTINCT tx::text) AS n FROM identity.events WHERE stream_id = ANY($1) AND version = 2', [within.map(({ id }) => id)]);
    expect(rows).toEqual([{ n: 1 }]);
    expect((await resume({ tenant: 'acme/eng' })).ended).toEqual([]);
    expect((await resume({ tenant: 'acme', provider: 'aws' })).stillPausedBy.map(({ id }) => id).sort()).toEqual([wide.id, aside.id].sort());
    expect([...(await resume({ tenant: 'acme' })).ended].sort()).toEqual([wide.id, aside.id].sort());
  });

  it('never ends a pause of a tenant above: that is told by id and extent, without its reason', async () => {
    const [all, above] = [await pause({ provider: 'aws' }), await pause({ tenant: 'acme', reason: 'because of Bob' })];
    const own = await pause({ tenant: 'acme/eng' }, ENG_TOKEN);
    for (const body of [{}, { tenant: 'acme/eng' }, { resource: user }]) {
      const done = await send('resume', body, ENG_TOKEN);
      expect([done.status, JSON.stringify(done.body).includes('Bob')]).toEqual([200, false]);
      expect((done.body['stillPausedBy'] as { id: string }[]).map(({ id }) => id)).toEqual(expect.arrayContaining([all.id, above.id]));
    }
    expect((await send('resume', { tenant: 'acme' }, ENG_TOKEN)).status).toBe(404);
    expect(await Promise.all([all, above, own].map(async ({ id }) => (await events(id)).length))).toEqual([1, 1, 2]);
    expect((await resume({}, OTHER_TOKEN)).ended).toEqual([]);
  });

  it('a repeat under the same key gets the same answer, another body 422; a dry run writes nothing', async () => {
    const key = { 'idempotency-key': 'pause-1' };
    const [first, again] = [await send('pause', { tenant: 'acme' }, undefined, key), await send('pause', { tenant: 'acme' }, undefined, key)];
    expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([first.body, 'true']);
    expect((await send('pause', { tenant: 'other' }, undefined, key)).status).toBe(422);
    const second = await pause({ tenant: 'acme/eng' });
    const ids = [String(first.body['id']), second.id];
    const dry = await world.call('POST', '/v1/sync/resume?dryRun=true', { tenant: 'acme' });
    expect([[...(dry.body['ended'] as string[])].sort(), (await events(second.id)).length]).toEqual([ids.sort(), 1]);
    const once = await send('resume', { tenant: 'acme' }, undefined, { 'idempotency-key': 'resume-1' });
    const later = await pause({ tenant: 'acme' });
    const twice = await send('resume', { tenant: 'acme' }, undefined, { 'idempotency-key': 'resume-1' });
    expect([[...(once.body['ended'] as string[])].sort(), twice.body['ended']]).toEqual([ids, once.body['ended']]);
    expect((await events(later.id)).length).toBe(1);
    const none = await send('resume', { tenant: 'other' }, undefined, { 'idempotency-key': 'resume-2' });
    const other = await pause({ tenant: 'other' });
    expect([none.body['ended'], (await send('resume', { tenant: 'other' }, undefined, { 'idempotency-key': 'resume-2' })).body['ended']]).toEqual([[], []]);
    expect((await events(other.id)).length).toBe(1);
    expect(((await world.call('POST', '/v1/sync/pause?dryRun=true', { reason: 'x' })).body['id'] as string).length).toBe(NEVER.length);
  });

  it('two who resume at once end each pause once', async () => {
    const ids = (await Promise.all(Array.from({ length: 6 }, () => pause({ tenant: 'acme/ops' })))).map(({ id }) => id);
    const answers = await Promise.all(Array.from({ length: 4 }, () => resume({ tenant: 'acme/ops' })));
    expect(answers.flatMap(({ ended }) => ended).sort()).toEqual(ids.sort());
    expect(await Promise.all(ids.map(async (id) => (await events(id)).length))).toEqual(ids.map(() => 2));
  });

  it('is put on record as over when its time has come, by the service itself', async () => {
    const { id } = await pause({ tenant: 'acme', until: new Date(Date.now() + 1_500).toISOString() });
    await eventually(async () => (await events(id)).length === 2, { timeoutMs: 15_000, describe: 'the pause is ended' });
    expect((await events(id))[1]).toMatchObject({ type: 'wami.pause.ended.v1', meta: { actor: 'identity' }, personal: {} });
  });

  it('keeps its tenant from being deleted unless by force, which ends it', async () => {
    await world.create('tenants', { id: 'brief', name: 'brief' });
    const { id } = await pause({ tenant: 'brief' });
    expect((await world.call('DELETE', '/v1/tenants/brief')).body['code']).toBe('TenantNotEmpty');
    expect((await world.call('DELETE', '/v1/tenants/brief?force=true')).status).toBe(202);
    await eventually(async () => (await world.call('GET', '/v1/tenants/brief')).status === 404, { timeoutMs: 15_000, describe: 'the tenant is gone' });
    expect((await events(id)).map(({ type }) => type)).toEqual(['wami.pause.started.v1', 'wami.pause.ended.v1']);
  });
});
