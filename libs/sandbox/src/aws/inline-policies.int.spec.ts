import { accountOfEachTest, ok, refused } from '../spec-support/aws-account';

const { iam, account } = accountOfEachTest();

const documentOf = (Action: string, Resource = '*'): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });
const READ = documentOf('s3:GetObject', 'arn:aws:s3:::a(b)*/x y');
const TRUST = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] });

describe.each<{ kind: 'User' | 'Group' | 'Role'; list: string; most: number; more: Readonly<Record<string, string>> }>([
  { kind: 'User', list: 'UserPolicyList', most: 2_048, more: {} }, { kind: 'Group', list: 'GroupPolicyList', most: 5_120, more: {} },
  { kind: 'Role', list: 'RolePolicyList', most: 10_240, more: { AssumeRolePolicyDocument: TRUST } },
])('inline policies of a $kind', ({ kind, list, most, more }) => {
  const owner = { [`${kind}Name`]: 'ann' };
  const call = (verb: 'Put' | 'Get' | 'Delete', params: Readonly<Record<string, string>>) => iam(`${verb}${kind}Policy`, { ...owner, ...params });
  const names = async (): Promise<readonly string[]> => (await ok(iam(`List${kind}Policies`, owner))).texts('member');
  beforeEach(() => ok(iam(`Create${kind}`, { ...owner, ...more })));

  it('are put, replaced, read back URL-encoded, listed by name and deleted; their owner is not deleted before', async () => {
    await ok(call('Put', { PolicyName: 'read', PolicyDocument: documentOf('s3:ListBucket') }));
    await ok(call('Put', { PolicyName: 'read', PolicyDocument: READ }));
    await ok(call('Put', { PolicyName: 'A', PolicyDocument: READ }));
    const read = await ok(call('Get', { PolicyName: 'read' }));
    const [text = ''] = read.texts('PolicyDocument');
    expect([read.texts(`${kind}Name`), text.includes('('), decodeURIComponent(text)]).toEqual([['ann'], false, READ]);
    expect(await names()).toEqual(['A', 'read']);
    const details = await ok(iam('GetAccountAuthorizationDetails', { 'Filter.member.1': kind }));
    expect([details.xml.includes(`<${list}>`), details.texts('PolicyName')]).toEqual([true, ['A', 'read']]);
    const refusal = await iam(`Delete${kind}`, owner);
    expect([refusal.code, ...refusal.texts('Message')]).toEqual(['DeleteConflict', 'Cannot delete entity, must delete policies first.']);
    for (const PolicyName of ['A', 'read']) await ok(call('Delete', { PolicyName }));
    for (const verb of ['Get', 'Delete'] as const) expect(await call(verb, { PolicyName: 'read' })).toEqual(refused(404, 'NoSuchEntity'));
    await ok(iam(`Delete${kind}`, owner));
    for (const verb of ['Put', 'Get', 'Delete'] as const) expect(await call(verb, { PolicyName: 'read', PolicyDocument: READ })).toEqual(refused(404, 'NoSuchEntity'));
  });

  it('keep the grammar, the rules of names, and their size together, white space not counted', async () => {
    expect(await call('Put', { PolicyName: 'with blank', PolicyDocument: READ })).toEqual(refused(400, 'ValidationError'));
    expect(await call('Put', { PolicyName: 'wrong', PolicyDocument: documentOf('Get') })).toEqual(refused(400, 'MalformedPolicyDocument'));
    const long = (length: number): string => documentOf('s3:Get', `arn:aws:s3:::${'x'.repeat(length - documentOf('s3:Get', 'arn:aws:s3:::').length)}`);
    await ok(call('Put', { PolicyName: 'first', PolicyDocument: JSON.stringify(JSON.parse(long(most - 200)), null, 4) }));
    expect(await call('Put', { PolicyName: 'second', PolicyDocument: long(201) })).toEqual(refused(409, 'LimitExceeded'));
    await ok(call('Put', { PolicyName: 'second', PolicyDocument: long(200) }));
    const { users, groups, roles } = account().snapshot();
    expect([...users, ...groups, ...roles].map(({ inlinePolicies }) => Object.keys(inlinePolicies))).toEqual([['first', 'second']]);
  });
});
