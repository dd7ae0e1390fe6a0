import { eventually, startTestPostgres, type TestPostgres } from '@wami/testing';
import { EngineUnderTest, TO_AWS } from './spec-support/engine-under-test';

let postgres: TestPostgres;
let test: EngineUnderTest;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  test = await EngineUnderTest.open(await postgres.createDatabase());
});
afterEach(() => test.close());

it('a user and its group reach the cloud, and their deletion too', async () => {
  await test.start({ logger: { debug: console.log, info: console.log, warn: console.log, error: (...a: unknown[]) => console.log(JSON.stringify(a)) } });
  await test.identity.tenant('acme', TO_AWS);
  const group = await test.identity.group('admins');
  const user = await test.identity.user('ann', { tags: { team: 'a' } });
  await test.identity.member('add', group, user);
  await eventually(async () => expect(await test.stateOf(user)).toBe('Synced'));
  await eventually(() => test.isQuiet());
  expect(test.cloud.groupsOf('ann')).toEqual(['admins']);
  await test.identity.patchUser(user, { userName: 'anna', tags: { team: 'b' } });
  await eventually(() => expect(test.cloud.named('anna')?.tags).toEqual({ team: 'b' }));
  await test.identity.member('remove', group, user);
  await eventually(() => expect(test.cloud.groupsOf('anna')).toEqual([]));
  await test.identity.deleteUser(user);
  await test.identity.deleteGroup(group);
  await eventually(async () => expect(await test.stateOf(group)).toBe('Gone'));
  await eventually(async () => expect(await test.stateOf(user)).toBe('Gone'));
  expect(test.cloud.things).toEqual([]);
});
