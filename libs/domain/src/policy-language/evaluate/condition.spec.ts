import type { Condition } from '../model';
import { parsePolicy } from '../parse/parse-policy';
import { conditionHolds } from './condition';
import { RequestContext } from './context';
import type { ContextValue } from './request';

type Given = Record<string, ContextValue>;

function conditionsOf(block: object, version = '2012-10-17'): Condition[] {
  const parsed = parsePolicy({ Version: version, Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: block } }, 'identity');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.policy.statements.flatMap(({ conditions }) => conditions);
}

function holds(block: object, given: Given): boolean {
  return conditionsOf(block).every((condition) => conditionHolds(condition, '2012-10-17', new RequestContext(given, {})));
}

const is = (block: object, given: Given, expected: boolean): [string, object, Given, boolean] =>
  [`${JSON.stringify(block)} given ${JSON.stringify(given)}`, block, given, expected];

// "IAM JSON policy elements: Condition operators": each group of operators, and the note on keys that are not present.
describe('operators', () => {
  test.each([
    is({ StringEquals: { 'aws:username': 'john' } }, { 'aws:username': 'john' }, true),
    is({ StringEquals: { 'aws:username': 'john' } }, { 'aws:username': 'John' }, false),
    is({ StringEquals: { 'aws:username': 'jo*' } }, { 'aws:username': 'john' }, false),
    is({ StringEquals: { 'aws:username': 'jo*' } }, { 'aws:username': 'jo*' }, true),
    is({ StringEquals: { 'AWS:UserName': 'john' } }, { 'aws:username': 'john' }, true),
    is({ StringEquals: { 'aws:username': 'john' } }, {}, false),
    is({ StringNotEquals: { 'aws:username': 'john' } }, { 'aws:username': 'john' }, false),
    is({ StringNotEquals: { 'aws:username': 'john' } }, { 'aws:username': 'ann' }, true),
    is({ StringNotEquals: { 'aws:username': 'john' } }, {}, true),
    is({ StringEqualsIgnoreCase: { 'aws:username': 'john' } }, { 'aws:username': 'JOHN' }, true),
    is({ StringNotEqualsIgnoreCase: { 'aws:username': 'john' } }, { 'aws:username': 'JOHN' }, false),
    is({ StringLike: { 's3:prefix': ['', 'home/', 'home/ann/*'] } }, { 's3:prefix': 'home/ann/x' }, true),
    is({ StringLike: { 's3:prefix': ['', 'home/', 'home/ann/*'] } }, { 's3:prefix': '' }, true),
    is({ StringLike: { 's3:prefix': ['', 'home/', 'home/ann/*'] } }, { 's3:prefix': 'home/bob/x' }, false),
    is({ StringLike: { 'a:b': 'T?' } }, { 'a:b': 't1' }, false),
    is({ StringNotLike: { 'a:b': ['t1.*', 't2.*'] } }, { 'a:b': 't2.micro' }, false),
    is({ StringNotLike: { 'a:b': ['t1.*', 't2.*'] } }, { 'a:b': 'm3.large' }, true),
    is({ StringNotLike: { 'a:b': ['t1.*', 't2.*'] } }, {}, true),
    is({ NumericLessThanEquals: { 's3:max-keys': '10' } }, { 's3:max-keys': 10 }, true),
    is({ NumericLessThanEquals: { 's3:max-keys': '10' } }, { 's3:max-keys': '11' }, false),
    is({ NumericLessThanEquals: { 's3:max-keys': '10' } }, {}, false),
    is({ NumericLessThan: { 'a:b': 10 } }, { 'a:b': 9 }, true), is({ NumericLessThan: { 'a:b': 10 } }, { 'a:b': 10 }, false),
    is({ NumericGreaterThan: { 'a:b': '9.5' } }, { 'a:b': '10' }, true), is({ NumericGreaterThan: { 'a:b': 10 } }, { 'a:b': 10 }, false),
    is({ NumericGreaterThanEquals: { 'a:b': 10 } }, { 'a:b': '10.0' }, true),
    is({ NumericEquals: { 'a:b': ['1', '2.50'] } }, { 'a:b': '2.5' }, true),
    is({ NumericNotEquals: { 'a:b': ['1', '2'] } }, { 'a:b': 2 }, false), is({ NumericNotEquals: { 'a:b': ['1', '2'] } }, { 'a:b': 3 }, true),
    is({ NumericLessThan: { 'a:b': 10 } }, { 'a:b': 'few' }, false), is({ NumericNotEquals: { 'a:b': 1 } }, {}, true),
    is({ DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } }, { 'aws:TokenIssueTime': '2020-01-01T00:00:02Z' }, true),
    is({ DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } }, { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' }, false),
    is({ DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } }, {}, false),
    is({ DateGreaterThanEquals: { 'aws:EpochTime': '2020-01-01T00:00:00Z' } }, { 'aws:EpochTime': 1_577_836_800 }, true),
    is({ DateLessThan: { 'aws:CurrentTime': '2020-06-30T23:59:59Z' } }, { 'aws:CurrentTime': '2020-07-01T01:00:00+02:00' }, true),
    is({ DateLessThanEquals: { 'aws:CurrentTime': '2020-07-01' } }, { 'aws:CurrentTime': '2020-07-01T00:00:00Z' }, true),
    is({ DateEquals: { 'aws:CurrentTime': '2020-07-01' } }, { 'aws:CurrentTime': '2020-07-01T00:00:00.000Z' }, true),
    is({ DateNotEquals: { 'aws:CurrentTime': '2020-07-01' } }, { 'aws:CurrentTime': '2020-07-02' }, true),
    is({ DateNotEquals: { 'aws:CurrentTime': '2020-07-01' } }, {}, true),
    is({ Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': false }, true),
    is({ Bool: { 'aws:SecureTransport': 'false' } }, { 'aws:SecureTransport': 'true' }, false),
    is({ Bool: { 'aws:SecureTransport': true } }, { 'aws:SecureTransport': 'TRUE' }, true),
    is({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, false),
    is({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, true),
    is({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, { 'aws:MultiFactorAuthPresent': true }, false),
    is({ BinaryEquals: { 'a:b': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' } }, { 'a:b': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' }, true),
    is({ BinaryEquals: { 'a:b': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' } }, { 'a:b': 'qmluYXJ5VmFsdWVJbkJhc2U2NA==' }, false),
    is({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { 'aws:SourceIp': '203.0.113.255' }, true),
    is({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { 'aws:SourceIp': '203.0.114.1' }, false),
    is({ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:DB8:1234:5678::/64'] } }, { 'aws:SourceIp': '2001:db8:1234:5678::9' }, true),
    is({ IpAddress: { 'aws:SourceIp': '203.0.113.7' } }, { 'aws:SourceIp': '203.0.113.8' }, false),
    is({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, {}, false),
    is({ NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] } }, { 'aws:SourceIp': '203.0.113.9' }, false),
    is({ NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] } }, { 'aws:SourceIp': '198.51.100.1' }, true),
    is({ NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, {}, true),
    is({ ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:*:123456789012:t?' } }, { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:t1' }, true),
    is({ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:t1' } }, { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:t1' }, false),
    is({ StringLike: { 'aws:SourceArn': 'arn:aws:sns:*:t1' } }, { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:123456789012:t1' }, true),
    is({ ArnNotEquals: { 'aws:SourceArn': 'arn:aws:sns:*:*:t1' } }, { 'aws:SourceArn': 'arn:aws:sns:r:1:t1' }, false),
    is({ ArnNotLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:t1' } }, { 'aws:SourceArn': 'arn:aws:sns:r:1:t2' }, true),
    is({ ArnNotLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:t1' } }, {}, true),
    is({ ArnLike: { 'aws:SourceArn': '*' } }, {}, false),
    is({ Null: { 'aws:TokenIssueTime': 'true' } }, {}, true), is({ Null: { 'aws:TokenIssueTime': 'true' } }, { 'aws:TokenIssueTime': '2020' }, false),
    is({ Null: { 'aws:TokenIssueTime': 'false' } }, {}, false), is({ Null: { 'aws:TokenIssueTime': false } }, { 'aws:TokenIssueTime': '2020' }, true),
    is({ Null: { 'aws:TagKeys': 'true' } }, { 'aws:TagKeys': [] }, true),
  ])('%s', (_, block, given, expected) => {
    expect(holds(block, given)).toBe(expected);
  });
});

// The same page, "...IfExists condition operators".
describe('IfExists', () => {
  const types = { StringLikeIfExists: { 'ec2:InstanceType': ['t1.*', 't2.*', 'm3.*'] } };
  test.each([
    is(types, { 'ec2:InstanceType': 't2.micro' }, true), is(types, { 'ec2:InstanceType': 'c5.large' }, false), is(types, {}, true),
    is({ StringNotEqualsIfExists: { 'a:b': 'x' } }, {}, true), is({ StringNotEqualsIfExists: { 'a:b': 'x' } }, { 'a:b': 'x' }, false),
    is({ IpAddressIfExists: { 'aws:SourceIp': '10.0.0.0/8' } }, {}, true), is({ ArnLikeIfExists: { 'a:b': 'arn:aws:s3:::x' } }, { 'a:b': 'x' }, false),
    is({ 'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'x' } }, {}, true),
    is({ ...types, StringEquals: { 'a:b': 'x' } }, { 'a:b': 'y' }, false),
  ])('%s', (_, block, given, expected) => {
    expect(holds(block, given)).toBe(expected);
  });
});

// "Conditions with multiple context keys or values": both tables of the page.
describe('several operators, keys and values', () => {
  const tags = { StringEquals: { 'aws:PrincipalTag/department': ['finance', 'hr', 'legal'], 'aws:PrincipalTag/role': ['audit', 'security'] } };
  const arns = { 'aws:PrincipalArn': ['arn:aws:iam::222222222222:user/Ana', 'arn:aws:iam::222222222222:user/Mary'] };
  const who = (department: string | undefined, role: string | undefined, user: string): Given => ({
    ...(department && { 'aws:PrincipalTag/department': department }), ...(role && { 'aws:PrincipalTag/role': role }),
    'aws:PrincipalArn': `arn:aws:iam::222222222222:user/${user}`,
  });
  test.each([
    is({ ...tags, ArnLike: arns }, who('legal', 'audit', 'Mary'), true), is({ ...tags, ArnLike: arns }, who('hr', 'audit', 'Nikki'), false),
    is({ ...tags, ArnLike: arns }, who('hr', 'payroll', 'Mary'), false), is({ ...tags, ArnLike: arns }, who('hr', undefined, 'Mary'), false),
    is({ ...tags, ArnLike: arns }, who(undefined, undefined, 'Mary'), false),
    is({ ...tags, ArnNotLike: arns }, who('legal', 'audit', 'Nikki'), true), is({ ...tags, ArnNotLike: arns }, who('hr', 'audit', 'Mary'), false),
    is({ ...tags, ArnNotLike: arns }, who('hr', 'payroll', 'Nikki'), false), is({ ...tags, ArnNotLike: arns }, who('hr', undefined, 'Nikki'), false),
    is({ ...tags, ArnNotLike: arns }, who(undefined, undefined, 'Nikki'), false),
  ])('%s', (_, block, given, expected) => {
    expect(holds(block, given)).toBe(expected);
  });
});

// "Single-valued vs. multivalued context keys" and, before it, "Creating a condition with multiple keys or values".
describe('several values in the request', () => {
  const all = { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['ID', 'Message', 'Tags'] } };
  const any = { 'ForAnyValue:StringEquals': { 'dynamodb:Attributes': ['ID', 'PostDateTime'] } };
  const attributes = (...names: string[]): Given => ({ 'dynamodb:Attributes': names });
  test.each([
    is(all, attributes('Message', 'Tags'), true), is(all, attributes('Message', 'UserName'), false), is(all, {}, true),
    is(all, attributes(), true), is(all, attributes(''), true), is(all, { 'dynamodb:Attributes': 'ID' }, true),
    is(any, attributes('UserName', 'Message', 'PostDateTime'), true), is(any, attributes('UserName'), false), is(any, {}, false),
    is(any, attributes(), false), is(any, attributes(''), false),
    is({ 'ForAllValues:StringNotEquals': { 'a:b': ['x', 'y'] } }, { 'a:b': ['p', 'q'] }, true),
    is({ 'ForAllValues:StringNotEquals': { 'a:b': ['x', 'y'] } }, { 'a:b': ['p', 'x'] }, false),
    is({ 'ForAnyValue:StringNotEquals': { 'a:b': ['x', 'y'] } }, { 'a:b': ['p', 'x'] }, true),
    is({ 'ForAnyValue:StringNotEquals': { 'a:b': ['x', 'y'] } }, { 'a:b': ['x', 'y'] }, false),
    is({ 'ForAnyValue:StringNotEquals': { 'a:b': ['x', 'y'] } }, {}, false),
    is({ 'ForAnyValue:StringLike': { 'aws:TagKeys': 'env*' } }, { 'aws:TagKeys': ['cost', 'environment'] }, true),
    is({ 'ForAllValues:StringLike': { 'aws:TagKeys': 'env*' } }, { 'aws:TagKeys': ['cost', 'environment'] }, false),
    is({ 'ForAllValues:ArnLike': { 'a:b': 'arn:aws:iam::*:role/x' } }, { 'a:b': ['arn:aws:iam::1:role/x', 'arn:aws:iam::2:role/x'] }, true),
    is({ 'ForAnyValue:NumericLessThan': { 'a:b': 5 } }, { 'a:b': [9, 4] }, true), is({ 'ForAllValues:NumericLessThan': { 'a:b': 5 } }, { 'a:b': [9, 4] }, false),
  ])('%s', (_, block, given, expected) => {
    expect(holds(block, given)).toBe(expected);
  });
});

// "IAM policy elements: Variables and tags": conditions, special characters, defaults, "Policy variables with no value".
describe('variables in conditions', () => {
  const sameTeam = { StringEquals: { 's3:ExistingObjectTag/Team': '${aws:PrincipalTag/Team}' } };
  const otherTeam = { StringNotEquals: { 's3:ExistingObjectTag/Team': '${aws:PrincipalTag/Team}' } };
  const object = { 's3:ExistingObjectTag/Team': 'red' };
  test.each([
    is(sameTeam, { ...object, 'aws:PrincipalTag/Team': 'red' }, true), is(sameTeam, { ...object, 'aws:principaltag/team': 'blue' }, false),
    is(sameTeam, object, false), is(otherTeam, object, true), is(otherTeam, { ...object, 'aws:PrincipalTag/Team': 'red' }, false),
    is(sameTeam, { ...object, 'aws:PrincipalTag/Team': ['red', 'blue'] }, false),
    is({ StringEquals: { 'a:b': "${aws:PrincipalTag/Team, 'red'}" } }, { 'a:b': 'red' }, true),
    is({ StringEquals: { 'a:b': "${aws:PrincipalTag/Team, 'red'}" } }, { 'a:b': 'red', 'aws:PrincipalTag/Team': 'blue' }, false),
    is({ StringLike: { 's3:prefix': '${aws:username}/*' } }, { 's3:prefix': 'David/x', 'aws:username': 'David' }, true),
    is({ StringLike: { 's3:prefix': '${aws:username}/*' } }, { 's3:prefix': 'David/x', 'aws:username': '*' }, false),
    is({ StringLike: { 'a:b': '${*}*' } }, { 'a:b': 'x' }, false), is({ StringLike: { 'a:b': '${*}*' } }, { 'a:b': '*x' }, true),
    is({ StringLike: { 'a:b': 'a${?}' } }, { 'a:b': 'ab' }, false), is({ StringEquals: { 'a:b': '${$}{aws:x}' } }, { 'a:b': '${aws:x}' }, true),
    is({ ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:${aws:username}' } }, { 'aws:SourceArn': 'arn:aws:sns:r:1:ann', 'aws:username': 'ann' }, true),
    is({ ArnNotLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:${aws:username}' } }, { 'aws:SourceArn': 'arn:aws:sns:r:1:ann' }, true),
    is({ StringEquals: { 'a:b': ['${aws:username}', 'x'] } }, { 'a:b': 'x' }, true),
    is({ Bool: { 'a:b': '${c:d}' } }, { 'a:b': 'true', 'c:d': true }, true),
  ])('%s', (_, block, given, expected) => {
    expect(holds(block, given)).toBe(expected);
  });

  test('in a policy of 2008 they are plain text', () => {
    const [condition] = conditionsOf({ StringEquals: { 'a:b': '${aws:username}' } }, '2008-10-17');
    const context = new RequestContext({ 'a:b': '${aws:username}', 'aws:username': 'ann' }, {});
    expect(condition && conditionHolds(condition, '2008-10-17', context)).toBe(true);
  });
});

// "IAM JSON policy elements: Condition": "the key name matches both tags, but only one value matches".
test('keys of the request that differ in case only are one key', () => {
  expect(holds({ 'ForAllValues:StringEquals': { 'aws:ResourceTag/EC2': 'test1' } }, { 'aws:ResourceTag/ec2': 'test1', 'aws:ResourceTag/EC2': 'test2' })).toBe(false);
});
