import 'reflect-metadata';
import { explanationSchema, syncMapSchema, type Explanation, type ExplainedTarget, type RecordedEvent, type SyncState } from '@wami/contracts';
import { worldForAll } from '@wami/testing';
import { AWS, World, type Running } from '../testing/world';

jest.setTimeout(60_000);

const LATER = '2099-01-01T00:00:00.000Z';

describe('promise 13: for one resource and target', () => {
  let world: World;
  let running: Running;
  worldForAll(World.open, async (opened) => {
    world = opened;
    for (const path of ['acme', 'acme/core', 'other', 'held', 'resting']) await world.tenant(path);
    await world.configure('acme', { providers: [AWS], retry: { maxRetries: 3 } });
    for (const path of ['held', 'resting']) await world.configure(path, { providers: [AWS] });
    await world.group('acme', 'grp_ENG');
    running = await world.project();
  }, { beforeClose: () => running?.close() });

  const explain = async (id: string, { query = '', token = 'admin' } = {}): Promise<Explanation> => explanationSchema.parse(await running.read(`/v1/resources/${id}/explain${query}`, token));
  const at = async (id: string, options?: { query?: string; token?: string }): Promise<ExplainedTarget> => {
    const { targets: [target, ...others] } = await explain(id, options);
    if (!target || others.length > 0) throw new Error('not one target');
    return target;
  };
  const stateOf = async (id: string): Promise<SyncState | undefined> => syncMapSchema.parse(await running.read(`/v1/resources/${id}/sync`))['aws']?.[AWS.account];
  const told = ({ position }: RecordedEvent, operation: 'create' | 'update' | 'delete' | 'adopt' = 'create', version = 1): { intent: string; version: number; operation: typeof operation } =>
    ({ intent: position, version, operation });
  const pause = (id: string, tenant: string, data: object = {}): Promise<RecordedEvent> => world.append(world.identity, {
    type: 'wami.pause.started.v1', stream: id, key: id, tenant, subject: `arn:wami:iam:${tenant}:wami:local:pause/${id}`, data, personal: { reason: 'quiet please' },
  });

  describe('in scope or why not', () => {
    it('says which tenant asks for it, and where each setting comes from', async () => {
      await world.user('acme/core', 'usr_SCOPE', 'created');
      const { scope } = await at('usr_SCOPE');
      expect(scope).toMatchObject({ ok: true, asked: true, text: 'asked for by acme/core (settings of acme), and nothing holds it back' });
      expect(scope.settings).toEqual(expect.arrayContaining([
        { setting: 'providers', value: [AWS], from: 'acme' }, { setting: 'retry.maxRetries', value: 3, from: 'acme' }, { setting: 'retry.baseDelayMs', value: 500 }, { setting: 'triggers.onCreate', value: true },
      ]));
    });

    it('names no tenant above the caller, and hears nothing of a pause there but that it holds', async () => {
      await world.user('acme/core', 'usr_BELOW', 'created');
      await pause('pau_ABOVE', 'acme', { resource: 'usr_BELOW', until: LATER });
      const below = JSON.stringify(await explain('usr_BELOW', { token: 'tenant:acme/core' }));
      expect(JSON.parse(below)).toMatchObject({ targets: [{ scope: { ok: false, text: `asked for, but paused by pau_ABOVE until ${LATER}`, hint: expect.stringContaining('resume'), pauses: [{ id: 'pau_ABOVE', until: LATER }] }, plan: { ok: false, next: 'at', at: LATER } }] });
      expect((JSON.parse(below) as Explanation).targets[0]?.scope.settings).toContainEqual({ setting: 'providers', value: [AWS], from: 'a tenant above' });
      expect(below).not.toMatch(/"acme"|quiet please|settings of acme/);
      expect((await at('usr_BELOW', { token: 'tenant:acme' })).scope).toMatchObject({ pauses: [{ id: 'pau_ABOVE', reason: 'quiet please', startedBy: 'test' }] });
    });

    it('says what leaves it out: the settings of the tenant, or the resource itself', async () => {
      await world.user('other', 'usr_NOWHERE', 'created');
      expect(await explain('usr_NOWHERE')).toMatchObject({ targets: [], text: expect.stringContaining('no target is asked for: neither other nor a tenant above') });
      const asked = await at('usr_NOWHERE', { query: `?provider=aws&account=${AWS.account}` });
      expect(asked).toMatchObject({ scope: { ok: false, asked: false, text: `the settings of other do not ask for aws/${AWS.account}`, hint: expect.stringContaining('sync-config') }, plan: { next: 'nothing' } });
      await world.user('acme', 'usr_NARROW', 'created', { data: { syncToProviders: ['gcp'] } });
      expect((await at('usr_NARROW', { query: `?provider=aws&account=${AWS.account}` })).scope).toMatchObject({
        ok: false, text: `the resource's own syncToProviders (gcp) leaves aws/${AWS.account} out`, syncToProviders: ['gcp'],
      });
    });

    it('says which connection is missing, and which trigger is off', async () => {
      const made = await world.user('acme', 'usr_LOST', 'created');
      await world.outcome('wami.sync.unconfigured.v1', { tenant: 'acme', resource: 'usr_LOST' }, { ...told(made), reason: `there is no connection for aws/${AWS.account}` });
      expect(await at('usr_LOST')).toMatchObject({
        scope: { ok: false, text: `asked for, but there is no connection for aws/${AWS.account}`, hint: expect.stringContaining('connections file') }, plan: { ok: false, next: 'somebody' },
      });
      const user = await world.user('held', 'usr_HELD', 'created');
      await world.synced({ tenant: 'held', resource: 'usr_HELD' }, user.position);
      await world.configure('held', { providers: [AWS], triggers: { onUpdate: false } });
      await world.user('held', 'usr_HELD', 'updated', { data: { tags: { a: 'b' } } });
      const { scope, plan, difference } = await at('usr_HELD');
      expect(scope).toMatchObject({ ok: false, text: expect.stringContaining('trigger onUpdate is off'), hint: expect.stringContaining('POST /v1/sync') });
      expect(difference).toMatchObject({ ok: false, changes: [{ field: 'tags.a', to: 'b' }] });
      expect(plan).toMatchObject({ ok: false, next: 'somebody', operation: 'update', text: 'update, when somebody asks for it' });
    });
  });

  describe('matched to what', () => {
    it('says what stands for it, since when, and whether we made or adopted it', async () => {
      const made = await world.user('acme', 'usr_MADE', 'created');
      expect((await at('usr_MADE')).match).toEqual({ ok: true, text: expect.stringContaining('matched to nothing yet') });
      const first = await world.synced({ tenant: 'acme', resource: 'usr_MADE' }, made.position);
      const changed = await world.user('acme', 'usr_MADE', 'updated', { data: { tags: { a: 'b' } } });
      await world.outcome('wami.sync.succeeded.v1', { tenant: 'acme', resource: 'usr_MADE' }, { ...told(changed, 'update', 2), changed: true }, { nativeArn: 'arn:aws:iam::1:user/new', providerResourceId: 'AIDA2' });
      expect((await at('usr_MADE')).match).toEqual({
        ok: true, how: 'made', since: first.time, nativeArn: 'arn:aws:iam::1:user/new', providerResourceId: 'AIDA2', text: 'matched to arn:aws:iam::1:user/new, made by WAMI',
      });
      const gone = await world.user('acme', 'usr_MADE', 'deleted');
      await world.synced({ tenant: 'acme', resource: 'usr_MADE' }, gone.position, 'delete');
      expect(await explain('usr_MADE')).toMatchObject({ deleted: true, targets: [], text: expect.stringContaining('no target holds anything') });
      const adopted = await world.user('acme', 'usr_FOUND', 'created');
      await world.outcome('wami.sync.succeeded.v1', { tenant: 'acme', resource: 'usr_FOUND' }, { ...told(adopted, 'adopt'), changed: true }, { nativeArn: 'arn:aws:iam::1:user/old' });
      expect((await at('usr_FOUND')).match).toMatchObject({ how: 'adopted', text: 'matched to arn:aws:iam::1:user/old, which was there and was adopted' });
    });

    it('says what is in the way of it', async () => {
      const made = await world.user('acme', 'usr_RIVAL', 'created');
      const message = 'something of this name stands there already and is not managed by WAMI';
      await world.outcome('wami.sync.failed.v1', { tenant: 'acme', resource: 'usr_RIVAL' }, { ...told(made), code: 'Conflict', retryable: false, retryCount: 0 },
        { message, details: { existing: { nativeArn: 'arn:aws:iam::1:user/theirs' } } });
      expect(await at('usr_RIVAL')).toMatchObject({
        match: { ok: false, text: expect.stringContaining('arn:aws:iam::1:user/theirs has its name'), existing: { nativeArn: 'arn:aws:iam::1:user/theirs' }, hint: expect.stringContaining('resolve') },
        plan: { ok: false, next: 'somebody' },
      });
    });
  });

  it('the difference of what is wanted and what was last synced, field by field, with the age of the knowledge', async () => {
    const about = { tenant: 'acme', resource: 'usr_DIFF' };
    const made = await world.user('acme', 'usr_DIFF', 'created', { data: { tags: { team: 'core', site: 'b' } }, personal: { userName: 'ann' } });
    const member = await world.member('acme', 'grp_ENG', 'usr_DIFF');
    expect((await at('usr_DIFF')).difference).toMatchObject({ ok: false, version: 1, text: 'nothing of it is there: all of it is to be made', changes: expect.arrayContaining([{ field: 'userName', to: 'ann' }, { field: 'groups', to: 'grp_ENG' }]) });
    const synced = await world.outcome('wami.sync.succeeded.v1', about, { ...told(made), intent: member.position, changed: true }, { nativeArn: 'arn:aws:iam::1:user/ann' });
    expect((await at('usr_DIFF')).difference).toEqual({ ok: true, version: 1, syncedVersion: 1, syncedAt: synced.time, changes: [], more: 0, text: expect.stringContaining('none: what was synced is what is wanted') });
    await world.user('acme', 'usr_DIFF', 'updated', { data: { tags: { team: 'edge' } }, personal: { displayName: 'Ann' } });
    await world.fact({ type: 'wami.attachment.added.v1', tenant: 'acme', id: 'att_1', key: 'usr_DIFF', arnType: 'attachment', data: { policyId: 'pol_A', ownerId: 'usr_DIFF', ownerKind: 'user' } });
    const { difference } = await at('usr_DIFF');
    expect(difference).toMatchObject({ ok: false, version: 2, syncedVersion: 1, syncedAt: synced.time, text: 'version 1 was synced; since then 4 fields changed' });
    expect([...difference.changes].sort((a, b) => (a.field < b.field ? -1 : 1))).toEqual([
      { field: 'displayName', to: 'Ann' }, { field: 'policies', to: 'pol_A' }, { field: 'tags.site', from: 'b' }, { field: 'tags.team', from: 'core', to: 'edge' },
    ]);
  });

  it('inline policies differ by name, and of long documents the part is told that differs', async () => {
    const about = { tenant: 'acme', resource: 'usr_INLINE' };
    const inline = (policies: Readonly<Record<string, object | null>>): Promise<RecordedEvent> =>
      world.fact({ type: 'wami.user.inline-policies-changed.v1', tenant: 'acme', id: 'usr_INLINE', arnType: 'user', personal: { inlinePolicies: policies } });
    const allowing = (bucket: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: [...Array.from({ length: 10 }, (_, i) => `arn:aws:s3:::of-many-${i}/*`), `arn:aws:s3:::${bucket}/*`] }] });
    const made = await world.user('acme', 'usr_INLINE', 'created');
    await inline({ reads: allowing('old'), same: allowing('same'), goes: { Version: '2012-10-17' } });
    await world.outcome('wami.sync.succeeded.v1', about, { ...told(made, 'create', 2), changed: true }, { nativeArn: 'arn:aws:iam::1:user/inline' });
    await inline({ reads: allowing('new'), comes: { Version: '2008-10-17' }, goes: null });
    const { difference: { changes } } = await at('usr_INLINE');
    expect([...changes].sort((a, b) => (a.field < b.field ? -1 : 1))).toEqual([
      { field: 'inlinePolicies/comes', to: '{"Version":"2008-10-17"}' }, { field: 'inlinePolicies/goes', from: '{"Version":"2012-10-17"}' },
      { field: 'inlinePolicies/reads', from: expect.stringMatching(/^….*of-many-9.*:::old/), to: expect.stringMatching(/^….*of-many-9.*:::new/) },
    ]);
  });

  describe('what would be done, when, and what makes it go', () => {
    it('nothing, where it agrees', async () => {
      const made = await world.user('acme', 'usr_DONE', 'created');
      await world.synced({ tenant: 'acme', resource: 'usr_DONE' }, made.position);
      expect(await explain('usr_DONE')).toMatchObject({ text: 'agrees with every target', targets: [{ state: { state: 'Synced' }, plan: { ok: true, next: 'nothing', text: 'nothing, until it changes' } }] });
      expect((await stateOf('usr_DONE'))).not.toHaveProperty('hint');
    });

    it('it waits for its turn, or for another one, whose state is told', async () => {
      const made = await world.user('acme', 'usr_WAITS', 'created');
      expect(await at('usr_WAITS')).toMatchObject({ state: { state: 'Pending', reason: 'in line at the target', hint: expect.stringContaining('turn') }, plan: { ok: true, next: 'due', operation: 'create', awaits: [] } });
      await world.outcome('wami.sync.waiting.v1', { tenant: 'acme', resource: 'usr_WAITS' }, { ...told(made), reason: 'waiting for group/grp_ENG' });
      const group = { resource: 'grp_ENG', kind: 'group' };
      expect((await at('usr_WAITS')).plan).toMatchObject({ ok: true, next: 'awaits', awaits: [{ ...group, state: 'Pending' }], text: 'create, once group/grp_ENG is there, which is Pending', hint: expect.stringContaining('explain') });
      await world.outcome('wami.sync.failed.v1', { tenant: 'acme', resource: 'grp_ENG', kind: 'group' }, { ...told(made), code: 'AccessDenied', retryable: false, retryCount: 0 }, { message: 'no' });
      expect((await at('usr_WAITS')).plan).toMatchObject({ ok: false, awaits: [{ ...group, state: 'Failed', reason: 'AccessDenied' }] });
    });

    it('it is tried again at a time that is told, or not by itself', async () => {
      const made = await world.user('acme', 'usr_FAILS', 'created');
      const failed = { ...told(made), code: 'Unavailable' as const, retryable: true };
      await world.outcome('wami.sync.failed.v1', { tenant: 'acme', resource: 'usr_FAILS' }, { ...failed, retryCount: 2, nextRetryAt: LATER }, { message: 'away' });
      expect((await at('usr_FAILS')).plan).toMatchObject({ ok: false, next: 'at', at: LATER, text: 'create again, try 4: Unavailable: away', hint: expect.stringMatching(/^Nothing to do yet/) });
      await world.outcome('wami.sync.failed.v1', { tenant: 'acme', resource: 'usr_FAILS' }, { ...failed, retryCount: 3 }, { message: 'away' });
      expect((await at('usr_FAILS')).plan).toMatchObject({ next: 'somebody', hint: expect.stringMatching(/^All of its 4 tries are used up.*retry/) });
      expect(await stateOf('usr_FAILS')).toMatchObject({ state: 'Failed', hint: expect.stringContaining('POST /v1/sync/retry') });
    });

    it('it is paused until a time', async () => {
      const made = await world.user('acme', 'usr_PAUSED', 'created');
      await pause('pau_ONE', 'acme', { resource: 'usr_PAUSED', until: LATER });
      await world.outcome('wami.sync.waiting.v1', { tenant: 'acme', resource: 'usr_PAUSED' }, { ...told(made), reason: `paused by pau_ONE until ${LATER}`, pausedBy: 'pau_ONE', nextRetryAt: LATER });
      expect(await at('usr_PAUSED')).toMatchObject({ state: { nextRetryAt: LATER, hint: expect.stringContaining('resume') }, scope: { ok: false }, plan: { ok: false, next: 'at', at: LATER, text: 'create, when the pause is over' } });
    });

    it('its target rests, because the cloud rejected the credentials of another one', async () => {
      const one = await world.user('resting', 'usr_REJECTED', 'created');
      await world.user('resting', 'usr_BEHIND', 'created');
      await world.outcome('wami.sync.failed.v1', { tenant: 'resting', resource: 'usr_REJECTED' }, { ...told(one), code: 'AuthExpired', retryable: true, retryCount: 0, nextRetryAt: LATER }, { message: 'expired' });
      expect(await at('usr_BEHIND')).toMatchObject({ scope: { ok: false, text: expect.stringContaining(`rests until ${LATER}`), hint: expect.stringContaining('credentials') }, plan: { ok: false, next: 'at', at: LATER } });
      expect((await at('usr_REJECTED')).plan).toMatchObject({ next: 'at', at: LATER, hint: expect.stringContaining('credentials') });
    });

    it('its target is in quarantine: no time is told at which nothing will be tried', async () => {
      const one = await world.user('held', 'usr_AWAY', 'created');
      await world.user('held', 'usr_NEXT', 'created');
      await world.outcome('wami.sync.failed.v1', { tenant: 'held', resource: 'usr_AWAY' }, { ...told(one), code: 'Unavailable', retryable: true, retryCount: 2, nextRetryAt: LATER }, { message: 'away' });
      const health = (data: object): Promise<unknown> => world.append(world.aws, {
        type: 'wami.target.reported.v1', stream: `aws/${AWS.account}`, key: `aws/${AWS.account}`, tenant: '', subject: `arn:wami:iam::wami:local:target/aws_${AWS.account}`, personal: {},
        data: { provider: 'aws', account: AWS.account, mode: 'write', limits: { concurrency: 32 }, rates: [], credentials: { type: 'default' }, capabilities: [], ...data },
      });
      await health({ health: 'quarantined', reason: 'too many calls failed' });
      const away = await at('usr_AWAY', { token: 'tenant:held' });
      expect(away).toMatchObject({ scope: { ok: false, text: 'asked for, but the target is in quarantine: too many calls failed', hint: expect.stringContaining('provider check') }, plan: { ok: false, next: 'due', text: 'create again, try 4, once the target can be called: Unavailable: away' } });
      expect(away.plan).not.toHaveProperty('at');
      expect((await at('usr_NEXT', { token: 'tenant:held' })).plan).toMatchObject({ next: 'due', text: 'create, once the target can be called' });
      await health({ health: 'ok' });
      expect(await at('usr_AWAY', { token: 'tenant:held' })).toMatchObject({ scope: { ok: true }, plan: { next: 'at', at: LATER } });
    });
  });

  it('nobody else hears of it: unknown and foreign are 404 alike, and what is asked wrongly is 422', async () => {
    await world.user('acme', 'usr_OWN', 'created');
    for (const [id, token] of [['usr_OWN', 'tenant:other'], ['usr_OWN', 'tenant:acme/core'], ['usr_NOBODY', 'admin']] as const) expect((await running.get(`/v1/resources/${id}/explain`, token)).status).toBe(404);
    for (const query of ['provider=No', 'account=', 'colour=red']) expect((await running.get(`/v1/resources/usr_OWN/explain?${query}`)).status).toBe(422);
    expect((await explain('usr_OWN', { query: '?provider=gcp' })).targets).toEqual([]);
  });
});
