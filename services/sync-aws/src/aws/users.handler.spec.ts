import { RolesHandler } from './roles.handler';
import { UsersHandler } from './users.handler';

const OWN = 'arn:aws:iam::000000000001:user/wami/engine';

it.each([
  [UsersHandler, OWN, OWN],
  [RolesHandler, 'arn:aws:sts::000000000001:assumed-role/engine/wami', 'arn:aws:iam::000000000001:role/wami/engine'],
])('what WAMI signs in as is never deleted, whoever asks for it and whatever they know: nothing is called (%p)', async (Handler, principal, nativeArn) => {
  const send = jest.fn(() => Promise.reject(new Error('called')));
  const handler = new Handler({ send } as unknown as ConstructorParameters<typeof UsersHandler>[0], 10, () => principal);
  const own = { providerResourceId: 'AIDA1', nativeArn, name: 'engine', facetsRead: [], shape: { fields: {}, tags: {}, facets: {} } };
  await expect(handler.delete(own, { signal: AbortSignal.timeout(1_000) })).rejects.toMatchObject({ code: 'InvalidRequest', retryable: false, options: { effect: 'none' } });
  expect(send).not.toHaveBeenCalled();
});
