import { status } from '@grpc/grpc-js';
import { GrpcClient, type WatchedCall } from '@wami/testing';
import { standaloneForAll } from '../testing/standalone-for-all';

const TOKEN = 'the-administrator-of-this-test';
const [EVENTS, STATES] = ['wami.v1.Events/WatchEvents', 'wami.v1.SyncStates/WatchSyncStates'];
const ROLES = ['viewer', 'editor', 'operator', 'admin'];

jest.setTimeout(120_000);

describe('what is streamed over gRPC', () => {
  const standalone = standaloneForAll({ name: 'grpc-streams', token: TOKEN });
  let client: GrpcClient;
  const watched: WatchedCall[] = [];

  beforeAll(async () => {
    client = new GrpcClient(standalone().grpc);
    for (const id of ['acme', 'acme/child', 'other']) await admin('wami.v1.Tenants/CreateTenant', { tenant: { id, name: id } });
  });
  afterEach(() => { for (const one of watched.splice(0)) one.cancel(); });
  afterAll(() => client?.close());

  const admin = async (name: string, request: object): Promise<Record<string, unknown>> => (await client.call(name, request, { token: TOKEN })).message;
  const key = async (tenant: string, role: string): Promise<{ id: string; secret: string }> =>
    (await admin('wami.v1.ApiKeys/CreateApiKey', { apiKey: { tenant, role, name: role } }))['apiKey'] as { id: string; secret: string };
  const user = async (tenant: string, userName: string): Promise<string> =>
    ((await admin('wami.v1.Users/CreateUser', { user: { tenant, userName } }))['user'] as { id: string }).id;
  const watch = (name: string, request: object, token?: string): WatchedCall => {
    const one = client.watch(name, request, token === undefined ? {} : { token });
    watched.push(one);
    return one;
  };
  /** Everything up to the message that holds a text. */
  const upTo = async (one: WatchedCall, text: string): Promise<string> => {
    for (let said = ''; ;) {
      said += JSON.stringify(await one.next());
      if (said.includes(text)) return said;
    }
  };

  it('goes on after a position without gap or repeat', async () => {
    const ids = [await user('acme', 'a'), await user('acme', 'b'), await user('acme', 'c')];
    const first = watch(EVENTS as string, { tenant: 'acme', type: ['wami.user.created.v1'] }, TOKEN);
    const one = await first.next();
    expect(one['key']).toBe(ids[0]);
    first.cancel();
    const resumed = watch(EVENTS as string, { after: one['position'], tenant: 'acme', type: ['wami.user.created.v1'] }, TOKEN);
    expect([(await resumed.next())['key'], (await resumed.next())['key']]).toEqual(ids.slice(1));
    const fourth = await user('acme', 'd');
    expect((await resumed.next())['key']).toBe(fourth);
  });

  it('states as they are, then each that changes, then that they are gone', async () => {
    await admin('wami.v1.Tenants/ReplaceSyncConfig', { id: 'acme/child', config: { fields: { providers: { listValue: { values: [{ structValue: { fields: {
      provider: { stringValue: 'aws' }, account: { stringValue: '000000000001' } } } }] } } } } });
    const states = watch(STATES as string, { tenant: 'acme/child' }, TOKEN);
    expect(await states.next()).toEqual({ caughtUp: true });
    const id = await user('acme/child', 'synced');
    expect(await upTo(states, '"Synced"')).toContain(id);
    await admin('wami.v1.Users/DeleteUser', { id });
    expect(await upTo(states, `"gone":"${id}"`)).toContain(id);
  });

  it.each(ROLES)('a %s hears its own tenant and below, and nothing of another', async (role) => {
    const { secret } = await key('acme', role);
    const [events, states] = [watch(EVENTS as string, {}, secret), watch(STATES as string, {}, secret)];
    const foreign = await user('other', `canary-${role}`);
    const own = await user('acme/child', `own-${role}`);
    const heard = await upTo(events, own) + await upTo(states, own);
    expect(heard).not.toContain(foreign);
    expect(heard).not.toContain('canary');
    for (const name of [EVENTS as string, STATES as string]) {
      const refusals = await Promise.all(['other', 'nowhere'].map((tenant) => watch(name, { tenant }, secret).next().catch((error: unknown) => error)));
      expect(refusals).toEqual([expect.objectContaining({ code: status.NOT_FOUND }), expect.objectContaining({ code: status.NOT_FOUND })]);
      const [seen, told] = refusals.map((one) => String(one).replaceAll(/req_\w+|other|nowhere/g, ''));
      expect(seen).toBe(told);
    }
  });

  it('nobody hears anything, and who may not any more is cut off', async () => {
    const { id, secret } = await key('acme', 'viewer');
    for (const name of [EVENTS as string, STATES as string]) {
      await expect(watch(name, {}).next()).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
      await expect(watch(name, {}, 'invented-by-nobody-at-all').next()).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    }
    const events = watch(EVENTS as string, {}, secret);
    await events.next();
    await admin('wami.v1.ApiKeys/RevokeApiKey', { id });
    await expect(upTo(events, 'nothing says this')).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  });

  it('what is asked for wrongly is told field by field', async () => {
    const refused = watch(STATES as string, { resources: [''] }, TOKEN).next();
    await expect(refused).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, details: { 'google.rpc.BadRequest': { fieldViolations: [{ field: 'resources.0' }] } } });
  });
});
