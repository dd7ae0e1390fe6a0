import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from '../spec-support/engine-under-test';
import { Repairing } from '../spec-support/repairing';

jest.setTimeout(120_000);

const REPAIR = 'rep_01JZW4M8T0REPA1R0000000001';
const AGREES = (ids: readonly string[]) => ids.map((id) => [id, '']);

describe('a repair, as an engine takes part in it', () => {
  let test: EngineUnderTest;
  worldForEach(EngineUnderTest.open, async (opened) => {
    test = opened;
    await test.identity.tenant('acme', TO_AWS);
    await test.identity.tenant('other', TO_AWS);
    await test.start();
  });

  const quiet = (): Promise<unknown> => eventually(async () => expect(await test.isQuiet()).toBe(true));
  const synced = async (...names: string[]): Promise<string[]> => {
    const ids = await Promise.all(names.map((name) => test.identity.user(name)));
    for (const id of ids) await eventually(async () => expect(await test.stateOf(id)).toBe('Synced'));
    await quiet();
    return ids;
  };
  const answered = (repairing: Repairing): ReturnType<Repairing['answers']> => eventually(async () => {
    const said = await repairing.answers();
    expect(said.answer).toBeDefined();
    return said;
  });
  const sql = (text: string, ...values: unknown[]): Promise<unknown> => test.pool.query(text, values);
  const names = (): string[] => test.cloud.users().map(({ name }) => name).sort();

  it('says that it agrees, with how much it has said of each, and calls nothing', async () => {
    const [ann = '', bob = ''] = await synced('ann', 'bob');
    const calls = test.cloud.calls.length;
    const repairing = new Repairing(test, REPAIR);
    await repairing.state({ id: ann, userName: 'ann' }, { id: bob, userName: 'bob' });
    await repairing.tell(2, false);
    expect(await answered(repairing)).toEqual({ compared: AGREES([ann, bob]), answer: { repair: REPAIR, provider: 'aws', compared: 2, differing: 0 } });
    const [first] = await test.store.readStream(`aws/${REPAIR}`);
    const { rows: [binding] } = await test.pool.query<{ n: number }>('SELECT stream_version AS n FROM sync_aws.engine_bindings WHERE resource = $1', [ann]);
    expect(first).toMatchObject({ key: ann, tenant: 'acme', data: { held: [{ account: '000000000001', version: binding?.n }] } });
    await quiet();
    expect(test.cloud.calls).toHaveLength(calls);
    expect((await test.pool.query('SELECT 1 FROM sync_aws.engine_repairs')).rows).toEqual([]);
  });

  it('deletes by a statement what it has missed the deletion of, the ordinary way, and nothing because it was not stated', async () => {
    const [ann = '', bob = ''] = await synced('ann', 'bob');
    const repairing = new Repairing(test, REPAIR);
    await repairing.state({ id: ann, version: 2, deleted: true, document: {} });
    await repairing.tell(1);
    expect((await answered(repairing)).compared).toEqual([[ann, 'deleted']]);
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Gone'));
    await quiet();
    expect([names(), await test.stateOf(bob)]).toEqual([['bob'], 'Synced']);
    expect(test.cloud.writes.filter(({ api }) => api === 'delete')).toHaveLength(1);
  });

  it('makes what it has lost, and takes what somebody made of it in the cloud for no other thing', async () => {
    const [ann = ''] = await synced('ann');
    await sql('DELETE FROM sync_aws.engine_resources');
    await sql('DELETE FROM sync_aws.engine_bindings');
    const repairing = new Repairing(test, REPAIR);
    await repairing.state({ id: ann, userName: 'ann', document: { path: '/', tags: { team: 'core' } } }, { id: 'usr_NEW', userName: 'new' });
    await repairing.tell(2);
    expect((await answered(repairing)).compared).toEqual([[ann, 'missing'], ['usr_NEW', 'missing']]);
    await eventually(async () => expect(await test.stateOf('usr_NEW')).toBe('Synced'));
    await quiet();
    expect(names()).toEqual(['ann', 'new']);
  });

  it('as a dry run changes no row and calls nothing', async () => {
    const [ann = '', bob = ''] = await synced('ann', 'bob');
    await sql('DELETE FROM sync_aws.engine_resources WHERE id = $1', bob);
    const rows = async (): Promise<unknown> => [(await test.pool.query('SELECT * FROM sync_aws.engine_resources ORDER BY id')).rows, (await test.pool.query('SELECT * FROM sync_aws.engine_bindings ORDER BY resource')).rows];
    const [before, calls] = [await rows(), test.cloud.calls.length];
    const repairing = new Repairing(test, REPAIR, true);
    await repairing.state({ id: ann, userName: 'anna' }, { id: bob, userName: 'bob' });
    await repairing.tell(2, false);
    expect((await answered(repairing)).compared).toEqual([[ann, 'userName wrong'], [bob, 'missing wrong']]);
    expect([await rows(), test.cloud.calls.length]).toEqual([before, calls]);
  });

  it('answers when the last statement comes after the end was told, and never of some of them', async () => {
    const [ann = ''] = await synced('ann');
    const repairing = new Repairing(test, REPAIR);
    await repairing.tell(2, false);
    await repairing.state({ id: ann, userName: 'ann' });
    await eventually(async () => expect((await repairing.answers()).compared).toHaveLength(1));
    expect((await repairing.answers()).answer).toBeUndefined();
    await repairing.state({ id: ann, userName: 'ann' });
    expect((await answered(repairing)).answer).toMatchObject({ compared: 2 });
  });

  it('goes on where it was cut off', async () => {
    const ids = await synced('u0', 'u1', 'u2', 'u3');
    const repairing = new Repairing(test, REPAIR);
    await repairing.state(...ids.slice(0, 2).map((id, i) => ({ id, userName: `u${i}` })));
    await eventually(async () => expect((await repairing.answers()).compared).toHaveLength(2));
    await test.stop();
    await repairing.state(...ids.slice(2).map((id, i) => ({ id, userName: `u${i + 2}` })));
    await repairing.tell(4, false);
    await test.start();
    expect(await answered(repairing)).toEqual({ compared: AGREES(ids), answer: { repair: REPAIR, provider: 'aws', compared: 4, differing: 0 } });
  });

  it('what is stated twice is compared twice, in one batch too: what was lost and edited meanwhile ends as it is stated last', async () => {
    const [ann = ''] = await synced('ann');
    await test.stop();
    await sql('DELETE FROM sync_aws.engine_resources WHERE id = $1', ann);
    await test.identity.patchUser(ann, { tags: { team: 'new' } });
    const repairing = new Repairing(test, REPAIR);
    await repairing.state({ id: ann, userName: 'ann' });
    await repairing.state({ id: ann, userName: 'ann', version: 2, document: { path: '/', tags: { team: 'new' } } });
    await repairing.tell(2);
    await test.start();
    expect((await answered(repairing)).compared).toEqual([[ann, 'missing'], [ann, 'tags version']]);
    await quiet();
    expect(test.cloud.users()[0]).toMatchObject({ tags: expect.objectContaining({ team: 'new' }) as object });
  });
});
