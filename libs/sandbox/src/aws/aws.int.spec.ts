import { accountOfEachTest, ok, refused } from '../spec-support/aws-account';
import { queryClient } from './query-client';
import type { QueryAnswer } from './query-client';

const { iam, account } = accountOfEachTest();

async function allPages(action: string, element: string, params: Record<string, string | number>): Promise<readonly string[][]> {
  const pages: string[][] = [];
  for (let marker: string | undefined, more = true; more;) {
    const answer: QueryAnswer = await ok(iam(action, { ...params, ...(marker === undefined ? {} : { Marker: marker }) }));
    pages.push([...answer.texts(element)]);
    [marker] = answer.texts('Marker');
    more = answer.texts('IsTruncated')[0] === 'true';
    expect(marker !== undefined).toBe(more);
  }
  return pages;
}

describe('users', () => {
  it('are created with path and tags, and read back', async () => {
    const created = await ok(iam('CreateUser', { UserName: 'Ann', Path: '/core/', 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'a+b @1' }));
    expect(created.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(created.texts('RequestId')).toEqual([created.requestId]);
    expect(created.texts('Arn')).toEqual(['arn:aws:iam::000000000001:user/core/Ann']);
    expect(created.texts('UserId')[0]).toMatch(/^AIDA[A-Z2-7]{17}$/);
    expect(created.texts('CreateDate')[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const read = await ok(iam('GetUser', { UserName: 'aNN' }));
    for (const element of ['UserName', 'UserId', 'Arn', 'Key', 'Value']) expect(read.texts(element)).toEqual(created.texts(element));
    expect((await ok(iam('ListUsers'))).texts('Key')).toEqual([]);
  });

  it('have names of their own whatever the case', async () => {
    await ok(iam('CreateUser', { UserName: 'ann' }));
    await ok(iam('CreateUser', { UserName: 'bob' }));
    expect(await iam('CreateUser', { UserName: 'ANN' })).toEqual(refused(409, 'EntityAlreadyExists'));
    expect(await iam('UpdateUser', { UserName: 'bob', NewUserName: 'Ann' })).toEqual(refused(409, 'EntityAlreadyExists'));
    expect(await iam('UpdateUser', { UserName: 'bob', NewUserName: 'BOB' })).toEqual(refused(409, 'EntityAlreadyExists'));
    await ok(iam('CreateGroup', { GroupName: 'ann' }));
    expect(await iam('CreateGroup', { GroupName: 'Ann' })).toEqual(refused(409, 'EntityAlreadyExists'));
  });

  it('keep id, tags and memberships through a rename', async () => {
    const created = await ok(iam('CreateUser', { UserName: 'ann', 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }));
    await ok(iam('CreateGroup', { GroupName: 'g' }));
    await ok(iam('AddUserToGroup', { GroupName: 'g', UserName: 'ann' }));
    await ok(iam('UpdateUser', { UserName: 'ann', NewUserName: 'anna', NewPath: '/p/' }));
    expect(account().snapshot().users).toEqual([expect.objectContaining({
      userName: 'anna', userId: created.texts('UserId')[0], arn: 'arn:aws:iam::000000000001:user/p/anna', tags: { k: 'v' }, groups: ['g'],
    })]);
    expect(await iam('GetUser', { UserName: 'ann' })).toEqual(refused(404, 'NoSuchEntity'));
    expect(await iam('UpdateUser', { UserName: 'ann', NewUserName: 'x' })).toEqual(refused(404, 'NoSuchEntity'));
  });

  it('sign in with one password, which the default policy allows; another one changes no date', async () => {
    await ok(iam('CreateUser', { UserName: 'ann-marie-1A' }));
    const of = { UserName: 'ann-marie-1A' };
    for (const Password of ['Short-1', 'only-lower-case', 'ONLY-UPPER-CASE', '12345678!', of.UserName]) expect(await iam('CreateLoginProfile', { ...of, Password })).toEqual(refused(400, 'PasswordPolicyViolation'));
    expect(await iam('UpdateLoginProfile', { ...of, Password: 'Correct-horse-9' })).toEqual(refused(404, 'NoSuchEntity'));
    expect(await iam('CreateLoginProfile', { ...of, Password: 'Correct-horse-9', PasswordResetRequired: 'yes' })).toEqual(refused(400, 'ValidationError'));
    await ok(iam('CreateLoginProfile', { ...of, Password: 'Correct-horse-9', PasswordResetRequired: 'true' }));
    expect(await iam('CreateLoginProfile', { ...of, Password: 'Correct-horse-9' })).toEqual(refused(409, 'EntityAlreadyExists'));
    const seen = async (): Promise<string[]> => {
      const answer = await ok(iam('GetLoginProfile', of));
      return [...answer.texts('CreateDate'), ...answer.texts('PasswordResetRequired')];
    };
    const [date = '', reset] = await seen();
    expect(reset).toBe('true');
    expect(await iam('UpdateLoginProfile', { ...of, Password: 'weak' })).toEqual(refused(400, 'PasswordPolicyViolation'));
    await ok(iam('UpdateLoginProfile', { ...of, Password: 'Another-horse-9' }));
    expect(await seen()).toEqual([date, 'true']);
    await ok(iam('UpdateLoginProfile', { ...of, PasswordResetRequired: 'false' }));
    expect(await seen()).toEqual([date, 'false']);
    expect(JSON.stringify(account().snapshot())).not.toContain('horse');
    await ok(iam('DeleteLoginProfile', of));
    await ok(iam('DeleteUser', of));
  });

  it('can be deleted only when nothing hangs on them', async () => {
    await ok(iam('CreateUser', { UserName: 'ann' }));
    await ok(iam('CreateGroup', { GroupName: 'g' }));
    await ok(iam('AddUserToGroup', { GroupName: 'g', UserName: 'ann' }));
    const key = await ok(iam('CreateAccessKey', { UserName: 'ann' }));
    await ok(iam('CreateLoginProfile', { UserName: 'ann', Password: 'Not-kept-1' }));
    const keptBecause = async (reason: string): Promise<void> => {
      const answer = await iam('DeleteUser', { UserName: 'ann' });
      expect([answer.code, ...answer.texts('Message')]).toEqual(['DeleteConflict', expect.stringContaining(reason)]);
    };
    await keptBecause('users from group');
    await ok(iam('RemoveUserFromGroup', { GroupName: 'g', UserName: 'ann' }));
    await keptBecause('access keys');
    expect((await ok(iam('ListAccessKeys', { UserName: 'ann' }))).texts('AccessKeyId')).toEqual(key.texts('AccessKeyId'));
    await ok(iam('DeleteAccessKey', { UserName: 'ann', AccessKeyId: key.texts('AccessKeyId')[0] ?? '' }));
    await keptBecause('login profile');
    expect((await iam('GetLoginProfile', { UserName: 'ann' })).status).toBe(200);
    await ok(iam('DeleteLoginProfile', { UserName: 'ann' }));
    expect(await iam('DeleteLoginProfile', { UserName: 'ann' })).toEqual(refused(404, 'NoSuchEntity'));
    for (const list of ['ListAttachedUserPolicies', 'ListUserPolicies', 'ListMFADevices']) {
      expect((await ok(iam(list, { UserName: 'ann' }))).texts('IsTruncated')).toEqual(['false']);
    }
    await ok(iam('DeleteUser', { UserName: 'ann' }));
    expect(await iam('DeleteUser', { UserName: 'ann' })).toEqual(refused(404, 'NoSuchEntity'));
    expect(account().snapshot()).toMatchObject({ users: [], groups: [{ members: [] }] });
  });

  it('have at most fifty tags, each key once whatever its case', async () => {
    await ok(iam('CreateUser', { UserName: 'ann' }));
    const tag = (index: number, key: string, value: string): Record<string, string> =>
      ({ [`Tags.member.${index}.Key`]: key, [`Tags.member.${index}.Value`]: value });
    const fifty = Array.from({ length: 50 }, (_none, index) => tag(index + 1, `k${index + 10}`, 'v'));
    await ok(iam('TagUser', Object.assign({ UserName: 'ann' }, ...fifty)));
    expect(await iam('TagUser', { UserName: 'ann', ...tag(1, 'more', 'v') })).toEqual(refused(409, 'LimitExceeded'));
    await ok(iam('TagUser', { UserName: 'ann', ...tag(1, 'K10', 'old') }));
    await ok(iam('TagUser', { UserName: 'ann', ...tag(1, 'k10', 'new') }));
    await ok(iam('UntagUser', { UserName: 'ann', 'TagKeys.member.1': 'k11', 'TagKeys.member.2': 'absent' }));
    const { tags } = account().snapshot().users[0] ?? { tags: {} };
    expect(Object.keys(tags)).toHaveLength(49);
    expect(tags).toMatchObject({ k10: 'new' });
    expect(await iam('TagUser', { UserName: 'ann' })).toEqual(refused(400, 'ValidationError'));
    expect((await allPages('ListUserTags', 'Key', { UserName: 'ann', MaxItems: 20 })).map((keys) => keys.length)).toEqual([20, 20, 9]);
  });
});

describe('groups and memberships', () => {
  it('hold members once, and are deleted empty', async () => {
    await ok(iam('CreateUser', { UserName: 'ann' }));
    const group = await ok(iam('CreateGroup', { GroupName: 'g', Path: '/x/' }));
    expect(group.texts('GroupId')[0]).toMatch(/^AGPA[A-Z2-7]{17}$/);
    for (let times = 0; times < 2; times += 1) await ok(iam('AddUserToGroup', { GroupName: 'g', UserName: 'ann' }));
    await ok(iam('UpdateGroup', { GroupName: 'g', NewGroupName: 'h', NewPath: '/' }));
    const read = await ok(iam('GetGroup', { GroupName: 'h' }));
    expect([read.texts('UserName'), read.texts('GroupId')]).toEqual([['ann'], group.texts('GroupId')]);
    expect(read.texts('Arn')[0]).toBe('arn:aws:iam::000000000001:group/h');
    expect(await iam('DeleteGroup', { GroupName: 'h' })).toEqual(refused(409, 'DeleteConflict'));
    for (let times = 0; times < 2; times += 1) await ok(iam('RemoveUserFromGroup', { GroupName: 'h', UserName: 'ann' }));
    await ok(iam('DeleteGroup', { GroupName: 'h' }));
    expect(account().snapshot()).toMatchObject({ groups: [], users: [{ groups: [] }] });
    expect(account().writes()).toBe(8);
  });

  it('need both ends', async () => {
    await ok(iam('CreateUser', { UserName: 'ann' }));
    await ok(iam('CreateGroup', { GroupName: 'g' }));
    for (const action of ['AddUserToGroup', 'RemoveUserFromGroup']) {
      expect(await iam(action, { GroupName: 'none', UserName: 'ann' })).toEqual(refused(404, 'NoSuchEntity'));
      expect(await iam(action, { GroupName: 'g', UserName: 'none' })).toEqual(refused(404, 'NoSuchEntity'));
    }
  });

  it('are ten per user at most', async () => {
    await ok(iam('CreateUser', { UserName: 'ann' }));
    for (let index = 0; index < 11; index += 1) await ok(iam('CreateGroup', { GroupName: `g${index}` }));
    for (let index = 0; index < 10; index += 1) await ok(iam('AddUserToGroup', { GroupName: `g${index}`, UserName: 'ann' }));
    expect(await iam('AddUserToGroup', { GroupName: 'g10', UserName: 'ann' })).toEqual(refused(409, 'LimitExceeded'));
    expect((await iam('AddUserToGroup', { GroupName: 'g9', UserName: 'ann' })).status).toBe(200);
    expect((await allPages('ListGroupsForUser', 'GroupName', { UserName: 'ann', MaxItems: 4 })).map((names) => names.length)).toEqual([4, 4, 2]);
    for (let index = 11; index < 300; index += 1) await ok(iam('CreateGroup', { GroupName: `g${index}` }));
    expect(await iam('CreateGroup', { GroupName: 'one-more' })).toEqual(refused(409, 'LimitExceeded'));
  });
});

describe('lists of the account', () => {
  beforeEach(async () => {
    for (let index = 0; index < 7; index += 1) {
      await ok(iam('CreateUser', { UserName: `u${index}`, Path: index < 3 ? '/a/' : '/b/', 'Tags.member.1.Key': 'n', 'Tags.member.1.Value': index }));
    }
    for (const name of ['g1', 'g2']) await ok(iam('CreateGroup', { GroupName: name }));
    for (let index = 0; index < 5; index += 1) await ok(iam('AddUserToGroup', { GroupName: 'g1', UserName: `u${index}` }));
  });

  it('come in pages, by path', async () => {
    expect(await allPages('ListUsers', 'UserName', { MaxItems: 3 })).toEqual([['u0', 'u1', 'u2'], ['u3', 'u4', 'u5'], ['u6']]);
    expect(await allPages('ListUsers', 'UserName', { MaxItems: 3, PathPrefix: '/a/' })).toEqual([['u0', 'u1', 'u2']]);
    expect(await allPages('ListGroups', 'GroupName', { MaxItems: 1 })).toEqual([['g1'], ['g2']]);
    expect(await allPages('GetGroup', 'UserName', { GroupName: 'g1', MaxItems: 2 })).toEqual([['u0', 'u1'], ['u2', 'u3'], ['u4']]);
    expect(await iam('ListUsers', { MaxItems: 0 })).toEqual(refused(400, 'ValidationError'));
    expect(await iam('ListUsers', { Marker: 'x' })).toEqual(refused(400, 'ValidationError'));
  });

  it('carry groups and tags in the authorization details', async () => {
    expect(await allPages('GetAccountAuthorizationDetails', 'UserName', { MaxItems: 4 })).toEqual([['u0', 'u1', 'u2', 'u3'], ['u4', 'u5', 'u6'], []]);
    const users = await ok(iam('GetAccountAuthorizationDetails', { 'Filter.member.1': 'User' }));
    expect(users.texts('Value')).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(users.xml.match(/<GroupList><member>g1<\/member><\/GroupList>/g)).toHaveLength(5);
    expect(users.xml).toContain('<GroupDetailList/>');
    const groups = await ok(iam('GetAccountAuthorizationDetails', { 'Filter.member.1': 'Group', 'Filter.member.2': 'LocalManagedPolicy' }));
    expect([groups.texts('UserName'), groups.texts('GroupName')]).toEqual([[], ['g1', 'g2']]);
    expect(await iam('GetAccountAuthorizationDetails', { 'Filter.member.1': 'Users' })).toEqual(refused(400, 'ValidationError'));
    expect((await ok(iam('GetAccountSummary'))).xml).toContain('<entry><key>UsersQuota</key><value>5000</value></entry>');
  });
});

describe('the API', () => {
  it('tells the caller who they are, by IAM and by STS', async () => {
    const identity = await ok(queryClient(account().url, { service: 'sts' })('GetCallerIdentity'));
    expect([identity.texts('Account'), identity.texts('Arn')]).toEqual([['000000000001'], (await ok(iam('GetUser'))).texts('Arn')]);
    await ok(iam('CreateUser', { UserName: 'ann' }));
    const [accessKeyId] = (await ok(iam('CreateAccessKey', { UserName: 'ann' }))).texts('AccessKeyId');
    expect((await ok(queryClient(account().url, { accessKeyId })('GetUser'))).texts('UserName')).toEqual(['ann']);
  });

  it('refuses what it does not know', async () => {
    expect(await iam('CreateInstanceProfile', {})).toEqual(refused(400, 'InvalidAction'));
    expect(await iam('toString', {})).toEqual(refused(400, 'InvalidAction'));
    expect(await iam('GetCallerIdentity', {})).toEqual(refused(400, 'InvalidAction'));
    expect(await queryClient(account().url, { service: 'sts' })('ListUsers')).toEqual(refused(400, 'InvalidAction'));
    const unsigned = await fetch(account().url, { method: 'POST', body: new URLSearchParams({ Action: 'ListUsers', Version: '2010-05-08' }) });
    expect([unsigned.status, await unsigned.text()]).toEqual([403, expect.stringContaining('<Code>MissingAuthenticationToken</Code>')]);
    expect(await iam('CreateUser', { UserName: 'x'.repeat(1024 * 1024) })).toEqual(refused(413, 'RequestEntityTooLarge'));
    expect(account().snapshot().users).toEqual([]);
  });

  it('lets one of fifty racing creates win', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => iam('CreateUser', { UserName: 'ann' })));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.code === 'EntityAlreadyExists')).toHaveLength(49);
    expect([account().calls(), account().writes()]).toEqual([{ CreateUser: 50 }, 1]);
  });
});
