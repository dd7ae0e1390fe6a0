import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, HOLDING, TO_AWS } from './spec-support/engine-under-test';
import type { Api, Fault } from './spec-support/model-cloud';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
});

const settled = () => eventually(async () => {
  expect(await test.isQuiet()).toBe(true);
  expect(Object.keys(await test.states())).toEqual(['Synced']);
});
const isClaimed = async (resource: string): Promise<boolean> =>
  (await test.pool.query<{ claimed: boolean }>('SELECT claimed FROM sync_aws.engine_bindings WHERE resource = $1', [resource])).rows[0]?.claimed ?? false;
const refused = (): Fault => ({ refuse: new ProviderError('Throttled', 'slow down', { effect: 'none' }) });

/** Holds the first call of this kind until `release`. */
function holdFirst(api: Api): { begun: () => boolean; release: () => void } {
  let begun = false;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  test.cloud.latency = ({ api: called }) => {
    if (called !== api || begun) return Promise.resolve();
    begun = true;
    return released;
  };
  return { begun: () => begun, release };
}

async function annAndAdmins(): Promise<{ user: string; group: string }> {
  const [user, group] = [await test.identity.user('ann'), await test.identity.group('admins')];
  await test.start({ options: HOLDING });
  await settled();
  return { user, group };
}

describe('a relation whose other end changes its name at the same moment', () => {
  it.each(['add', 'remove'] as const)('that is about to be changed (%s): the new name comes after it', async (how) => {
    const { user, group } = await annAndAdmins();
    if (how === 'remove') await test.identity.member('add', group, user);
    await settled();
    const call = holdFirst(how);
    await test.identity.member(how, group, user);
    await eventually(() => expect(call.begun()).toBe(true));
    await test.identity.patchGroup(group, { groupName: 'owners' });
    await test.identity.group('admins');
    await eventually(async () => expect(await isClaimed(group)).toBe(true));
    expect(test.cloud.named('owners')).toBeUndefined();
    call.release();
    await settled();
    expect(test.cloud.groupsOf('ann')).toEqual(how === 'add' ? ['owners'] : []);
    expect(test.cloud.named('admins')).toBeDefined();
  });

  it.each(['add', 'remove'] as const)('while it gets its new name (%s): who calls it waits, says so, and calls it by the new one', async (how) => {
    const { user, group } = await annAndAdmins();
    if (how === 'remove') await test.identity.member('add', group, user);
    await settled();
    const call = holdFirst('rename');
    await test.identity.patchGroup(group, { groupName: 'owners' });
    await eventually(() => expect(call.begun()).toBe(true));
    await test.identity.member(how, group, user);
    await eventually(async () => expect((await test.said(user))?.outcome).toMatchObject({ reason: `waiting for the name of group/${group} to be certain` }));
    const before = test.cloud.writes.length;
    call.release();
    await settled();
    expect(test.cloud.writes.slice(before).map(({ api, name }) => `${api} ${name}`)).toEqual([`${how} owners`]);
    expect(test.cloud.groupsOf('ann')).toEqual(how === 'add' ? ['owners'] : []);
  });

  it('does not keep other changes of the same user from going out', async () => {
    const { user, group } = await annAndAdmins();
    const call = holdFirst('rename');
    await test.identity.patchGroup(group, { groupName: 'owners' });
    await eventually(() => expect(call.begun()).toBe(true));
    await test.identity.member('add', group, user);
    await test.identity.patchUser(user, { tags: { team: 'x' } });
    await eventually(() => expect(test.cloud.named('ann')?.tags).toEqual({ team: 'x' }));
    call.release();
    await settled();
    expect(test.cloud.groupsOf('ann')).toEqual(['owners']);
  });

  it('is not forgotten where nobody heard that it was made, nor under which name its other end is', async () => {
    const { user, group } = await annAndAdmins();
    test.cloud.fault = ({ api }) => (api === 'add' || api === 'rename' ? { loseAnswer: true } : api === 'get' ? refused() : undefined);
    await test.identity.member('add', group, user);
    await eventually(async () => expect(await test.stateOf(user)).toBe('Failed'));
    await test.identity.patchGroup(group, { groupName: 'owners' });
    await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['owners']));
    await test.identity.member('remove', group, user);
    await eventually(async () => expect((await test.outcomes(user)).map(({ data }) => (data as { reason?: string }).reason)).toContain(`waiting for the name of group/${group} to be certain`));
    test.cloud.fault = () => undefined;
    await eventually(async () => {
      await test.identity.job('sync');
      await eventually(async () => expect(await test.states()).toEqual({ Synced: 2 }), { timeoutMs: 5_000 });
    });
    expect(test.cloud.groupsOf('ann')).toEqual([]);
  });
});

it.each(['rename', 'delete'] as const)('a revocation does not wait for a group that the cloud refuses to %s', async (api) => {
  const { user, group } = await annAndAdmins();
  await test.identity.member('add', group, user);
  await settled();
  test.cloud.fault = (call) => (call.api === api || (call.api === 'remove' && api === 'delete') ? { refuse: new ProviderError('AccessDenied', 'no', { effect: 'none' }) } : undefined);
  if (api === 'rename') await test.identity.patchGroup(group, { groupName: 'owners' });
  else await test.identity.deleteGroup(group);
  await eventually(async () => expect(await test.stateOf(group)).toBe('Failed'));
  test.cloud.fault = (call) => (call.api === api ? { refuse: new ProviderError('AccessDenied', 'no', { effect: 'none' }) } : undefined);
  await test.identity.member('remove', group, user);
  await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual([]));
  await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
});
