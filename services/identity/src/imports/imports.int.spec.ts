import { isSealed, type RecordedEvent } from '@wami/contracts';
import { patiently as eventually, worldForAll } from '@wami/testing';
import { ACME_TOKEN, EDITOR_TOKEN, ENG_TOKEN, IdentityWorld } from '../testing/identity-world';

jest.setTimeout(60_000);

const ACCOUNT = '000000000001';
const AWS = { provider: 'aws', account: ACCOUNT };
type Decided = { readonly item: string; readonly outcome: string; readonly resource?: string; readonly code?: string };

describe('imports', () => {
  let world: IdentityWorld;
  let above: string;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    await world.create('tenants', { id: 'acme', name: 'Acme' });
    await world.create('tenants', { id: 'acme/eng', name: 'Engineering' });
    await world.create('tenants', { id: 'alone', name: 'Alone' });
    await world.call('PUT', '/v1/tenants/acme/sync-config', { providers: [AWS] });
    above = await world.create('groups', { tenant: 'acme', groupName: 'above' });
  });

  const ask = (body: object = {}, token?: string) => world.call('POST', '/v1/sync/import', { tenant: 'acme', provider: 'aws', ...body }, token === undefined ? {} : { token });
  const job = async (body: object = {}, token?: string): Promise<string> => {
    const { status, body: answer } = await ask({ adopt: true, ...body }, token);
    expect(status).toBe(202);
    return String(answer['job']);
  };
  const stream = (id: string): Promise<readonly RecordedEvent[]> => world.store.readStream(id);
  const decisions = async (id: string): Promise<Decided[]> => (await stream(id)).filter(({ type }) => type === 'wami.import.decided.v1').flatMap(({ data }) => (data as { items: Decided[] }).items);
  /** Resolves when so many chunks were decided. */
  const decided = (id: string, chunks: number): Promise<Record<string, Decided>> => eventually(async () => {
    expect((await stream(id)).filter(({ type }) => type === 'wami.import.decided.v1')).toHaveLength(chunks);
    return Object.fromEntries((await decisions(id)).map((one) => [one.item, one]));
  });
  const read = async (kind: string, id = ''): Promise<Record<string, unknown>> => (await world.call('GET', `/v1/${kind}/${id}`)).body;

  it('are events that name the target, the kinds and how far they may go; what they find is under a key of their own', async () => {
    const { status, body, headers } = await ask({ account: ACCOUNT, kinds: ['user', 'user'], reason: 'first look' }, ACME_TOKEN);
    expect([status, headers.get('wami-position') === null]).toEqual([202, false]);
    const [event] = await stream(String(body['job']));
    expect(event).toMatchObject({ type: 'wami.import.requested.v1', tenant: 'acme', data: { ...AWS, kinds: ['user'], adopt: false, scope: 'acme' }, personal: { reason: 'first look' }, meta: { actor: 'somebody' } });
    const { rows } = await world.pool.query<{ personal: unknown }>('SELECT personal FROM identity.events WHERE stream_id = $1', [body['job']]);
    expect(isSealed(rows[0]?.personal)).toBe(true);
  });

  it('make nothing where they are only to report', async () => {
    const reporting = await job({ adopt: false });
    await world.cloud.found(reporting, 'user', 1, { reported: {} });
    const adopting = await job();
    await world.cloud.found(adopting, 'user', 1, { marker: {} });
    await decided(adopting, 1);
    expect(await decisions(reporting)).toEqual([]);
  });

  it('make resources that stand for exactly what was found, in the name of who asked, for that target alone', async () => {
    const id = await job({}, ACME_TOKEN);
    await world.cloud.found(id, 'group', 1, { crew: {} });
    await world.cloud.found(id, 'user', 2, { zoe: { path: '/people/', tags: { team: 'core' }, related: [{ facet: 'groups', item: 'crew' }] } });
    const { crew, zoe } = await decided(id, 2);
    expect([crew?.outcome, zoe?.outcome]).toEqual(['imported', 'imported']);
    expect(await read('users', zoe?.resource)).toEqual({
      id: zoe?.resource, arn: expect.any(String) as string, version: 1, tenant: 'acme', userName: 'zoe', path: '/people/', tags: { team: 'core' }, syncToProviders: [`aws/${ACCOUNT}`],
    });
    const [created] = await stream(zoe?.resource ?? '');
    expect(created).toMatchObject({ meta: { actor: 'somebody' }, personal: { userName: 'zoe', adopts: { ...AWS, providerResourceId: 'AIDA-user-zoe', name: 'zoe', job: id, item: 'zoe' } } });
    expect((await world.cloud.store.readStream(`aws/${ACCOUNT}/${id}`)).map((event) => event.id)).toContain(created?.meta.causationId);
    expect((await world.call('GET', `/v1/groups/${crew?.resource}`)).body).toMatchObject({ groupName: 'crew' });
    const relations = (await world.call('GET', '/v1/relations?tenant=acme')).body['items'] as { groupId: string; userId: string }[];
    expect(relations).toContainEqual(expect.objectContaining({ groupId: crew?.resource, userId: zoe?.resource }));
  });

  it("refuse what the tenant's rules refuse, each with the problem's code, and go on with the others", async () => {
    await world.create('users', { tenant: 'acme', userName: 'Taken' });
    await world.call('PATCH', '/v1/tenants/acme', { quotas: { group: 2 } });
    const id = await job();
    await world.cloud.found(id, 'user', 1, {
      taken: {}, badname: { name: 'bad\u0007name' }, badtag: { tags: { 'wami-id': 'x' } }, ourselves: { obstacle: 'own-principal' }, good: {},
    });
    await world.cloud.found(id, 'group', 2, { g1: {}, g2: {} });
    const all = await decided(id, 2);
    expect(Object.fromEntries(Object.entries(all).map(([item, { outcome, code }]) => [item, code ?? outcome]))).toEqual({
      taken: 'NameTaken', badname: 'ValidationFailed', badtag: 'ValidationFailed', good: 'imported', g1: 'QuotaExceeded', g2: 'QuotaExceeded',
    });
    const details = (await stream(id)).find(({ type }) => type === 'wami.import.decided.v1')?.personal;
    expect(details).toEqual({ details: { taken: expect.any(String) as string, badname: expect.stringContaining('/userName') as string, badtag: expect.stringContaining('/tags') as string } });
    expect((await world.call('PATCH', '/v1/tenants/acme', { quotas: null })).status).toBe(200);
  });

  it('make nothing twice: what another import has is refused, until it is deleted', async () => {
    const first = await job();
    await world.cloud.found(first, 'user', 1, { same: { providerResourceId: 'AIDASAME', name: 'same-1' } });
    const { same } = await decided(first, 1);
    const second = await job();
    await world.cloud.found(second, 'user', 1, { again: { providerResourceId: 'AIDASAME', name: 'same-2' } });
    expect((await decided(second, 1))['again']).toMatchObject({ outcome: 'refused', code: 'AlreadyImported' });
    expect((await world.call('DELETE', `/v1/users/${same?.resource}`)).status).toBe(204);
    const third = await job();
    await world.cloud.found(third, 'user', 1, { third: { providerResourceId: 'AIDASAME', name: 'same-3' } });
    expect((await decided(third, 1))['third']).toMatchObject({ outcome: 'imported' });
  });

  it('that are cut off in the middle are gone on with, and nothing is made or said twice', async () => {
    const id = await job();
    const things = (chunk: number) => Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`cut-${chunk}-${i}`, {}]));
    const made = async (): Promise<number> => Number((await world.pool.query("SELECT count(*) AS n FROM identity.events WHERE type = 'wami.user.created.v1' AND tenant = 'acme'")).rows[0]?.n);
    const before = await made();
    for (let chunk = 1; chunk <= 6; chunk++) await world.cloud.found(id, 'user', chunk, things(chunk));
    await eventually(async () => expect(await made()).toBeGreaterThan(before + 5), { intervalMs: 1 });
    await world.stopApp();
    const stopped = await made();
    await world.startApp();
    const all = await decided(id, 6);
    expect(stopped).toBeLessThan(before + 150);
    expect(Object.values(all).map(({ outcome }) => outcome)).toEqual(Array.from({ length: 150 }, () => 'imported'));
    expect(new Set(Object.values(all).map(({ resource }) => resource)).size).toBe(150);
    expect(await made()).toBe(before + 150);
  });

  it('that come again, as from a log that is read anew, change nothing', async () => {
    const id = await job();
    await world.cloud.found(id, 'user', 1, { once: {} });
    await decided(id, 1);
    await world.cloud.found(id, 'user', 1, { once: {} });
    await world.cloud.found(id, 'user', 2, { after: {} });
    expect(Object.keys(await decided(id, 2))).toEqual(['once', 'after']);
  });

  it('take no membership in a group that the caller cannot see', async () => {
    const id = await job({ tenant: 'acme/eng' }, ENG_TOKEN);
    await world.cloud.found(id, 'user', 1, { child: { related: [{ facet: 'groups', resource: above }] } }, 'acme/eng');
    const { child } = await decided(id, 1);
    const relations = (await world.call('GET', '/v1/relations?tenant=acme')).body['items'] as { userId: string }[];
    expect(relations.filter(({ userId }) => userId === child?.resource)).toEqual([]);
  });

  it('have siblings: what was changed at a target that the tenant pulls from becomes intent, where it still is as the engine knew it and the rules allow it, once', async () => {
    const user = await world.create('users', { tenant: 'acme', userName: 'pulled', path: '/a/', tags: { team: 'a', old: 'x', edited: 'mine' } });
    const member = await world.create('groups', { tenant: 'acme', groupName: 'joined' });
    const alone = await world.create('groups', { tenant: 'alone', groupName: 'elsewhere' });
    expect((await world.call('PUT', `/v1/groups/${above}/members/${user}`)).status).toBe(201);
    const changes = [
      { at: 'fields/name', expected: 'pulled', found: 'renamed' }, { at: 'fields/path', expected: '/a/', found: 'no path' }, { at: 'tags/team', expected: 'a', found: 'b' }, { at: 'tags/old', expected: 'x' },
      { at: 'tags/edited', expected: 'theirs before', found: 'theirs' }, { at: 'tags/wami-id', found: 'x' }, { at: 'tags/new/one', found: '1' },
      { at: `groups/${above}`, expected: above }, { at: `groups/${member}`, found: member }, { at: `groups/${alone}`, found: alone },
    ];
    await world.cloud.pulled(user, changes);
    await world.cloud.pulled(user, changes);
    const last = await world.create('users', { tenant: 'acme', userName: 'last', tags: { at: '1' } });
    await world.cloud.pulled(last, [{ at: 'tags/at', expected: '1', found: '2' }]);
    await eventually(async () => expect(await read('users', last)).toMatchObject({ tags: { at: '2' } }));
    expect(await read('users', user)).toMatchObject({ userName: 'renamed', path: '/a/', tags: { team: 'b', edited: 'mine', 'new/one': '1' }, version: 3 });
    const events = await stream(user);
    expect(events.slice(1).map(({ meta: { actor, causationId } }) => [actor, causationId === undefined])).toEqual([['sync-aws', false], ['sync-aws', false]]);
    const relations = (await world.call('GET', '/v1/relations?tenant=acme&limit=1000')).body['items'] as { groupId: string; userId: string }[];
    expect(relations.filter(({ userId }) => userId === user).map(({ groupId }) => groupId)).toEqual([member]);
  });

  it('and so does what a policy says there, where it still says here what the engine knew; of a document that was written for that cloud that one changes', async () => {
    const document = (Action: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [Action], Resource: ['*'] }] });
    const pulled = (id: string, expected: object, found: object | string): Promise<void> =>
      world.cloud.pulled(id, [{ at: 'fields/document', expected: JSON.stringify(expected), found: typeof found === 'string' ? found : JSON.stringify(found) }]);
    const plain = await world.create('policies', { tenant: 'acme', policyName: 'plain', document: document('S3:Get') });
    const own = await world.create('policies', { tenant: 'acme', policyName: 'own', document: document('s3:Get'), providerDocuments: { aws: document('s3:List') } });
    await pulled(plain, document('s3:other'), document('s3:Lost'));
    await pulled(plain, document('s3:get'), 'nonsense');
    await pulled(plain, document('s3:get'), document('nonsense'));
    await pulled(plain, document('s3:get'), document('s3:Put'));
    await pulled(own, document('s3:list'), document('s3:Put'));
    await eventually(async () => expect(await read('policies', own)).toMatchObject({ document: document('s3:Get'), providerDocuments: { aws: document('s3:Put') } }));
    expect(await read('policies', plain)).toMatchObject({ document: document('s3:Put'), documentVersion: 2 });
  });

  it('and so does whom a service account trusts, name by name, where it still trusts here whom the engine knew and what stands there may be trusted', async () => {
    const trusting = (subject: string, issuer = 'https://issuer.example'): object => ({ issuer, subject });
    const told = (subject: string, issuer?: string): string => JSON.stringify({ ...trusting(subject, issuer), audiences: ['api://AzureADTokenExchange'] });
    const federation = { changed: trusting('a'), gone: trusting('b'), edited: trusting('c'), unsafe: trusting('d'), vague: trusting('e') };
    const account = await world.create('service-accounts', { tenant: 'acme', accountName: 'pulled-bot', federation });
    await world.cloud.pulled(account, [
      { at: 'fields/federation/changed', expected: told('a'), found: told('new') }, { at: 'fields/federation/gone', expected: told('b') }, { at: 'fields/federation/edited', expected: told('before'), found: told('theirs') },
      { at: 'fields/federation/unsafe', expected: told('d'), found: told('d', 'http://issuer.example') }, { at: 'fields/federation/vague', expected: told('e'), found: told('') }, { at: 'fields/federation/theirs', found: told('f') },
    ]);
    await eventually(async () => expect((await read('service-accounts', account))['federation']).toEqual({ ...federation, gone: undefined, changed: JSON.parse(told('new')) as object }));
  });

  it('and so do client ids and thumbprints of an identity provider, where they still are as the engine knew them and can be held here', async () => {
    const [print, other] = ['a'.repeat(40), 'b'.repeat(40)];
    const provider = await world.create('identity-providers', { tenant: 'acme', providerName: 'pulled', oidc: { url: 'https://issuer.example', clientIds: ['b', 'a'], thumbprints: [print] } });
    await world.cloud.pulled(provider, [{ at: 'fields/clientIds', expected: '["before"]', found: '["theirs"]' }, { at: 'fields/thumbprints', expected: JSON.stringify([print]), found: '["no thumbprint"]' }, { at: 'tags/seen', found: '1' }]);
    await eventually(async () => expect((await read('identity-providers', provider))['tags']).toEqual({ seen: '1' }));
    await world.cloud.pulled(provider, [{ at: 'fields/clientIds', expected: '["a","b"]', found: '["a","c"]' }, { at: 'fields/thumbprints', expected: JSON.stringify([print]), found: JSON.stringify([other]) }]);
    await eventually(async () => expect((await read('identity-providers', provider))['oidc']).toEqual({ url: 'https://issuer.example', clientIds: ['a', 'c'], thumbprints: [other] }));
  });

  it('are forgotten with whom they found: the key of what they found is destroyed when one of them is erased', async () => {
    const id = await job();
    await world.cloud.found(id, 'user', 1, { gina: {}, hugo: {} });
    const { gina } = await decided(id, 1);
    expect((await world.call('DELETE', `/v1/users/${gina?.resource}?erase=true`)).status).toBe(204);
    expect((await stream(id)).at(-1)).toMatchObject({ type: 'wami.subject.erased.v1', key: id, data: { kind: 'import' } });
    const { rows } = await world.pool.query('SELECT wrapped FROM identity.subject_keys WHERE subject = $1', [id]);
    expect(rows).toEqual([{ wrapped: null }]);
    expect((await world.call('DELETE', `/v1/users/${gina?.resource}?erase=true`)).status).toBe(204);
  });

  it('are forgotten when their time is over', async () => {
    const id = await job({ adopt: false });
    await eventually(async () => expect((await world.pool.query("SELECT due_at > now() + interval '29 days' AS later FROM identity.housekeeping_tasks WHERE kind = 'import' AND subject = $1", [id])).rows).toEqual([{ later: true }]));
    expect((await stream(id)).map(({ type }) => type)).toEqual(['wami.import.requested.v1']);
    await world.pool.query("UPDATE identity.housekeeping_tasks SET due_at = now() WHERE kind = 'import' AND subject = $1", [id]);
    await eventually(async () => expect((await stream(id)).map(({ type }) => type)).toEqual(['wami.import.requested.v1', 'wami.subject.erased.v1']));
    expect((await world.pool.query('SELECT wrapped FROM identity.subject_keys WHERE subject = $1', [id])).rows).toEqual([{ wrapped: null }]);
  });

  it.each([
    ['a tenant above', { tenant: 'acme' }, ENG_TOKEN, 404], ['an unknown tenant', { tenant: 'nobody' }, undefined, 404], ['a target it is not synced to', { account: '000000000009' }, undefined, 422],
    ['another provider', { provider: 'gcp' }, undefined, 422], ['a tenant that is synced to nothing', { tenant: 'alone' }, undefined, 422],
    ['a kind that cannot be imported', { kinds: ['role'] }, undefined, 422], ['for an editor', {}, EDITOR_TOKEN, 403], ['something unknown', { adpot: true }, undefined, 422],
  ])('are refused: %s', async (_, body, token, status) => {
    const head = await world.store.head();
    expect((await ask(body, token)).status).toBe(status);
    expect((await world.store.readLog(head, 10)).events).toEqual([]);
  });

  it('names the field of what is refused', async () => {
    expect((await ask({ kinds: ['role'] })).body['errors']).toEqual([expect.objectContaining({ pointer: '/kinds/0' })]);
    expect((await ask({ account: '000000000009' })).body['errors']).toEqual([expect.objectContaining({ pointer: '/account' })]);
    expect((await ask({ provider: 'gcp' })).body['errors']).toEqual([expect.objectContaining({ pointer: '/provider' })]);
  });
});
