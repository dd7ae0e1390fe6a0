import { CreateAccessKeyCommand, CreateLoginProfileCommand, CreateUserCommand, DeleteUserCommand, GetLoginProfileCommand, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import type { CallContext, Desired, OwnershipMark, ResourceHandler } from '@wami/provider-port';
import { startSandboxAws } from '@wami/sandbox';
import { createAwsAdapter } from './aws.adapter';

process.env['SPEC_AWS_OWNERS_ID'] = 'AKIASPEC000000000001';
process.env['SPEC_AWS_OWNERS_SECRET'] = 'never-shown';
const ACCOUNT = '123456789012';
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });
const mark = (kind: string): OwnershipMark => ({ instance: 'local', tenant: 'acme', id: `${kind}_1`, kind });

it.each(['access-key', 'login-profile'])('what a stranger has under the name of a user that is gone is never taken for what an attempt made: %s', async (kind) => {
  const cloud = await startSandboxAws({ account: ACCOUNT });
  const credentials = { accessKeyId: 'AKIASPEC000000000001', secretAccessKey: 'never-shown' };
  const theirs = new IAMClient({ endpoint: cloud.url, region: 'us-east-1', credentials });
  const target = createAwsAdapter().connect({ provider: 'aws', account: ACCOUNT, endpoint: cloud.url, credentials: { type: 'static', accessKeyId: 'env:SPEC_AWS_OWNERS_ID', secretAccessKey: 'env:SPEC_AWS_OWNERS_SECRET' } });
  try {
    const [users, handler] = [target.handler('user') as ResourceHandler, target.handler(kind) as ResourceHandler];
    const desired = (of: string, name: string): Desired => ({ mark: mark(of), name, document: {}, facets: {} });
    const { observed: ann } = await users.create(desired('user', 'ann'), context());
    const owned = { owner: 'ann', ownerResourceId: ann.providerResourceId };
    const groundwork = (await handler.prepare?.({ ...desired(kind, 'it'), ...owned }, context())) ?? {};
    await theirs.send(new DeleteUserCommand({ UserName: 'ann' }));
    const reference = { mark: mark(kind), names: ['it'], groundwork, ...owned };
    expect(await handler.observe(reference, [], context())).toBeUndefined();

    await theirs.send(new CreateUserCommand({ UserName: 'ann' }));
    // Nor is anything made for the stranger: it is taken away before anybody is told its secret.
    await expect(handler.create({ ...desired(kind, 'it'), ...owned }, context())).rejects.toMatchObject({ code: 'DependencyNotReady' });
    expect((await theirs.send(new ListAccessKeysCommand({ UserName: 'ann' }))).AccessKeyMetadata).toEqual([]);
    await expect(theirs.send(new GetLoginProfileCommand({ UserName: 'ann' }))).rejects.toMatchObject({ name: 'NoSuchEntityException' });

    await (kind === 'access-key' ? theirs.send(new CreateAccessKeyCommand({ UserName: 'ann' })) : theirs.send(new CreateLoginProfileCommand({ UserName: 'ann', Password: 'Str4nger-has-it' })));
    await expect(handler.observe(reference, [], context())).rejects.toMatchObject({ code: 'DependencyNotReady', options: { effect: 'none' } });
    // The name leads to the very user: what is of its time is the attempt's.
    const own = { ...reference, ownerResourceId: cloud.snapshot().users.find(({ userName }) => userName === 'ann')?.userId ?? '' };
    expect(await handler.observe(own, [], context())).toMatchObject({ mark: { kind } });
  } finally {
    theirs.destroy();
    await target.close();
    await cloud.close();
  }
});
