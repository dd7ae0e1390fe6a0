import type { PolicyKind } from '../model';
import { parsePolicy } from '../parse/parse-policy';
import { normalisePolicy } from './normalise';
import { policyDocument } from './render';
import { samePolicyDocument } from './same-policy';

const ACCOUNT = '111122223333';
const policy = (...statements: object[]) => ({ Version: '2012-10-17', Statement: statements });
const st = (Action: unknown, Resource: unknown = '*', rest: object = {}) => ({ Effect: 'Allow', Action, Resource, ...rest });
const when = (Condition: object) => policy(st('s3:*', '*', { Condition }));
const trust = (Principal: unknown) => policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal });

// What evens out by "IAM JSON policy elements reference": order, case of actions and keys, one or a list, what another entry covers.
describe('the same meaning', () => {
  test.each<[string, object, object, PolicyKind?]>([
    ['order of statements', policy(st('s3:*'), st('ec2:*')), policy(st('ec2:*'), st('s3:*'))],
    ['order of values', policy(st(['a:B', 'c:D'], ['arn:aws:s3:::x', 'arn:aws:s3:::y'])), policy(st(['c:D', 'a:B'], ['arn:aws:s3:::y', 'arn:aws:s3:::x']))],
    ['one or a list of one', policy(st('a:B')), { Version: '2012-10-17', Statement: st(['a:B'], ['*']) }],
    ['case of actions', policy(st('S3:GETObject')), policy(st('s3:getobject'))],
    ['Sid and Id', policy(st('a:B', '*', { Sid: 'One' })), policy(st('a:B', '*', { Sid: 'Two' }))],
    ['repeated entries', policy(st(['a:B', 'A:b'])), policy(st('a:B'))],
    ['covered actions', policy(st(['s3:*', 's3:Get*', 's3:GetObject'])), policy(st('s3:*'))],
    ['covered resources', policy(st('a:B', ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/x', "arn:aws:s3:::b/${aws:username}"])), policy(st('a:B', 'arn:aws:s3:::b/*'))],
    ['two spellings of one entry', policy(st('a:B', ['arn:aws:s3:::a$b', 'arn:aws:s3:::a${$}b'])), policy(st('a:B', 'arn:aws:s3:::a$b'))],
    ['covered entries of NotAction', policy({ Effect: 'Deny', NotAction: ['iam:*', 'iam:Get?ser'], Resource: '*' }), policy({ Effect: 'Deny', NotAction: 'iam:*', Resource: '*' })],
    ['runs of wildcards', policy(st('s3:Get**?*')), policy(st('s3:Get?*'))],
    ['repeated statements', policy(st('a:B'), st('a:B', '*', { Sid: 'X' })), policy(st('a:B'))],
    ['covered statements', policy(st(['s3:*', 'ec2:*']), st('s3:Get*', 'arn:aws:s3:::b')), policy(st(['s3:*', 'ec2:*']))],
    ['case of operators and keys', when({ stringequals: { 'AWS:UserName': 'ann' } }), when({ StringEquals: { 'aws:username': ['ann'] } })],
    ['case of variables', when({ StringEquals: { 'a:b': '${aws:UserName}' } }), when({ StringEquals: { 'a:b': '${AWS:username}' } })],
    ['spaces before a default', when({ StringEquals: { 'a:b': "${c:d,'x'}" } }), when({ StringEquals: { 'a:b': "${c:d,   'x'}" } })],
    ['ArnEquals is ArnLike', when({ ArnEquals: { 'a:b': 'arn:aws:s3:::x' } }), when({ ArnLike: { 'a:b': 'arn:aws:s3:::x' } })],
    ['numbers', when({ NumericEquals: { 'a:b': 10 } }), when({ NumericEquals: { 'a:b': ['10.0', '010'] } })],
    ['booleans', when({ Bool: { 'a:b': true } }), when({ Bool: { 'a:b': 'True' } })],
    ['dates', when({ DateLessThan: { 'a:b': '2020-01-01' } }), when({ DateLessThan: { 'a:b': '2020-01-01T01:00:00+01:00' } })],
    ['ranges', when({ IpAddress: { 'a:b': '10.1.2.3/8' } }), when({ IpAddress: { 'a:b': '10.0.0.0/8' } })],
    ['an address and its range of one', when({ IpAddress: { 'a:b': '2001:DB8::1' } }), when({ IpAddress: { 'a:b': '2001:db8:0:0::1/128' } })],
    ['values without case', when({ StringEqualsIgnoreCase: { 'a:b': ['X', 'x'] } }), when({ StringEqualsIgnoreCase: { 'a:b': 'x' } })],
    ['covered values', when({ StringNotLike: { 'a:b': ['x*', 'xy'] } }), when({ StringNotLike: { 'a:b': 'x*' } })],
    ['the Version where nothing is a variable', { Statement: st('a:B') }, policy(st('a:B'))],
    ['an empty Condition', when({}), policy(st('s3:*'))],
    ['an account and its root', trust({ AWS: ACCOUNT }), trust({ AWS: [`arn:aws:iam::${ACCOUNT}:root`] }), 'trust'],
    ['everyone', trust('*'), trust({ AWS: ['*'] }), 'trust'],
    ['order of principals', trust({ Service: ['b.x.com', 'a.x.com'], AWS: '*' }), trust({ AWS: '*', Service: ['a.x.com', 'b.x.com'] }), 'trust'],
  ])('%s', (_, a, b, kind = 'identity') => {
    expect(samePolicyDocument(a, b, kind)).toBe(true);
  });
});

describe('another meaning', () => {
  test.each<[string, object, object, PolicyKind?]>([
    ['effect', policy(st('a:B')), policy({ ...st('a:B'), Effect: 'Deny' })],
    ['negation', policy(st('a:B')), policy({ Effect: 'Allow', NotAction: 'a:B', Resource: '*' })],
    ['case of resources', policy(st('a:B', 'arn:aws:s3:::x')), policy(st('a:B', 'arn:aws:s3:::X'))],
    ['a wildcard over a colon covers nothing', policy(st('a:B', ['arn:aws:ec2:*:1:x', 'arn:aws:ec2:a:2:x'])), policy(st('a:B', 'arn:aws:ec2:*:1:x'))],
    ['? does not cover *', policy(st(['s3:Get?', 's3:Get*'])), policy(st('s3:Get?'))],
    ['a variable is not its text', when({ StringLike: { 'a:b': '${*}' } }), when({ StringLike: { 'a:b': '*' } })],
    ['a default', when({ StringLike: { 'a:b': "${c:d, 'x'}" } }), when({ StringLike: { 'a:b': '${c:d}' } })],
    ['the Version where something looks like a variable', policy(st('a:B', 'arn:aws:s3:::${a:b}')), { Statement: st('a:B', 'arn:aws:s3:::${a:b}') }],
    ['case of values', when({ StringEquals: { 'a:b': 'x' } }), when({ StringEquals: { 'a:b': 'X' } })],
    ['the operator', when({ StringEquals: { 'a:b': 'x' } }), when({ StringLike: { 'a:b': 'x' } })],
    ['IfExists', when({ StringEquals: { 'a:b': 'x' } }), when({ StringEqualsIfExists: { 'a:b': 'x' } })],
    ['the set operator', when({ 'ForAnyValue:StringEquals': { 'a:b': 'x' } }), when({ 'ForAllValues:StringEquals': { 'a:b': 'x' } })],
    ['both of ArnEquals and ArnLike hold', when({ ArnEquals: { 'a:b': 'arn:aws:s3:::x*' }, ArnLike: { 'a:b': 'arn:aws:s3:::*y' } }), when({ ArnLike: { 'a:b': ['arn:aws:s3:::x*', 'arn:aws:s3:::*y'] } })],
    ['a condition more', policy(st('a:B')), policy(st('a:B', '*', { Condition: { Bool: { 'a:b': true } } }))],
    ['a statement of another condition covers nothing', policy(st('s3:*', '*', { Condition: { Bool: { 'a:b': true } } }), st('s3:Get')), when({ Bool: { 'a:b': true } })],
    ['case of principals', trust({ AWS: `arn:aws:iam::${ACCOUNT}:user/x` }), trust({ AWS: `arn:aws:iam::${ACCOUNT}:user/X` }), 'trust'],
    ['what is no policy', { Statement: [] }, { Statement: [] }],
  ])('%s', (_, a, b, kind = 'identity') => {
    expect(samePolicyDocument(a, b, kind)).toBe(false);
  });
});

test('the canonical form is a policy that can be stored', () => {
  const parsed = parsePolicy({ Version: '2008-10-17', Statement: [
    st(['s3:Put*', 's3:PutObject', 'S3:Get'], '*', { Sid: 'B', Condition: { ArnLike: { 'B:c': 'arn:aws:s3:::x*' }, ArnEquals: { 'b:C': 'arn:aws:s3:::*y' } } }),
    { Effect: 'Allow', NotAction: 'x:Y', Resource: ['arn:aws:s3:::b'] },
  ] }, 'identity');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const canonical = normalisePolicy(parsed.policy);
  expect(policyDocument(canonical)).toEqual({ Version: '2012-10-17', Statement: [
    { Effect: 'Allow', Action: ['s3:get', 's3:put*'], Resource: ['*'], Condition: { ArnLike: { 'b:c': ['arn:aws:s3:::*y'] }, ArnEquals: { 'b:c': ['arn:aws:s3:::x*'] } } },
    { Effect: 'Allow', NotAction: ['x:y'], Resource: ['arn:aws:s3:::b'] },
  ] });
  const again = parsePolicy(policyDocument(canonical), 'identity');
  expect(again.ok && normalisePolicy(again.policy)).toEqual(canonical);
});
