import { accountOfEachTest, ok, refused } from '../spec-support/aws-account';
import type { QueryAnswer } from './query-client';

const { iam, account } = accountOfEachTest();

const ARN = 'arn:aws:iam::000000000001:policy/team/Reports';
const documentOf = (statement: object): string => JSON.stringify({ Version: '2012-10-17', Statement: statement });
const READ = documentOf({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a(b)*/x y' });
const create = (params: Readonly<Record<string, string>> = {}): Promise<QueryAnswer> =>
  iam('CreatePolicy', { PolicyName: 'Reports', Path: '/team/', PolicyDocument: READ, Description: 'Reads', 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v', ...params });
const version = (PolicyDocument = READ): Promise<QueryAnswer> => iam('CreatePolicyVersion', { PolicyArn: ARN, PolicyDocument, SetAsDefault: 'true' });

describe('policies', () => {
  it('are found by their ARN alone, in its own case, with tags and description; lists and bulk reads leave those out', async () => {
    const created = await ok(create());
    expect([created.texts('Arn'), created.texts('DefaultVersionId'), created.texts('Value')]).toEqual([[ARN], ['v1'], ['v']]);
    expect(created.texts('PolicyId')[0]).toMatch(/^ANPA[A-Z2-7]{17}$/);
    const read = await ok(iam('GetPolicy', { PolicyArn: ARN }));
    expect([read.texts('PolicyId'), read.texts('Description'), read.texts('Key')]).toEqual([created.texts('PolicyId'), ['Reads'], ['k']]);
    for (const other of [ARN.replace('/team', ''), ARN.replace('R', 'r'), ARN.replace('1:', '2:')]) expect(await iam('GetPolicy', { PolicyArn: other })).toEqual(refused(404, 'NoSuchEntity'));
    expect(await iam('GetPolicy', { PolicyArn: 'not-an-arn-but-long-enough' })).toEqual(refused(400, 'InvalidInput'));
    for (const list of ['ListPolicies', 'GetAccountAuthorizationDetails']) {
      const listed = await ok(iam(list, {}));
      expect([listed.texts('PolicyName'), listed.texts('Key'), listed.texts('Description')]).toEqual([['Reports'], [], []]);
    }
    const filters: Record<string, string>[] = [{ Scope: 'Local' }, { Scope: 'AWS' }, { PathPrefix: '/other/' }];
    const lists = filters.map(async (params) => (await ok(iam('ListPolicies', params))).texts('PolicyName'));
    expect(await Promise.all(lists)).toEqual([['Reports'], [], []]);
    expect((await ok(iam('ListPolicyTags', { PolicyArn: ARN }))).texts('Value')).toEqual(['v']);
  });

  it('have names of their own, whatever the path and case, and rules for path, description and tags', async () => {
    await ok(create());
    expect(await create({ PolicyName: 'reports', Path: '/' })).toEqual(refused(409, 'EntityAlreadyExists'));
    const wrong = { PolicyName: 'with blank', Path: '/a!b/', Description: 'a\nb', 'Tags.member.1.Key': 'aws:x' };
    for (const [name, value] of Object.entries(wrong)) expect((await create({ PolicyName: 'other', [name]: value })).status).toBe(400);
    await ok(iam('TagPolicy', { PolicyArn: ARN, 'Tags.member.1.Key': 'K', 'Tags.member.1.Value': 'w' }));
    expect(account().snapshot().policies).toMatchObject([{ tags: { K: 'w' } }]);
    await ok(iam('UntagPolicy', { PolicyArn: ARN, 'TagKeys.member.1': 'k' }));
    expect(account().snapshot().policies).toMatchObject([{ tags: {} }]);
  });

  it('have five versions at most, read back URL-encoded, and the default one stays', async () => {
    await ok(create());
    const documents = [2, 3, 4, 5].map((n) => documentOf({ Effect: 'Allow', Action: `s3:Get${n}`, Resource: '*' }));
    for (const document of documents) await ok(version(document));
    expect(await version()).toEqual(refused(409, 'LimitExceeded'));
    const listed = await ok(iam('ListPolicyVersions', { PolicyArn: ARN }));
    expect([listed.texts('VersionId'), listed.texts('IsDefaultVersion'), listed.texts('Document')]).toEqual([['v5', 'v4', 'v3', 'v2', 'v1'], ['true', ...Array.from({ length: 4 }, () => 'false')], []]);
    const [first = ''] = (await ok(iam('GetPolicyVersion', { PolicyArn: ARN, VersionId: 'v1' }))).texts('Document');
    expect([first.includes('('), decodeURIComponent(first)]).toEqual([false, READ]);
    expect(await iam('DeletePolicyVersion', { PolicyArn: ARN, VersionId: 'v5' })).toEqual(refused(409, 'DeleteConflict'));
    await ok(iam('DeletePolicyVersion', { PolicyArn: ARN, VersionId: 'v1' }));
    expect(await iam('GetPolicyVersion', { PolicyArn: ARN, VersionId: 'v1' })).toEqual(refused(404, 'NoSuchEntity'));
    await ok(iam('SetDefaultPolicyVersion', { PolicyArn: ARN, VersionId: 'v3' }));
    await ok(version());
    expect(account().snapshot().policies).toMatchObject([{ versions: ['v2', 'v3', 'v4', 'v5', 'v6'], defaultVersion: 'v6', document: READ }]);
    expect((await ok(iam('GetAccountAuthorizationDetails', { 'Filter.member.1': 'LocalManagedPolicy' }))).texts('Document').map(decodeURIComponent)).toEqual([READ, ...[...documents].reverse()]);
  });

  it('are deleted with their last version', async () => {
    await ok(create());
    await ok(version());
    expect(await iam('DeletePolicy', { PolicyArn: ARN })).toEqual(refused(409, 'DeleteConflict'));
    await ok(iam('DeletePolicyVersion', { PolicyArn: ARN, VersionId: 'v1' }));
    await ok(iam('DeletePolicy', { PolicyArn: ARN }));
    expect(await iam('DeletePolicy', { PolicyArn: ARN })).toEqual(refused(404, 'NoSuchEntity'));
  });

  const allow = (more: object): string => documentOf([{ Effect: 'Allow', Action: 's3:Get', Resource: '*', ...more }]);
  it.each([
    ['no JSON', '{', 'Syntax errors in policy.'], ['another version', '{"Version":"2020-01-01","Statement":[]}', 'Syntax errors in policy.'], ['no statement', documentOf([]), 'Syntax errors in policy.'],
    ['another effect', allow({ Effect: 'allow' }), 'Syntax errors in policy.'], ['an unknown element', allow({ Actions: '*' }), 'Syntax errors in policy.'],
    ['a principal', allow({ Principal: '*' }), 'should not specify a principal'], ['an action without service', allow({ Action: 'Get' }), 'must be prefaced by a vendor'],
    ['a resource that is no ARN', allow({ Resource: 'reports' }), 'must be in ARN format'], ['no actions', allow({ Action: [] }), 'must contain actions'],
    ['no resources', allow({ Resource: undefined }), 'must contain resources'], ['a Sid twice', documentOf([0, 1].map(() => ({ Sid: 'A', Effect: 'Deny', Action: '*', Resource: '*' }))), 'must be unique'],
    ['a Sid with a blank', allow({ Sid: 'a b' }), 'must be alpha-numeric'],
  ])('with %s are refused', async (_, document, says) => {
    const answer = await create({ PolicyDocument: document });
    expect([answer.status, answer.code, ...answer.texts('Message')]).toEqual([400, 'MalformedPolicyDocument', expect.stringContaining(says)]);
  });

  it('hold 6,144 characters, white space not counted, and none beyond U+00FF', async () => {
    const long = (length: number): string => allow({ Resource: `arn:aws:s3:::${'x'.repeat(length - allow({ Resource: 'arn:aws:s3:::' }).length)}` });
    expect(await create({ PolicyDocument: long(6_145) })).toEqual(refused(409, 'LimitExceeded'));
    await ok(create({ PolicyDocument: JSON.stringify(JSON.parse(long(6_144)), null, 4) }));
    expect(await create({ PolicyName: 'other', PolicyDocument: allow({ Resource: 'arn:aws:s3:::漢' }) })).toEqual(refused(400, 'ValidationError'));
  });
});
