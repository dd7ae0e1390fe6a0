import { membershipId } from '@wami/contracts';
import { patiently as eventually, worldForAll } from '@wami/testing';
import { ACME_TOKEN, IdentityWorld } from '../testing/identity-world';

jest.setTimeout(60_000);

describe('groups and memberships over HTTP', () => {
  let world: IdentityWorld;
  let group: string;
  let user: string;
  worldForAll(IdentityWorld.start, async (started) => {
    world = started;
    for (const id of ['acme', 'acme/eng', 'other']) await world.create('tenants', { id, name: id });
  });

  let number = 0;
  beforeEach(async () => {
    group = await world.create('groups', { tenant: 'acme', groupName: `group-${++number}` });
    user = await world.create('users', { tenant: 'acme/eng', userName: `user-${number}` });
  });
  const member = (groupId = group, userId = user): string => `/v1/groups/${groupId}/members/${userId}`;
  const removals = async (groupId: string, userId: string) =>
    (await world.store.readStream(membershipId(groupId, userId))).filter(({ type }) => type === 'wami.membership.removed.v1');

  it('creates, reads, patches and deletes a group as it does a user', async () => {
    const groupName = `g-${number}`;
    const created = await world.call('POST', '/v1/groups', { tenant: 'acme', groupName, displayName: 'G' });
    const id = String(created.body['id']);
    expect([created.status, created.headers.get('location'), created.headers.get('etag')]).toEqual([201, `/v1/groups/${id}`, '"1"']);
    expect(created.body).toEqual({ id, arn: `arn:wami:iam:acme:wami:test:group/${id}`, version: 1, tenant: 'acme', groupName, displayName: 'G', tags: {} });
    expect((await world.call('POST', '/v1/groups', { tenant: 'acme', groupName: groupName.toUpperCase() })).body).toMatchObject({ code: 'NameTaken', params: { field: 'groupName' } });
    expect((await world.call('PATCH', `/v1/groups/${id}`, { groupName: `${groupName}-new`, displayName: null })).body).toMatchObject({ groupName: `${groupName}-new`, version: 3 });
    expect((await world.call('GET', `/v1/users/${id}`)).status).toBe(404);
    expect((await world.call('DELETE', `/v1/groups/${id}`)).status).toBe(204);
    expect((await world.call('GET', `/v1/groups/${id}`)).status).toBe(404);
  });

  it('adds with 201, adds again with 204, removes with 204, and then there is nothing to remove', async () => {
    const first = await world.call('PUT', member());
    expect([first.status, first.headers.get('etag'), first.headers.get('location')]).toEqual([201, '"1"', member()]);
    expect(first.body).toMatchObject({ id: membershipId(group, user), groupId: group, userId: user, tenant: 'acme/eng' });
    const again = await world.call('PUT', member());
    expect([again.status, again.body]).toEqual([204, {}]);
    expect(again.headers.get('wami-position')).toBe(first.headers.get('wami-position'));
    expect((await world.call('DELETE', member())).status).toBe(204);
    expect((await world.call('DELETE', member())).status).toBe(404);
    expect((await world.call('PUT', member())).status).toBe(201);
  });

  it('is an event of its own, keyed by the user and without a name', async () => {
    await world.call('PUT', member());
    const [event] = await world.store.readStream(membershipId(group, user));
    expect(event).toMatchObject({ type: 'wami.membership.added.v1', key: user, tenant: 'acme/eng', personal: {}, data: { groupId: group, userId: user } });
  });

  it('keeps to the tenant line', async () => {
    const low = await world.create('groups', { tenant: 'acme/eng', groupName: `low-${number}` });
    const high = await world.create('users', { tenant: 'acme', userName: `high-${number}` });
    const refused = await world.call('PUT', member(low, high));
    expect([refused.status, refused.body['code']]).toEqual([422, 'ValidationFailed']);
    expect((await world.call('PUT', member(low))).status).toBe(201);
  });

  it('answers 404 for unknown, swapped and foreign ends', async () => {
    const foreign = await world.create('users', { tenant: 'other', userName: `f-${number}` });
    const unknown = 'usr_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y';
    for (const path of [member(group, unknown), member(user, group), member(group, foreign)]) {
      expect([path, (await world.call('PUT', path, undefined, { token: ACME_TOKEN })).status]).toEqual([path, 404]);
    }
  });

  it('answers many who add the same member at once: one 201, the others 204', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.call('PUT', member())));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(204)]);
  });

  it('leaves no member behind when an end is deleted meanwhile', async () => {
    const [added, deleted] = await Promise.all([world.call('PUT', member()), world.call('DELETE', `/v1/users/${user}`)]);
    expect(deleted.status).toBe(204);
    expect([201, 404, 409]).toContain(added.status);
    if (added.status === 201) await eventually(async () => (await removals(group, user)).length === 1, { describe: 'the membership is removed' });
  });

  it('takes the memberships of a deleted group away in its own name, with the deletion as cause', async () => {
    const users = await Promise.all(Array.from({ length: 5 }, (_, i) => world.create('users', { tenant: 'acme', userName: `m-${number}-${i}` })));
    for (const id of users) await world.call('PUT', member(group, id));
    await world.call('DELETE', `/v1/groups/${group}`, undefined, { headers: { 'x-correlation-id': 'cleanup-1' } });
    const deletion = (await world.store.readStream(group)).at(-1);
    for (const id of users) {
      await eventually(async () => (await removals(group, id)).length === 1, { describe: `the membership of ${id} is removed` });
      const [removed] = await removals(group, id);
      expect(removed?.meta).toEqual({ actor: 'identity', correlationId: 'cleanup-1', causationId: deletion?.id });
      expect(removed?.key).toBe(id);
    }
  });

  it('goes on after a stop: what was not done yet is done after the next start, once', async () => {
    const users = await Promise.all(Array.from({ length: 5 }, (_, i) => world.create('users', { tenant: 'acme', userName: `k-${number}-${i}` })));
    for (const id of users) await world.call('PUT', member(group, id));
    await world.pool.query(`CREATE FUNCTION identity.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.type = 'wami.membership.removed.v1' AND (SELECT count(*) FROM identity.events WHERE type = NEW.type AND data->>'groupId' = '${group}') >= 2
      THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$`);
    await world.pool.query('CREATE TRIGGER refuse BEFORE INSERT ON identity.events FOR EACH ROW EXECUTE FUNCTION identity.refuse()');
    await world.call('DELETE', `/v1/groups/${group}`);
    const done = async (): Promise<number> => (await Promise.all(users.map((id) => removals(group, id)))).flat().length;
    await eventually(async () => (await done()) >= 1, { describe: 'the work began' });
    await world.stopApp();
    expect(await done()).toBeLessThan(5);
    await world.pool.query('DROP TRIGGER refuse ON identity.events');
    await world.startApp();
    await eventually(async () => (await done()) === 5, { describe: 'all are removed' });
    for (const id of users) expect(await removals(group, id)).toHaveLength(1);
    await eventually(async () => (await world.pool.query('SELECT 1 FROM identity.housekeeping_tasks')).rowCount === 0, { describe: 'no task is left' });
  });
});
