import type { RecordedEvent } from '@wami/contracts';
import { NOT_TOLD } from '@wami/domain';
import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, HOLDING, TO_AWS } from '../spec-support/engine-under-test';

jest.setTimeout(120_000);

const NAME = 'planted-ann';
const refusal = (): { refuse: ProviderError } => ({ refuse: new ProviderError('AccessDenied', `you may not delete ${NAME}`, { effect: 'none', details: { user: NAME } }) });

describe('what an engine keeps of somebody who was erased', () => {
  let test: EngineUnderTest;
  let tenant: string;
  worldForEach(EngineUnderTest.open, async (opened) => {
    test = opened;
    tenant = await test.identity.tenant('acme', TO_AWS);
    await test.start({ options: HOLDING });
  });

  const quiet = (): Promise<unknown> => eventually(async () => expect(await test.isQuiet()).toBe(true));
  const synced = async (): Promise<string> => {
    const id = await test.identity.user(NAME);
    await test.identity.patchUser(id, { displayName: `${NAME} displayed`, email: `${NAME}@example.org` });
    await eventually(async () => expect(await test.stateOf(id)).toBe('Synced'));
    await quiet();
    return id;
  };
  /** Rows of the engine's own tables that hold the name. */
  const holding = async (): Promise<string[]> => {
    const { rows } = await test.pool.query<{ found: string }>(`
      SELECT 'resources ' || (r.document::text) AS found FROM sync_aws.engine_resources r WHERE r::text LIKE $1
      UNION ALL SELECT 'bindings ' || b.state FROM sync_aws.engine_bindings b WHERE b::text LIKE $1
      UNION ALL SELECT 'parked' FROM sync_aws.engine_parked p WHERE p::text LIKE $1`, [`%${NAME}%`]);
    return rows.map(({ found }) => found);
  };

  it('is nothing, once every target has deleted it', async () => {
    const id = await synced();
    expect(await holding()).toHaveLength(2);
    await test.identity.eraseUser(id);
    await eventually(async () => expect(await test.stateOf(id)).toBe('Gone'));
    await eventually(async () => expect(await holding()).toEqual([]));
    expect(test.cloud.users()).toEqual([]);
  });

  it('is what the deletion needs while it fails, without a word of the provider’s, and nothing when it succeeds', async () => {
    const id = await synced();
    test.cloud.fault = ({ api }) => (api === 'delete' ? refusal() : undefined);
    await test.identity.eraseUser(id);
    await eventually(async () => expect(await test.stateOf(id)).toBe('Failed'));
    await quiet();
    const [document = '', ...others] = await holding();
    expect(JSON.parse(document.slice('resources '.length))).toEqual({ userName: NAME, path: '/', tags: {} });
    expect(others).toEqual(['bindings Failed']);
    const told = (await test.outcomes(id)).filter(({ data }) => (data as { operation: string }).operation === 'delete');
    expect(told.filter((event: RecordedEvent) => JSON.stringify(event.personal).includes(NAME))).toEqual([]);
    expect(told.at(-1)).toMatchObject({ type: 'wami.sync.failed.v1', data: { code: 'AccessDenied' }, personal: { message: NOT_TOLD } });
    test.cloud.fault = () => undefined;
    await test.identity.job('retry', { resources: [id] });
    await eventually(async () => expect(await test.stateOf(id)).toBe('Gone'));
    await eventually(async () => expect(await holding()).toEqual([]));
    expect(test.cloud.users()).toEqual([]);
  });

  it('does not tell its name where the erasure arrives while the deletion is under way', async () => {
    const id = await synced();
    let held = true;
    test.cloud.latency = async ({ api }) => { if (api === 'delete') await eventually(() => expect(held).toBe(false)); };
    test.cloud.fault = ({ api }) => (api === 'delete' ? refusal() : undefined);
    await test.identity.deleteUser(id);
    await eventually(() => expect(test.cloud.calls.some(({ api }) => api === 'delete')).toBe(true));
    await test.identity.eraseUser(id);
    await eventually(async () => expect((await test.pool.query('SELECT 1 FROM sync_aws.engine_resources WHERE erased')).rowCount).toBe(1));
    held = false;
    await eventually(async () => expect(await test.stateOf(id)).toBe('Failed'));
    expect((await test.said(id))?.outcome).toMatchObject({ error: { code: 'AccessDenied', message: NOT_TOLD } });
  });

  it('is nothing of somebody who was deleted long before', async () => {
    const id = await synced();
    await test.identity.deleteUser(id);
    await eventually(async () => expect(await test.stateOf(id)).toBe('Gone'));
    await quiet();
    expect(await holding()).toHaveLength(1);
    await test.identity.eraseUser(id);
    await eventually(async () => expect(await holding()).toEqual([]));
    await quiet();
    expect(test.cloud.writes.filter(({ api }) => api === 'delete')).toHaveLength(1);
  });

  it('is nothing of somebody whom no target ever held, and a target that is turned on later does not ask for it', async () => {
    await test.identity.configure(tenant, 'acme', { providers: [] });
    const id = await test.identity.user(NAME);
    await quiet();
    await test.identity.eraseUser(id);
    await eventually(async () => expect(await holding()).toEqual([]));
    await test.identity.configure(tenant, 'acme', TO_AWS);
    await quiet();
    expect([test.cloud.calls, await test.stateOf(id)]).toEqual([[], undefined]);
  });

  it('is nothing of an event that waits for another release', async () => {
    const id = await synced();
    await test.pool.query(`INSERT INTO sync_aws.engine_parked (id, key, stream, version, problem, event) VALUES ('evt_9', $1, $1, 9, 'unknown type', $2)`,
      [id, JSON.stringify({ stream: id, version: 9, key: id, type: 'wami.user.promoted.v1', personal: { userName: NAME } })]);
    expect(await holding()).toContain('parked');
    await test.identity.eraseUser(id);
    await eventually(async () => expect(await holding()).not.toContain('parked'));
    const { rows: [parked] } = await test.pool.query<{ event: object }>(`SELECT event FROM sync_aws.engine_parked WHERE version = 9`);
    expect(parked?.event).toEqual({ stream: id, version: 9, key: id, type: 'wami.user.promoted.v1', personal: {} });
  });
});
