import { ProviderError } from '@wami/provider-port';
import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import type { ApiCall, Fault } from './spec-support/model-cloud';

jest.setTimeout(120_000);

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
});

const settled = (users: number, state = 'Synced') => eventually(async () => expect(await test.states()).toEqual({ [state]: users }));
const refused = (): Fault => ({ refuse: new ProviderError('Throttled', 'slow down', { effect: 'none' }) });

/** A membership whose making was not heard of, until all retries are used up, is taken back; `fault` is what else goes wrong. */
async function withdraw(user: string, group: string, fault: (call: ApiCall) => Fault | undefined = () => undefined): Promise<void> {
  await eventually(() => expect(test.cloud.groupsOf('ann')).toEqual(['admins']));
  await eventually(async () => expect(await test.stateOf(user)).toBe('Failed'));
  await eventually(() => test.isQuiet());
  const withdrawn = test.identity.member('remove', group, user);
  test.cloud.fault = fault;
  await withdrawn;
}

describe('a relation that is withdrawn before anybody heard that it was made', () => {
  it.each(['is taken away', 'is taken away also where that is refused once'])('%s', async (how) => {
    const [user, group] = [await test.identity.user('ann'), await test.identity.group('admins')];
    await test.start();
    await settled(2);
    test.cloud.fault = ({ api }) => {
      if (api === 'add') return { loseAnswer: true };
      return api === 'get' ? refused() : undefined; // nobody looks before the membership is withdrawn
    };
    await test.identity.member('add', group, user);
    let refusals = how === 'is taken away' ? 0 : 1;
    await withdraw(user, group, ({ api }) => (api === 'remove' && refusals-- > 0 ? refused() : undefined));
    await settled(2);
    await eventually(() => test.isQuiet());
    expect(test.cloud.groupsOf('ann')).toEqual([]);
  });

  it('is taken away where the user itself was made in the same unfinished attempt', async () => {
    const group = await test.identity.group('admins');
    await test.start();
    await settled(1);
    await test.stop();
    const user = await test.identity.user('ann');
    await test.identity.member('add', group, user);
    test.cloud.fault = ({ api }) => {
      if (api === 'add') return { loseAnswer: true };
      return api === 'get' ? refused() : undefined;
    };
    await test.start();
    await withdraw(user, group);
    await settled(2);
    await eventually(() => test.isQuiet());
    expect(test.cloud.groupsOf('ann')).toEqual([]);
  });
});
