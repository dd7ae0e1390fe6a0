import { patiently as eventually, worldForEach } from '@wami/testing';
import { ProviderError } from '@wami/provider-port';
import { silentLogger } from './logger';
import { EngineUnderTest, HOLDING, TO_AWS } from './spec-support/engine-under-test';
import { ACCOUNT } from './spec-support/identity';

jest.setTimeout(120_000);

let test: EngineUnderTest;
let tenant: string;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  tenant = await test.identity.tenant('acme', TO_AWS);
});

describe('promise 4: failure stays where it is', () => {
  it('one bad binding never stops its batch, its tenant or its target', async () => {
    const users = await Promise.all(Array.from({ length: 40 }, (_, i) => test.identity.user(`user${i}`)));
    test.cloud.fault = ({ name }) => {
      if (name === 'user3') return { refuse: new ProviderError('AccessDenied', 'not this one') };
      if (name === 'user4') throw new TypeError('secret of the adapter: undefined is not a function');
      return undefined;
    };
    const lines: object[] = [];
    await test.start({ logger: { ...silentLogger, info: (fields, message) => void lines.push({ ...fields, message }) } });
    await eventually(async () => expect(await test.states()).toMatchObject({ Synced: 38, Failed: 2 }));
    expect((await test.said(users[3] ?? ''))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'AccessDenied', retryable: false }, retryCount: 0 });
    const broken = await eventually(async () => {
      const said = (await test.said(users[4] ?? ''))?.outcome;
      return said?.state === 'Failed' && said.nextRetryAt === undefined ? said : false;
    });
    expect(broken).toMatchObject({ error: { code: 'Internal' } });
    expect(JSON.stringify([await test.outcomes(), lines])).not.toContain('secret of the adapter');
    expect(lines).toContainEqual({ message: 'a pass failed', tenant: 'acme', resource: users[3], kind: 'user', account: ACCOUNT, operation: 'create', code: 'AccessDenied', correlation: 'req_1' });
  });

  it('what an adapter breaks on before any call stays the trouble of that one', async () => {
    test.cloud.unsayable.add('odd');
    const odd = await test.identity.user('odd');
    const ann = await test.identity.user('ann');
    await test.start();
    await eventually(async () => expect((await test.said(ann))?.outcome).toMatchObject({ state: 'Synced' }));
    await eventually(async () => expect((await test.said(odd))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'Internal' } }));
    expect(JSON.stringify(await test.outcomes())).not.toContain('secret of the adapter');
  });

  it('a name that the cloud forbids is found before it is called', async () => {
    const user = await test.identity.user('x'.repeat(65));
    await test.start();
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'InvalidRequest', retryable: false } }));
    expect(test.cloud.calls).toEqual([]);
  });

  it('a rejected member of a combined write is set aside; the others go through', async () => {
    const groups = await Promise.all(['a', 'b', 'c'].map((name) => test.identity.group(name)));
    await test.start();
    await eventually(() => test.isQuiet());
    test.cloud.fault = ({ api, name }) => (api === 'add' && name === 'b' ? { refuse: new ProviderError('LimitExceeded', 'too many members') } : undefined);
    const user = await test.identity.user('ann');
    for (const group of groups) await test.identity.member('add', group, user);
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ state: 'Failed', error: { code: 'LimitExceeded' } }));
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['a', 'c']));
    await eventually(() => test.isQuiet());
    test.cloud.fault = () => undefined;
    const writes = test.cloud.writes.length;
    await test.identity.job('retry');
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['a', 'b', 'c']));
    expect(test.cloud.writes.slice(writes).map(({ api, name }) => `${api} ${name}`)).toEqual(['add b']);
  });

  it('what waits for one end that fails, for good or again and again, goes on with the others', async () => {
    await test.identity.configure(tenant, 'acme', { ...TO_AWS, retry: { maxRetries: 100, baseDelayMs: 60_000, maxDelayMs: 600_000 } });
    const codes: Partial<Record<string, 'AccessDenied' | 'Unavailable'>> = { forbidden: 'AccessDenied', down: 'Unavailable' };
    test.cloud.fault = ({ api, name }) => {
      const code = api === 'create' ? codes[name] : undefined;
      return code && { refuse: new ProviderError(code, 'no') };
    };
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    test.cloud.latency = ({ api, name }) => (api === 'create' && name === 'slow' ? held : Promise.resolve());
    const groups = await Promise.all(['forbidden', 'down', 'slow'].map((name) => test.identity.group(name)));
    const users = await Promise.all(['ann', 'bob'].map((name) => test.identity.user(name)));
    for (const [index, user] of users.entries()) for (const group of [groups[index] ?? '', groups[2] ?? '']) await test.identity.member('add', group, user);
    await test.start({ options: HOLDING });
    await eventually(async () => expect(await Promise.all(groups.slice(0, 2).map((group) => test.stateOf(group)))).toEqual(['Failed', 'Failed']));
    await eventually(async () => expect(await Promise.all(users.map((user) => test.stateOf(user)))).toEqual(['Pending', 'Pending']));
    release();
    await eventually(() => expect([test.cloud.groupsOf('ann'), test.cloud.groupsOf('bob')]).toEqual([['slow'], ['slow']]));
  });

  it('an event that this release cannot read is put aside with the later ones of its stream, and no other is', async () => {
    const user = await test.identity.user('ann');
    const other = { actor: 'admin', correlationId: 'req_2' };
    await test.identity.store.append({
      stream: 'rol_1', tenant: 'acme', expectedVersion: 0, meta: other,
      events: [{ type: 'wami.user.deleted.v1', stream: 'rol_1', key: 'rol_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:role/rol_1', data: {}, personal: {} }],
    });
    await test.pool.query("UPDATE identity.events SET type = 'wami.role.created.v9' WHERE stream_id = 'rol_1'");
    const later = await test.identity.user('bob');
    await test.start();
    await eventually(async () => expect([await test.stateOf(user), await test.stateOf(later)]).toEqual(['Synced', 'Synced']));
    const { rows } = await test.pool.query('SELECT stream, problem FROM sync_aws.engine_parked');
    expect(rows).toEqual([{ stream: 'rol_1', problem: expect.stringContaining('wami.role.created.v9') }]);
  });
});
