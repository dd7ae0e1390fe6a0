import { parsePolicy } from '../parse/parse-policy';
import type { NamedPolicy, SimulationRequest } from './request';
import { simulate } from './simulate';

type Row = [string, Partial<SimulationRequest>];

const st = (Effect: 'Allow' | 'Deny', Action: unknown, Resource: unknown = '*', rest: object = {}) => ({ Effect, Action, Resource, ...rest });

function own(...statements: object[]): NamedPolicy[] {
  const parsed = parsePolicy({ Version: '2012-10-17', Statement: statements }, 'identity');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return [{ name: 'own', policy: parsed.policy }];
}

const decisionOn = (request: Partial<SimulationRequest>): string =>
  simulate({ principal: { type: 'user', id: 'arn:aws:iam::111122223333:user/ann' }, action: 's3:GetObject', resource: { arn: 'arn:aws:s3:::b/key' }, ...request }).decision;

describe('the work of an evaluation', () => {
  const long = `arn:aws:s3:::${'a'.repeat(2035)}`;
  const runs = (count: number) => Array.from({ length: count }, (_, i) => `arn:aws:s3:::*${'a'.repeat(900 + i)}b`);
  test.each<Row>([
    ['long patterns against a long resource', { resource: { arn: long }, identityPolicies: Array.from({ length: 60 }, () => own(st('Allow', '*', runs(6)))).flat() }],
    ['short patterns that variables make long', {
      resource: { arn: long }, context: { 'x:k': `${'a'.repeat(1020)}b` }, identityPolicies: own(st('Allow', '*', Array.from({ length: 300 }, (_, i) => `arn:aws:s3:::*\${x:k}${i}`))),
    }],
    ['many long values of a context key', {
      context: { 'x:k': Array.from({ length: 480 }, () => 'a'.repeat(2048)) }, identityPolicies: own(st('Allow', '*', '*', { Condition: { StringLike: { 'x:k': runs(5) } } })),
    }],
  ])('is refused before it becomes too much: %s', (_, request) => {
    expect(() => decisionOn(request)).toThrow(expect.objectContaining({ code: 'ValidationFailed' }));
  });

  test('is enough for hundreds of policies as large as they may be', () => {
    const large = own(...Array.from({ length: 40 }, (_, i) => st('Allow', ['s3:Get*', `s3:List${i}`], [`arn:aws:s3:::bucket-${i}/path/*`, `arn:aws:s3:::other-${i}/\${aws:username}/*`])));
    expect(decisionOn({ identityPolicies: Array.from({ length: 250 }, () => large).flat() })).toBe('implicitDeny');
  });
});
