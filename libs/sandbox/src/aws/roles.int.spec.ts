import { accountOfEachTest, ok, refused } from '../spec-support/aws-account';
import type { QueryAnswer } from './query-client';

const { iam } = accountOfEachTest();

const trust = (statement: object = {}): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole', ...statement }] });
const ALLOW = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
const create = (params: Readonly<Record<string, string | number>> = {}): Promise<QueryAnswer> =>
  iam('CreateRole', { RoleName: 'Writer', Path: '/s/', AssumeRolePolicyDocument: trust(), Description: 'Writes', 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v', ...params });

describe('roles', () => {
  it('are read back whole; lists leave out tags, the bulk read description and longest session', async () => {
    const created = await ok(create({ MaxSessionDuration: 7_200 }));
    expect([created.texts('Arn'), created.texts('RoleId')[0]]).toEqual([['arn:aws:iam::000000000001:role/s/Writer'], expect.stringMatching(/^AROA[A-Z2-7]{17}$/)]);
    const seen = async (action: string, params = {}): Promise<unknown> => {
      const answer = await ok(iam(action, params));
      return [answer.texts('AssumeRolePolicyDocument').map(decodeURIComponent), answer.texts('Description'), answer.texts('MaxSessionDuration'), answer.texts('Value')];
    };
    expect(await seen('GetRole', { RoleName: 'wRITER' })).toEqual([[trust()], ['Writes'], ['7200'], ['v']]);
    expect(await seen('ListRoles')).toEqual([[trust()], ['Writes'], ['7200'], []]);
    expect(await seen('GetAccountAuthorizationDetails', { 'Filter.member.1': 'Role' })).toEqual([[trust()], [], [], ['v']]);
    await ok(iam('UpdateRole', { RoleName: 'Writer', Description: '' }));
    await ok(iam('UpdateRole', { RoleName: 'Writer', MaxSessionDuration: 43_200 }));
    await ok(iam('UpdateAssumeRolePolicy', { RoleName: 'Writer', PolicyDocument: trust({ Effect: 'Deny' }) }));
    await ok(iam('UntagRole', { RoleName: 'Writer', 'TagKeys.member.1': 'K' }));
    expect(await seen('GetRole', { RoleName: 'Writer' })).toEqual([[trust({ Effect: 'Deny' })], [], ['43200'], []]);
    expect((await ok(iam('ListRoleTags', { RoleName: 'Writer' }))).texts('Key')).toEqual([]);
  });

  it('have names of their own whatever the case, and rules for session, description and trust', async () => {
    await ok(create());
    expect(await create({ RoleName: 'WRITER', Path: '/' })).toEqual(refused(409, 'EntityAlreadyExists'));
    const wrong = { RoleName: 'r'.repeat(65), Path: 'x', Description: '漢', MaxSessionDuration: 3_599, AssumeRolePolicyDocument: '漢' };
    for (const [name, value] of Object.entries(wrong)) expect(await create({ RoleName: 'other', [name]: value })).toEqual(refused(400, 'ValidationError'));
    expect(await iam('GetRole', { RoleName: 'none' })).toEqual(refused(404, 'NoSuchEntity'));
  });

  it.each([
    ['nobody', { Principal: undefined }, 'Missing required field Principal'], ['a resource', { Resource: '*' }, 'prohibited field Resource'],
    ['other actions', { Action: 's3:Get' }, 'may only specify STS'], ['an unknown type', { Principal: { Person: 'ann' } }, 'Syntax errors'],
    ['a user who is not there', { Principal: { AWS: 'arn:aws:iam::000000000001:user/ann' } }, 'Invalid principal in policy: "AWS":"arn:aws:iam::000000000001:user/ann"'],
    ['a name', { Principal: { AWS: 'ann' } }, 'Invalid principal'],
  ])('that trust %s are refused', async (_, statement, says) => {
    const answer = await create({ AssumeRolePolicyDocument: trust(statement) });
    expect([answer.code, ...answer.texts('Message')]).toEqual(['MalformedPolicyDocument', expect.stringContaining(says)]);
  });

  it('trust users who are there, and others in 2,048 characters', async () => {
    await ok(iam('CreateUser', { UserName: 'ann' }));
    const AWS = ['arn:aws:iam::000000000001:user/ann', 'arn:aws:iam::123456789012:role/x', '123456789012', '*'];
    await ok(create({ AssumeRolePolicyDocument: trust({ Principal: { AWS } }) }));
    const many = trust({ Principal: { AWS: Array.from({ length: 150 }, (_none, i) => String(100_000_000_000 + i)) } });
    expect(await create({ RoleName: 'other', AssumeRolePolicyDocument: many })).toEqual(refused(409, 'LimitExceeded'));
  });
});

describe('attachments', () => {
  const ARN = 'arn:aws:iam::000000000001:policy/p0';
  beforeEach(async () => {
    await ok(create());
    await ok(iam('CreateUser', { UserName: 'ann' }));
    await ok(iam('CreateGroup', { GroupName: 'g' }));
    for (let n = 0; n < 11; n += 1) await ok(iam('CreatePolicy', { PolicyName: `p${n}`, PolicyDocument: ALLOW }));
  });

  it.each([['User', 'ann'], ['Group', 'g'], ['Role', 'Writer']])('of a %s are ten at most, each once, and keep both ends from being deleted', async (type, name) => {
    const owner = { [`${type}Name`]: name };
    for (let n = 0; n < 10; n += 1) await ok(iam(`Attach${type}Policy`, { ...owner, PolicyArn: ARN.replace('p0', `p${n}`) }));
    await ok(iam(`Attach${type}Policy`, { ...owner, PolicyArn: ARN }));
    expect(await iam(`Attach${type}Policy`, { ...owner, PolicyArn: ARN.replace('p0', 'p10') })).toEqual(refused(409, 'LimitExceeded'));
    expect(await iam(`Attach${type}Policy`, { ...owner, PolicyArn: ARN.replace('p0', 'none') })).toEqual(refused(404, 'NoSuchEntity'));
    expect((await ok(iam(`ListAttached${type}Policies`, { ...owner, MaxItems: 3 }))).texts('PolicyName')).toEqual(['p0', 'p1', 'p2']);
    expect((await ok(iam('GetAccountAuthorizationDetails', { 'Filter.member.1': type }))).texts('PolicyName')).toHaveLength(10);
    expect((await ok(iam('ListEntitiesForPolicy', { PolicyArn: ARN }))).texts(`${type}Name`)).toEqual([name]);
    expect((await ok(iam('ListEntitiesForPolicy', { PolicyArn: ARN, PolicyUsageFilter: 'PermissionsBoundary' }))).texts(`${type}Name`)).toEqual([]);
    expect([(await ok(iam('GetPolicy', { PolicyArn: ARN }))).texts('AttachmentCount'), (await ok(iam('ListPolicies', { OnlyAttached: 'true' }))).texts('PolicyName')]).toEqual([['1'], expect.not.arrayContaining(['p10'])]);
    expect(await iam(`Delete${type}`, owner)).toEqual(refused(409, 'DeleteConflict'));
    expect(await iam('DeletePolicy', { PolicyArn: ARN })).toEqual(refused(409, 'DeleteConflict'));
    await ok(iam(`Detach${type}Policy`, { ...owner, PolicyArn: ARN }));
    expect(await iam(`Detach${type}Policy`, { ...owner, PolicyArn: ARN })).toEqual(refused(404, 'NoSuchEntity'));
    await ok(iam('DeletePolicy', { PolicyArn: ARN }));
    for (let n = 1; n < 10; n += 1) await ok(iam(`Detach${type}Policy`, { ...owner, PolicyArn: ARN.replace('p0', `p${n}`) }));
    await ok(iam(`Delete${type}`, owner));
  });
});

describe('permissions boundaries', () => {
  const ARN = 'arn:aws:iam::000000000001:policy/p0';
  const LIMITED = { PermissionsBoundary: ARN };
  beforeEach(async () => {
    for (const PolicyName of ['p0', 'p1']) await ok(iam('CreatePolicy', { PolicyName, PolicyDocument: ALLOW }));
  });

  it.each([['User', 'ann'], ['Role', 'Writer']])('of a %s are set with it or later, told by reads and left out of lists, and keep the policy from being deleted', async (type, name) => {
    const owner = { [`${type}Name`]: name };
    const make = (more: object): Promise<QueryAnswer> => (type === 'User' ? iam('CreateUser', { ...owner, ...more }) : create({ ...more }));
    const told = async (action: string, params: object = owner): Promise<string[]> => [...(await ok(iam(action, { ...params }))).texts('PermissionsBoundaryArn')];
    expect(await make({ PermissionsBoundary: ARN.replace('p0', 'none') })).toEqual(refused(404, 'NoSuchEntity'));
    expect((await ok(make(LIMITED))).texts('PermissionsBoundaryArn')).toEqual([ARN]);
    expect([await told(`Get${type}`), await told('GetAccountAuthorizationDetails', { 'Filter.member.1': type }), await told(`List${type}s`, {})]).toEqual([[ARN], [ARN], []]);
    expect((await ok(iam('ListEntitiesForPolicy', { PolicyArn: ARN }))).texts(`${type}Name`)).toEqual([name]);
    expect((await ok(iam('ListEntitiesForPolicy', { PolicyArn: ARN, PolicyUsageFilter: 'PermissionsPolicy' }))).texts(`${type}Name`)).toEqual([]);
    const { texts } = await ok(iam('GetPolicy', { PolicyArn: ARN }));
    expect([texts('PermissionsBoundaryUsageCount'), texts('AttachmentCount')]).toEqual([['1'], ['0']]);
    expect(await iam('DeletePolicy', { PolicyArn: ARN })).toEqual(refused(409, 'DeleteConflict'));
    for (let times = 0; times < 2; times += 1) await ok(iam(`Put${type}PermissionsBoundary`, { ...owner, PermissionsBoundary: ARN.replace('p0', 'p1') }));
    await ok(iam('DeletePolicy', { PolicyArn: ARN }));
    expect(await iam(`Put${type}PermissionsBoundary`, { ...owner, ...LIMITED })).toEqual(refused(404, 'NoSuchEntity'));
    await ok(iam(`Delete${type}PermissionsBoundary`, owner));
    expect([await told(`Get${type}`), await iam(`Delete${type}PermissionsBoundary`, owner)]).toEqual([[], refused(404, 'NoSuchEntity')]);
  });
});
