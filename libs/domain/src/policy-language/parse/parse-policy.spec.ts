import { policyDocument } from '../compare/render';
import { AWS_POLICY_SIZES, checkPolicySize, policySize } from '../limits';
import type { PolicyKind } from '../model';
import { parsePolicy } from './parse-policy';

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const trusted = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };
const onBucket = { ...allow, Principal: '*', Resource: 'arn:aws:s3:::b/*' };

const policy = (statement: unknown, rest: object = {}) => ({ Version: '2012-10-17', ...rest, Statement: statement });

function errorsOf(document: unknown, kind: PolicyKind): string[] {
  const parsed = parsePolicy(document, kind);
  return parsed.ok ? [] : parsed.errors.map(({ pointer, code }) => `${code} ${pointer}`);
}

// "Grammar of the IAM JSON policy language" and the pages of its elements.
describe('what AWS documents as right', () => {
  test.each<[string, PolicyKind, unknown]>([
    ['one statement without a list', 'identity', policy(allow)],
    ['statements in a list', 'identity', policy([allow, { ...allow, Effect: 'Deny' }])],
    ['no Version', 'identity', { Statement: allow }],
    ['the older Version', 'identity', { Version: '2008-10-17', Statement: allow }],
    ['wildcards in an action', 'identity', policy({ ...allow, Action: ['iam:*AccessKey*', 'ec2:Describe?mages', 's3:*', '*'] })],
    ['NotAction and NotResource', 'identity', policy({ Effect: 'Deny', NotAction: 'iam:*', NotResource: ['arn:aws:s3:::HRBucket/Payroll'] })],
    ['a boundary', 'boundary', policy(allow)],
    ['Id on a resource', 'resource', policy(onBucket, { Id: 'cd3ad3d9-2776-4ef1-a904-4c229d1642ee' })],
    ['a Sid with a space on a resource', 'resource', policy({ ...onBucket, Sid: 'any text' })],
    ['an empty Sid', 'trust', policy({ ...trusted, Sid: '' })],
    ['NotPrincipal on a resource', 'resource', policy({ Effect: 'Deny', NotPrincipal: { AWS: ['arn:aws:iam::444455556666:user/Bob', 'arn:aws:iam::444455556666:root'] }, Action: 's3:*', Resource: 'arn:aws:s3:::b' })],
    ['no Resource where the resource is implied', 'resource', policy({ ...trusted, Action: 'ecr:BatchGetImage' })],
    ['two services', 'trust', policy({ ...trusted, Principal: { Service: ['ecs.amazonaws.com', 'lambda.amazonaws.com'] } })],
    ['account, root, user, role, session and unique id', 'trust', policy({ ...trusted, Principal: { AWS: [
      '123456789012', 'arn:aws:iam::123456789012:root', 'arn:aws:iam::123456789012:user/a/b', 'arn:aws-cn:iam::123456789012:role/x',
      'arn:aws:sts::123456789012:assumed-role/x/session', 'arn:aws:sts::123456789012:federated-user/y', 'AIDACKCEVSQ6C2EXAMPLE', '*',
    ] } })],
    ['an identity of this system', 'trust', policy({ ...trusted, Principal: { AWS: 'arn:wami:iam:acme/eng:wami:local:user/usr_1' } })],
    ['identity providers', 'trust', policy({ ...trusted, Principal: { Federated: [
      'accounts.google.com', 'cognito-identity.amazonaws.com', 'arn:aws:iam::123456789012:saml-provider/adfs',
      'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com',
    ] }, Action: ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] })],
    ['a canonical user on a bucket', 'resource', policy({ ...onBucket, Principal: { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' } })],
    ['a variable behind the fifth colon', 'identity', policy({ ...allow, Resource: 'arn:aws:sqs:us-east-2:*:${aws:username}-queue' })],
    ['a default', 'identity', policy({ ...allow, Resource: "arn:aws:s3:::b-${aws:PrincipalTag/team, 'company-wide'}" })],
    ['what looks like a variable in 2008', 'identity', { Version: '2008-10-17', Statement: { ...allow, Resource: 'arn:aws:s3:::b/${' } }],
    ['every spelling of operators', 'identity', policy({ ...allow, Condition: {
      'ForAnyValue:StringLikeIfExists': { 'aws:TagKeys': 'a*' }, 'forallvalues:stringequals': { 'aws:TagKeys': ['x'] }, Null: { 'aws:x': true },
      NumericLessThanEquals: { 's3:max-keys': 10 }, DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:01Z' }, Bool: { 'aws:SecureTransport': 'true' },
      BinaryEquals: { 'x:key': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' }, IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:DB8:1234:5678::/64'] },
      ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:123456789012:${aws:username}' }, StringEquals: { 'aws:RequestTag/Cost Center': '${*}' },
    } })],
    ['an empty Condition', 'identity', policy({ ...allow, Condition: {} })],
    ['a resource of this system', 'identity', policy({ ...allow, Resource: 'arn:wami:iam:acme/eng:wami:local:user/*' })],
  ])('%s', (_, kind, document) => {
    expect(parsePolicy(document, kind)).toMatchObject({ ok: true });
  });
});

// The same pages; "IAM policy validation check reference" for what they leave open.
describe('what AWS documents as wrong, with its place', () => {
  test.each<[unknown, PolicyKind, string[]]>([
    [null, 'identity', ['NotAnObject ']], [[], 'identity', ['NotAnObject ']], ['{}', 'identity', ['NotAnObject ']],
    [{}, 'identity', ['MissingElement ']],
    [policy(allow, { version: '1' }), 'identity', ['UnknownElement /version']],
    [policy(allow, { Version: '2012-10-18' }), 'identity', ['InvalidVersion /Version']],
    [policy(allow, { Version: null }), 'identity', ['InvalidVersion /Version']],
    [policy(allow, { Id: 'x' }), 'identity', ['UnsupportedElement /Id']], [policy(onBucket, { Id: 7 }), 'resource', ['InvalidType /Id']],
    [policy([]), 'identity', ['EmptyList /Statement']], [policy('x'), 'identity', ['InvalidType /Statement']],
    [policy([allow, 1]), 'identity', ['InvalidType /Statement/1']],
    [policy({}), 'identity', ['MissingElement /Statement', 'MissingElement /Statement', 'MissingElement /Statement']],
    [policy({ ...allow, 'a/b~c': 1 }), 'identity', ['UnknownElement /Statement/a~1b~0c']],
    [policy({ ...allow, Effect: 'allow' }), 'identity', ['InvalidEffect /Statement/Effect']],
    [policy({ ...allow, Sid: 'not ok' }), 'identity', ['InvalidSid /Statement/Sid']], [policy({ ...allow, Sid: 1 }), 'identity', ['InvalidType /Statement/Sid']],
    [policy([{ ...allow, Sid: 'A' }, allow, { ...allow, Sid: 'A' }]), 'identity', ['DuplicateSid /Statement/2/Sid']],
    [policy({ ...allow, NotAction: 's3:*' }), 'identity', ['ExclusiveElements /Statement']],
    [policy({ ...allow, NotResource: '*' }), 'identity', ['ExclusiveElements /Statement']],
    [policy({ ...onBucket, NotPrincipal: '*' }), 'resource', ['ExclusiveElements /Statement']],
    [policy({ ...allow, Action: [] }), 'identity', ['EmptyList /Statement/Action']],
    [policy({ ...allow, Action: ['s3', 's3:', ':x', 's3:a b', 's*:x', 's3:x:y', 's3:${aws:username}', 5] }), 'identity', [
      'InvalidType /Statement/Action/7', ...[0, 1, 2, 3, 4, 5, 6].map((at) => `InvalidAction /Statement/Action/${at}`)]],
    [policy({ ...allow, Resource: ['bucket', 'arn:aws:s3:::', 'arn:aws:s3', 'arn:aws:*:::x', 'arn:aws:s3::${aws:x}:y', '${aws:x}', ''] }), 'identity', [
      'InvalidResource /Statement/Resource/0', 'InvalidResource /Statement/Resource/2', 'InvalidResource /Statement/Resource/3',
      'VariableNotAllowed /Statement/Resource/4', 'VariableNotAllowed /Statement/Resource/5', 'InvalidResource /Statement/Resource/6']],
    [policy({ ...allow, Resource: ['arn:aws:s3:::${aws:x', 'arn:aws:s3:::${}'] }), 'identity', [
      'MissingBraceInVariable /Statement/Resource/0', 'EmptyVariable /Statement/Resource/1']],
    [policy({ Effect: 'Allow', Action: 's3:*' }), 'identity', ['MissingElement /Statement']],
    [policy({ ...allow, Principal: '*' }), 'identity', ['UnsupportedElement /Statement/Principal']],
    [policy({ ...allow, NotPrincipal: '*' }), 'boundary', ['UnsupportedElement /Statement/NotPrincipal']],
    [policy(allow), 'resource', ['MissingElement /Statement']],
    [policy({ ...trusted, Resource: '*' }), 'trust', ['UnsupportedElement /Statement/Resource']],
    [policy({ ...trusted, Principal: undefined, NotPrincipal: '*' }), 'trust', ['UnsupportedElement /Statement/NotPrincipal']],
    [policy({ ...trusted, Action: ['sts:AssumeRole', 'iam:PassRole', '*'] }), 'trust', [
      'InvalidTrustAction /Statement/Action/1', 'InvalidTrustAction /Statement/Action/2']],
    [policy({ ...trusted, Principal: 'everyone' }), 'trust', ['InvalidPrincipal /Statement/Principal']],
    [policy({ ...trusted, Principal: {} }), 'trust', ['EmptyList /Statement/Principal']],
    [policy({ ...trusted, Principal: { aws: '*' } }), 'trust', ['InvalidPrincipalKey /Statement/Principal/aws']],
    [policy({ ...trusted, Principal: { CanonicalUser: 'x'.repeat(64) } }), 'trust', ['InvalidPrincipalKey /Statement/Principal/CanonicalUser']],
    [policy({ ...trusted, Principal: { AWS: ['12345', 'arn:aws:iam::123456789012:group/g', 'arn:aws:iam::123456789012:user/*', '${aws:x}'] } }), 'trust', [
      'InvalidPrincipal /Statement/Principal/AWS/0', 'InvalidPrincipal /Statement/Principal/AWS/1',
      'WildcardInPrincipal /Statement/Principal/AWS/2', 'VariableNotAllowed /Statement/Principal/AWS/3']],
    [policy({ ...trusted, Principal: { Service: ['ECS.amazonaws.com', '*'], Federated: 'google' } }), 'trust', [
      'InvalidPrincipal /Statement/Principal/Service/0', 'WildcardInPrincipal /Statement/Principal/Service/1', 'InvalidPrincipal /Statement/Principal/Federated']],
    [policy({ ...allow, Condition: [] }), 'identity', ['InvalidType /Statement/Condition']],
    [policy({ ...allow, Condition: { StringMatches: { 'a:b': 'c' }, NullIfExists: { 'a:b': 'true' }, 'ForSome:Bool': {}, 'StringEquals:ForAnyValue': {} } }), 'identity', [
      'InvalidConditionOperator /Statement/Condition/StringMatches', 'InvalidConditionOperator /Statement/Condition/NullIfExists',
      'InvalidConditionOperator /Statement/Condition/ForSome:Bool', 'InvalidConditionOperator /Statement/Condition/StringEquals:ForAnyValue']],
    [policy({ ...allow, Condition: { Bool: {}, bool: { 'a:b': 'true' } } }), 'identity', [
      'InvalidType /Statement/Condition/Bool', 'DuplicateConditionOperator /Statement/Condition/bool']],
    [policy({ ...allow, Condition: { StringEquals: { nokey: 'x', 'aws:x': [], 'AWS:X': [null, {}] } } }), 'identity', [
      'InvalidConditionKey /Statement/Condition/StringEquals/nokey', 'EmptyList /Statement/Condition/StringEquals/aws:x',
      'DuplicateConditionKey /Statement/Condition/StringEquals/AWS:X',
      'InvalidType /Statement/Condition/StringEquals/AWS:X/0', 'InvalidType /Statement/Condition/StringEquals/AWS:X/1']],
    [policy({ ...allow, Condition: { NumericEquals: { 'a:b': 'ten' }, DateEquals: { 'a:b': 'now' }, Bool: { 'a:b': 'yes' }, Null: { 'a:b': '1' },
      IpAddress: { 'a:b': '300.0.0.1' }, BinaryEquals: { 'a:b': '?' } } }), 'identity',
      ['NumericEquals', 'DateEquals', 'Bool', 'Null', 'IpAddress', 'BinaryEquals'].map((name) => `InvalidConditionValue /Statement/Condition/${name}/a:b`)],
    [policy({ ...allow, Condition: { NumericEquals: { 'a:b': '${aws:x}' }, StringEquals: { 'a:b': "${aws:x, y}" } } }), 'identity', [
      'VariableNotAllowed /Statement/Condition/NumericEquals/a:b', 'MissingQuoteInVariable /Statement/Condition/StringEquals/a:b']],
    [policy({ ...allow, Resource: 'arn:aws:s3:::b/\u4e16' }), 'identity', ['InvalidCharacter /Statement/Resource']],
    [policy({ ...allow, Resource: `arn:aws:s3:::${'x'.repeat(5_000)}` }), 'identity', ['ValueTooLong /Statement/Resource']],
    [policy(Array(1_001).fill(allow)), 'identity', ['TooManyStatements /Statement']],
    [policy({ ...allow, Action: Array(20_000).fill('s3:*') }), 'identity', ['TooManyValues ']],
  ])('%j as %s', (document, kind, errors) => {
    expect(errorsOf(document, kind)).toEqual(errors);
  });

  test('errors of several statements are answered together', () => {
    expect(errorsOf(policy([{ ...allow, Effect: 1 }, { ...allow, Action: 'x' }], { Id: 1 }), 'identity')).toEqual(
      ['UnsupportedElement /Id', 'InvalidEffect /Statement/0/Effect', 'InvalidAction /Statement/1/Action']);
  });

  test('a document nested without end is answered', () => {
    const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 1);
    expect(errorsOf(policy(deep), 'identity')).toEqual(['TooManyValues ']);
    expect(policySize(deep)).toBe(200_001);
  });

  test('members of the prototype are no elements', () => {
    expect(errorsOf(policy(JSON.parse('{"__proto__":{"Effect":"Allow"},"constructor":1,"Action":"s3:*","Resource":"*"}')), 'identity')).toEqual(
      ['UnknownElement /Statement/__proto__', 'UnknownElement /Statement/constructor', 'MissingElement /Statement']);
  });
});

test('a policy is read into one shape', () => {
  const parsed = parsePolicy(policy([{ ...trusted, Sid: 'S1', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Condition: { 'foranyvalue:numericlessthanIFEXISTS': { 'a:b': [1, '2'] } } }]), 'trust');
  expect(parsed).toEqual({ ok: true, policy: { kind: 'trust', version: '2012-10-17', statements: [{
    pointer: '/Statement/0', sid: 'S1', effect: 'Allow', principals: { negated: false, entries: [{ type: 'AWS', value: '123456789012' }] },
    actions: { negated: false, entries: ['sts:AssumeRole'] },
    conditions: [{ operator: 'NumericLessThan', quantifier: 'ForAnyValue', ifExists: true, key: 'a:b', values: ['1', '2'] }],
  }] } });
  expect(parsed.ok && parsePolicy(policyDocument(parsed.policy), 'trust')).toEqual(parsed);
});

// "IAM and AWS STS quotas": "IAM does not count white space when calculating the size of a policy".
test('the size leaves white space out', () => {
  const text = '{"Version":"2012-10-17","Statement":[{"Sid":"","Effect":"Allow","N":[1,true,null]}]}';
  expect(policySize(JSON.parse(text))).toBe(text.length);
  expect(policySize({ Sid: ' a\tb\n' })).toBe('{"Sid":"ab"}'.length);
  expect(checkPolicySize(JSON.parse(text), text.length)).toEqual([]);
  expect(checkPolicySize({ Id: 'x'.repeat(6_200) }, AWS_POLICY_SIZES.managed)).toEqual([expect.objectContaining({ pointer: '', code: 'PolicyTooLarge' })]);
});
