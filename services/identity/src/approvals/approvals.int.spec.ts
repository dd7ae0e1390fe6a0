import { newId } from '@wami/platform';
import { patiently as eventually, worldForAll } from '@wami/testing';
import { EDITOR_TOKEN, ENG_TOKEN, IdentityWorld } from '../testing/identity-world';

jest.setTimeout(60_000);

const LATER = '2999-01-01T00:00:00.000Z';
const [FIRST, SECOND, OTHER] = ['A'.repeat(22), 'B'.repeat(22), 'C'.repeat(22)];

describe('approvals', () => {
  let world: IdentityWorld;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    await world.create('tenants', { id: 'acme', name: 'Acme' });
    await world.create('tenants', { id: 'acme/eng', name: 'Engineering' });
  });

  const types = async (id: string): Promise<string[]> => (await world.store.readStream(id)).map(({ type }) => type.split('.')[2] ?? '');
  const asked = async (parts: readonly string[], expiresAt = LATER): Promise<string> => {
    const id = newId('approval');
    for (const [index, hash] of parts.entries()) await world.cloud.tripped(id, index + 1, hash, expiresAt);
    await eventually(async () => expect(await types(id)).toEqual(parts.map(() => 'asked')));
    return id;
  };
  const approve = (id: string, hash: string, token?: string) => world.call('POST', `/v1/approvals/${id}/approve`, { hash }, token === undefined ? {} : { token });
  const reject = (id: string) => world.call('POST', `/v1/approvals/${id}/reject`, {});

  it('are of a hash that the list had, once; any other is none', async () => {
    const id = await asked([FIRST, SECOND]);
    expect(await approve(id, OTHER)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/hash' }] } });
    expect(await approve(id, FIRST)).toMatchObject({ status: 200, body: { id, state: 'approved', held: 2 } });
    expect((await approve(id, FIRST)).status).toBe(200);
    expect(await reject(id)).toMatchObject({ status: 409, body: { code: 'ApprovalClosed' } });
    expect(await types(id)).toEqual(['asked', 'asked', 'approved']);
    expect((await world.store.readStream(id)).at(-1)).toMatchObject({ tenant: 'acme', data: { provider: 'aws', account: '000000000001', hash: FIRST }, meta: { actor: 'admin' } });
  });

  it('may follow a rejection, and neither what expired nor what let go by itself', async () => {
    const id = await asked([FIRST]);
    expect(await reject(id)).toMatchObject({ status: 200, body: { state: 'rejected' } });
    expect((await reject(id)).status).toBe(200);
    expect((await approve(id, FIRST)).status).toBe(200);
    expect(await approve(await asked([FIRST], '2020-01-01T00:00:00.000Z'), FIRST)).toMatchObject({ status: 409, body: { code: 'ApprovalClosed' } });
    const gone = await asked([FIRST]);
    await world.cloud.released(gone, 'within-budget');
    await eventually(async () => expect(await types(gone)).toEqual(['asked', 'closed']));
    expect((await approve(gone, FIRST)).status).toBe(409);
  });

  it('are an operator\'s, and not seen from below or by who may only edit', async () => {
    const id = await asked([FIRST]);
    expect((await approve(id, FIRST, EDITOR_TOKEN)).status).toBe(403);
    expect((await approve(id, FIRST, ENG_TOKEN)).status).toBe(404);
    expect((await approve(newId('approval'), FIRST)).status).toBe(404);
    expect(await types(id)).toEqual(['asked']);
  });

  it('a removal tells whether one request named it alone', async () => {
    const [ann, bob] = [await world.create('users', { tenant: 'acme', userName: 'ann' }), await world.create('users', { tenant: 'acme', userName: 'bob' })];
    await world.call('DELETE', `/v1/users/${ann}`);
    await world.call('POST', '/v1/batch', { operations: [{ method: 'DELETE', path: `/v1/users/${bob}` }] });
    expect((await world.store.readStream(ann)).at(-1)?.meta).toMatchObject({ single: true });
    expect((await world.store.readStream(bob)).at(-1)).toMatchObject({ type: 'wami.user.deleted.v1', meta: expect.not.objectContaining({ single: true }) as object });
  });
});
