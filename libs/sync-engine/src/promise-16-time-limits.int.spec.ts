import { patiently as eventually, worldForEach } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';
import type { Api } from './spec-support/model-cloud';

jest.setTimeout(120_000);

/** One pass at a time: who holds it holds up everybody. */
const ONE = { concurrency: 1 };

let test: EngineUnderTest;
worldForEach(EngineUnderTest.open, async (opened) => {
  test = opened;
  await test.identity.tenant('acme', TO_AWS);
});

/** These calls about him are never answered, until that is lifted. */
function neverAnswer(name: string, ...apis: Api[]): () => void {
  let lifted = false;
  const hang = new Promise<void>(() => undefined);
  test.cloud.fault = (call) => (!lifted && call.name === name && apis.includes(call.api) ? { hang } : undefined);
  return () => {
    lifted = true;
  };
}

describe('promise 16: time limits', () => {
  it.each<[Api, () => Promise<unknown>]>([
    ['create', () => Promise.resolve()],
    ['tag', () => test.identity.patchUser(ann, { tags: { a: 'b' } })],
    ['get', () => test.identity.job('sync', { resources: [ann] })],
    ['delete', () => test.identity.deleteUser(ann)],
  ])('every call has a timeout, and an attempt ends with the first that is not answered: one that hangs in %s holds up nobody else of its target', async (api, then) => {
    if (api !== 'create') {
      await makeAnn();
      await test.start({ options: ONE });
      await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    }
    const lift = neverAnswer('ann', api);
    if (api === 'create') {
      await makeAnn();
      await test.start({ options: ONE });
    }
    await then();
    await eventually(() => expect(test.cloud.calls.map((call) => `${call.api} ${call.name}`)).toContain(`${api} ann`));
    const bob = await test.identity.user('bob');
    await eventually(async () => expect(await test.stateOf(bob)).toBe('Synced'));
    await eventually(async () => expect((await test.outcomes(ann)).map(({ data }) => (data as { code?: string }).code)).toContain('Timeout'));
    lift();
    await test.identity.job('retry');
    await eventually(async () => expect(await test.stateOf(ann)).toBe(api === 'delete' ? 'Gone' : 'Synced'));
  });

  it('what was made and is not visible yet is asked for again without holding a worker', async () => {
    const group = await test.identity.group('admins');
    await makeAnn();
    await test.identity.member('add', group, ann);
    test.cloud.invisibleReads = Infinity;
    await test.start({ options: ONE });
    await eventually(async () => expect((await test.said(ann))?.outcome).toMatchObject({ state: 'Pending', reason: 'waiting until what was just made is visible' }));
    const bob = await test.identity.user('bob');
    await eventually(async () => expect(await test.stateOf(bob)).toBe('Synced'));
    for (const thing of test.cloud.things) thing.invisible = 0;
    await eventually(async () => expect(await test.stateOf(ann)).toBe('Synced'));
    expect(test.cloud.groupsOf('ann')).toEqual(['admins']);
  });
});

let ann: string;
async function makeAnn(): Promise<void> {
  ann = await test.identity.user('ann');
}
