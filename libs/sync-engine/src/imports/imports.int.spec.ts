import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { CONNECTION, EngineUnderTest, HOLDING, TO_AWS } from '../spec-support/engine-under-test';
import { ACCOUNT } from '../spec-support/identity';
import { askImport, importThing, toldOf, type Listed } from '../spec-support/imports';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
});

const listed = (job: string): Promise<Listed> => eventually(async () => {
  const end = (await toldOf(test, job)).listed;
  if (!end) throw new Error('not listed yet');
  return end;
}, { timeoutMs: 90_000 });

/** People in groups that nobody manages. */
function plantOrganisation(users: number, groups: number): void {
  const all = Array.from({ length: groups }, (_, i) => test.cloud.plant({ kind: 'group', name: `group-${i}` }));
  for (let i = 0; i < users; i++) {
    const group = all[i % groups];
    test.cloud.plant({ kind: 'user', name: `user-${i}`, path: '/people/', tags: { team: `t${i % 7}` }, groups: new Set(group ? [group.id] : []) });
  }
}

describe('unmanaged resources', () => {
  it('are reported and can be imported: adopted with no write beside the marks, and the second import finds nothing', async () => {
    plantOrganisation(250, 5);
    await test.start();
    const job = await askImport(test);
    expect((await listed(job)).data).toMatchObject({ seen: 255, managed: 0, found: 255, problems: [] });
    const { items, found } = await toldOf(test, job);
    expect(new Set(items.map(({ item }) => item)).size).toBe(255);
    expect(found.map(({ data: { chunk } }) => chunk)).toEqual(found.map((_, i) => i + 1));
    expect(test.cloud.writes).toEqual([]);
    // People before groups: memberships are known before their groups are adopted, and after.
    const users = items.filter(({ kind }) => kind === 'user');
    for (const item of users.slice(0, 120)) await importThing(test, job, item);
    for (const item of items.filter(({ kind }) => kind === 'group')) await importThing(test, job, item);
    for (const item of users.slice(120)) await importThing(test, job, item);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 255 }), { timeoutMs: 60_000 });
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(Array.from({ length: 255 }, () => 'tag'));
    expect(test.cloud.named('user-8')).toMatchObject({ path: '/people/', tags: { team: 't1' }, mark: { tenant: 'acme', kind: 'user' } });
    expect(test.cloud.groupsOf('user-8')).toEqual(['group-3']);
    const again = await askImport(test);
    expect((await listed(again)).data).toMatchObject({ seen: 255, managed: 255, found: 0 });
    expect((await toldOf(test, again)).items).toEqual([]);
  });

  it('are none of those that carry the mark of another installation, of what is not known here, or that WAMI signs in as', async () => {
    test.cloud.plant({ kind: 'user', name: 'theirs', mark: { instance: 'elsewhere', tenant: 'acme', id: 'usr_X', kind: 'user' } });
    test.cloud.plant({ kind: 'user', name: 'lost', mark: { instance: 'local', tenant: 'rival', id: 'usr_GONE', kind: 'user' } });
    test.cloud.plant({ kind: 'user', name: 'wami' });
    test.cloud.principal = 'arn:aws:iam::1:user/wami';
    const ours = await test.identity.user('ours');
    await test.start();
    await eventually(async () => expect(await test.stateOf(ours)).toBe('Synced'));
    const job = await askImport(test, { kinds: ['user'] });
    expect((await listed(job)).data).toMatchObject({ seen: 4, managed: 1, found: 0 });
    expect((await toldOf(test, job)).items.map(({ thing, obstacle }) => [thing.name, obstacle])).toEqual([['theirs', 'marked'], ['lost', 'marked'], ['wami', 'own-principal']]);
    expect(test.cloud.writes.map(({ name }) => name)).toEqual(['ours']);
  });

  it('have the name that fits how names are made at the target, or cannot be imported', async () => {
    test.connections.set([{ ...CONNECTION, naming: '{tenant}.{name}' }]);
    test.cloud.plant({ kind: 'user', name: 'acme.ann' });
    test.cloud.plant({ kind: 'user', name: 'bob' });
    await test.start();
    const job = await askImport(test);
    await listed(job);
    const { items } = await toldOf(test, job);
    expect(items.map(({ thing, obstacle }) => [thing.name, thing.nativeName, obstacle])).toEqual([['ann', 'acme.ann', undefined], ['bob', 'bob', 'naming']]);
    const [ann] = items;
    if (ann) await importThing(test, job, ann);
    await eventually(async () => expect(await test.states()).toEqual({ Synced: 1 }));
    expect(test.cloud.writes.map(({ api, name }) => [api, name])).toEqual([['tag', 'acme.ann']]);
  });
});

describe('an import', () => {
  it('that is cut off begins again and tells of nothing twice', async () => {
    plantOrganisation(350, 2);
    let cut = 0;
    test.cloud.fault = ({ api, name }) => {
      if (api !== 'list' || name !== 'user') return undefined;
      cut += 1;
      return cut === 3 || cut === 6 ? { refuse: new ProviderError('Unavailable', 'not now') } : undefined;
    };
    await test.start();
    const job = await askImport(test);
    expect((await listed(job)).data).toMatchObject({ seen: 352, managed: 0, found: 352, problems: [] });
    expect(new Set((await toldOf(test, job)).items.map(({ item }) => item)).size).toBe(352);
    expect((await toldOf(test, job)).items).toHaveLength(352);
    expect(cut).toBeGreaterThan(6);
  });

  it('whose engine dies in the middle is gone on with by the next one, and the dead one says nothing more', async () => {
    plantOrganisation(350, 2);
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => { answer = resolve; });
    test.cloud.latency = (call) => (call.api === 'list' && call.name === 'user' && call.by === 'first' && test.cloud.calls.filter(({ api, name }) => api === 'list' && name === 'user').length === 3 ? held : Promise.resolve());
    const job = await askImport(test);
    const first = await test.start({ adapter: test.cloud.adapter('first'), options: HOLDING });
    await eventually(async () => expect((await toldOf(test, job)).items.length).toBeGreaterThanOrEqual(202));
    // It has lost the target without knowing: what it still reads it may not say.
    await test.pool.query("UPDATE sync_aws.engine_targets SET lease_until = clock_timestamp() + interval '2 seconds', owner = 'somebody else', epoch = epoch + 1");
    answer();
    await eventually(() => expect(first.health().targets).toEqual([]));
    await first.close();
    expect((await toldOf(test, job)).listed).toBeUndefined();
    const before = (await toldOf(test, job)).items.length;
    await test.stop();
    await test.start();
    expect((await listed(job)).data).toMatchObject({ seen: 352, found: 352 });
    expect(before).toBeLessThan(352);
    expect((await toldOf(test, job)).items).toHaveLength(352);
  });

  it('tells of a kind that cannot be read, and why, and reads the others', async () => {
    plantOrganisation(3, 1);
    test.cloud.fault = ({ api, name }) => (api === 'list' && name === 'group' ? { refuse: new ProviderError('AccessDenied', 'you may not list groups') } : undefined);
    await test.start();
    const job = await askImport(test);
    expect(await listed(job)).toMatchObject({ data: { found: 3, problems: [{ kind: 'group', code: 'AccessDenied' }] }, personal: { messages: { group: 'you may not list groups' } } });
  });

  it('waits while the credentials are rejected, and goes on by itself', async () => {
    plantOrganisation(3, 1);
    let rejected = true;
    test.cloud.fault = ({ api }) => (api === 'whoami' && rejected ? { refuse: new ProviderError('AuthExpired', 'the key is not valid') } : undefined);
    const engine = await test.start();
    const job = await askImport(test);
    await eventually(() => expect(engine.health().targets).toEqual([expect.objectContaining({ ok: false, reason: 'the key is not valid' })]));
    expect((await toldOf(test, job)).items).toEqual([]);
    rejected = false;
    expect((await listed(job)).data).toMatchObject({ found: 4, problems: [] });
    await eventually(() => expect(engine.health().targets).toEqual([expect.objectContaining({ ok: true })]));
  });

  it('never goes beyond the scope of who asked, nor where no connection allows the tenant', async () => {
    plantOrganisation(3, 1);
    test.connections.set([{ ...CONNECTION, tenants: ['rival'] }]);
    await test.start();
    const beyond = await askImport(test, { scope: 'acme/eng' });
    const job = await askImport(test);
    expect(await listed(job)).toMatchObject({ data: { found: 0, seen: 0, problems: [{ kind: 'user' }, { kind: 'group' }] }, personal: { messages: { user: expect.stringContaining('does not allow tenant acme') as string } } });
    expect((await toldOf(test, beyond)).listed).toBeUndefined();
    expect(test.cloud.calls).toEqual([]);
  });
});

describe('what was imported', () => {
  const imported = async (change: () => void): Promise<string> => {
    test.cloud.plant({ kind: 'user', name: 'ann', path: '/theirs/', tags: { owner: 'them' } });
    await test.start();
    const job = await askImport(test, { kinds: ['user'] });
    await listed(job);
    const [item] = (await toldOf(test, job)).items;
    if (!item) throw new Error('nothing was found');
    change();
    return importThing(test, job, item);
  };
  const remove = (name: string): void => { test.cloud.things = test.cloud.things.filter((thing) => thing.name !== name); };

  it.each([
    ['deleted', () => remove('ann')], ['replaced by another of its name', () => { remove('ann'); test.cloud.plant({ kind: 'user', name: 'ann', tags: { other: 'person' } }); }],
    ['marked by somebody else', () => Object.assign(test.cloud.named('ann') ?? {}, { mark: { instance: 'elsewhere', tenant: 'x', id: 'usr_X', kind: 'user' } })],
  ])('and was %s before it was adopted is a conflict: nothing is made and nothing is taken', async (_, change) => {
    const user = await imported(change);
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'Conflict', retryable: false } }));
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    expect(test.cloud.writes).toEqual([]);
  });

  it('and is gone can be made anew by who resolves the conflict so', async () => {
    const user = await imported(() => remove('ann'));
    await eventually(async () => expect(await test.stateOf(user)).toBe('Failed'));
    await test.identity.job('resolve', { resources: [user], strategy: 'overwrite' });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['create']);
  });

  it('keeps what people put on it meanwhile', async () => {
    const user = await imported(() => Object.assign(test.cloud.named('ann')?.tags ?? {}, { later: 'yes' }));
    await eventually(async () => expect(await test.said(user)).toMatchObject({ operation: 'adopt', outcome: { state: 'Synced' } }));
    expect(test.cloud.named('ann')).toMatchObject({ path: '/theirs/', tags: { owner: 'them', later: 'yes' } });
  });

  it('and should get a name that somebody else has is a conflict, and not ours yet: deleted here it stays at the target', async () => {
    const { id } = test.cloud.plant({ kind: 'user', name: 'ann' });
    test.cloud.plant({ kind: 'user', name: 'bob' });
    const user = await test.identity.imported('user', 'ann', { tenant: 'acme', tags: {}, adopts: { provider: 'aws', account: ACCOUNT, providerResourceId: id, name: 'ann', job: 'job_1', item: 'item_1' } });
    await test.identity.patchUser(user, { userName: 'bob' });
    await test.start();
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'Conflict', details: { existing: { name: 'bob' } } } }));
    await test.identity.deleteUser(user);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Gone'));
    expect(test.cloud.things.map(({ name, mark }) => [name, mark])).toEqual([['ann', undefined], ['bob', undefined]]);
  });

  it('is adopted once where the answer was lost', async () => {
    let lost = 0;
    test.cloud.fault = ({ api }) => (api === 'tag' && (lost += 1) === 1 ? { loseAnswer: true } : undefined);
    const user = await imported(() => undefined);
    await eventually(async () => expect(await test.said(user)).toMatchObject({ outcome: { state: 'Synced' } }));
    expect(test.cloud.writes.map(({ api }) => api)).toEqual(['tag']);
  });

  it('and is deleted before it was adopted stays as it is at the target', async () => {
    test.cloud.plant({ kind: 'user', name: 'ann' });
    test.connections.set([]);
    await test.start();
    test.connections.set([{ ...CONNECTION, mode: 'observe' }]);
    const job = await askImport(test, { kinds: ['user'] });
    await listed(job);
    const [item] = (await toldOf(test, job)).items;
    const user = item ? await importThing(test, job, item) : '';
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Skipped', reason: 'connection is in observe mode: would adopt' }));
    await test.identity.store.append({
      stream: user, tenant: 'acme', expectedVersion: 1, meta: { actor: 'admin', correlationId: 'r' },
      events: [{ type: 'wami.user.deleted.v1', stream: user, key: user, tenant: 'acme', subject: 'arn', data: {}, personal: {} }],
    });
    await eventually(async () => expect(await test.stateOf(user)).toBe('Gone'));
    test.connections.set([CONNECTION]);
    await eventually(async () => expect(await test.isQuiet()).toBe(true));
    expect(test.cloud.writes).toEqual([]);
    expect(test.cloud.named('ann')).toBeDefined();
  });
});
