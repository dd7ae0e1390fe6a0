import { UsersHandler } from './users.handler';

const OWN = 'arn:aws:iam::000000000001:user/wami/engine';

it('what WAMI signs in as is never deleted, whoever asks for it and whatever they know: nothing is called', async () => {
  const send = jest.fn(() => Promise.reject(new Error('called')));
  const handler = new UsersHandler({ send } as unknown as ConstructorParameters<typeof UsersHandler>[0], 10, () => OWN);
  const own = { providerResourceId: 'AIDA1', nativeArn: OWN, name: 'engine', facetsRead: [], shape: { fields: {}, tags: {}, facets: {} } };
  await expect(handler.delete(own, { signal: AbortSignal.timeout(1_000) })).rejects.toMatchObject({ code: 'InvalidRequest', retryable: false, options: { effect: 'none' } });
  expect(send).not.toHaveBeenCalled();
});
