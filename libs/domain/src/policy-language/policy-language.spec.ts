import fc from 'fast-check';
import { normalisePolicy } from './compare/normalise';
import { policyDocument } from './compare/render';
import { samePolicy } from './compare/same-policy';
import { principalFromArn } from './evaluate/principal-arn';
import type { RequestPrincipal, SimulationRequest } from './evaluate/request';
import { simulate } from './evaluate/simulate';
import { policySize } from './limits';
import { covers, literalTokens, matchesGlob, wildcardTokens } from './match/glob';
import type { Policy, PolicyKind } from './model';
import { parsePolicy } from './parse/parse-policy';

function parsed(document: unknown, kind: PolicyKind): Policy {
  const result = parsePolicy(document, kind);
  if (!result.ok) throw new Error(JSON.stringify({ document, errors: result.errors }));
  return result.policy;
}

const some = <T>(...from: T[]) => fc.array(fc.constantFrom(...from), { minLength: 1, maxLength: 4 });
const actions = some('*', 's3:*', 's3:G*', 's3:g?t', 'S3:Get', 's3:Put', 's3:**t', 'ec2:*');
const resources = some('*', 'arn:aws:s3:::*', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/?', 'arn:aws:s3:::b/x', 'arn:aws:s3:*::b/*',
  'arn:aws:s3:::b/${aws:username}', "arn:aws:s3:::b/${a:T, 'x'}", 'arn:aws:s3:::b/${*}', 'arn:aws:s3:::b/${A:t}*');
const keys = fc.constantFrom('a:T', 'A:t', 'a:U');
const operators: [string, fc.Arbitrary<string[]>][] = [
  ['StringEquals', some('x', 'X', '${a:U}', 'y')], ['StringNotEquals', some('x', '${a:T}')], ['StringLike', some('*', 'x*', 'x', '?', '${*}')],
  ['StringNotLike', some('x*', 'xy', 'y')], ['StringEqualsIgnoreCase', some('x', 'X', 'y')], ['NumericLessThan', some('1', '1.0', '2')],
  ['NumericNotEquals', some('1', '01')], ['ArnLike', some('arn:aws:s3:::*', 'arn:aws:s3:::x')], ['ArnEquals', some('arn:aws:s3:::x', '*')],
  ['Bool', some('true', 'False')], ['Null', some('true', 'false')], ['IpAddress', some('10.0.0.1/8', '10.0.0.0/8', '::1')],
];
const condition = fc.constantFrom(...operators).chain(([name, values]) => fc.record({
  name: fc.constantFrom(name, name.toUpperCase(), `ForAnyValue:${name}`, `ForAllValues:${name}`, ...(name === 'Null' ? [] : [`${name}IfExists`])),
  key: keys, values,
}));
const conditions = fc.array(condition, { maxLength: 2 }).map((list) => Object.fromEntries(
  [...new Map(list.map((one) => [one.name.toLowerCase(), one])).values()].map(({ name, key, values }) => [name, { [key]: values }])));
const principals = fc.constantFrom<unknown>('*', { AWS: '111122223333' }, { AWS: ['arn:aws:iam::111122223333:user/x', '444455556666'] },
  { AWS: 'arn:aws:iam::111122223333:role/r' }, { Service: ['ecs.amazonaws.com', 'a.amazonaws.com'] });
const pick = (name: string, values: fc.Arbitrary<unknown>) => fc.tuple(fc.boolean(), values).map(([not, value]) => ({ [not ? `Not${name}` : name]: value }));
const statement = (kind: PolicyKind) => fc.tuple(
  fc.constantFrom('Allow', 'Deny'), pick('Action', actions), pick('Resource', resources), conditions, pick('Principal', principals),
).map(([Effect, action, resource, Condition, principal]) => ({ Effect, ...action, ...resource, Condition, ...(kind === 'resource' && principal) }));
const documents = (kind: PolicyKind) => fc.record({
  Version: fc.constantFrom('2012-10-17', '2008-10-17'), Statement: fc.array(statement(kind), { minLength: 1, maxLength: 4 }),
});
const policies = (kind: PolicyKind) => documents(kind).map((document) => parsed(document, kind));

const askers = ['user/x', 'user/y', 'role/r', 'root'].map((name) => principalFromArn(`arn:aws:iam::111122223333:${name}`))
  .concat(principalFromArn('arn:aws:sts::111122223333:assumed-role/r/s')).filter((found) => found !== undefined);
const value = fc.constantFrom('x', 'X', 'xy', 'y', '', '1', '2', 'true', 'arn:aws:s3:::x', '10.9.9.9');
const requests = fc.record<SimulationRequest>({
  principal: fc.constantFrom<RequestPrincipal>(...askers, { type: 'service', id: 'ecs.amazonaws.com' }, { type: 'anonymous', id: '*' }),
  action: fc.constantFrom('s3:Get', 's3:put', 's3:Gxt', 'ec2:Run'),
  resource: fc.record({ arn: fc.constantFrom('*', 'arn:aws:s3:::b/x', 'arn:aws:s3:::b/xy', 'arn:aws:s3:::c', 'arn:aws:s3:::b/*'), account: fc.constantFrom('111122223333', '444455556666') }),
  context: fc.dictionary(fc.constantFrom('a:T', 'a:U'), fc.oneof(value, fc.array(value, { maxLength: 2 }))),
});
const setting = fc.tuple(requests, policies('identity'), policies('resource'), fc.option(policies('boundary'), { nil: undefined }));
const ask = (request: SimulationRequest, identity: Policy, onResource: Policy, boundary: Policy | undefined) => simulate({
  ...request, identityPolicies: [{ name: 'i', policy: identity }], resourcePolicies: [{ name: 'r', policy: onResource }],
  ...(boundary && { boundary: { name: 'b', policy: boundary } }),
});

const alphabet = (letters: string) => fc.array(fc.constantFrom(...letters), { maxLength: 7 }).map((list) => list.join(''));

function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*')) return naive(pattern.slice(1), text) || (text !== '' && naive(pattern, text.slice(1)));
  return text !== '' && (pattern.startsWith('?') || pattern.charAt(0) === text.charAt(0)) && naive(pattern.slice(1), text.slice(1));
}

describe('whatever comes in', () => {
  test('the matcher agrees with the definition', () => {
    fc.assert(fc.property(alphabet('ab*?'), alphabet('ab'), (pattern, text) => matchesGlob(pattern, text) === naive(pattern, text)), { numRuns: 3_000 });
  });

  test('a pattern that covers another one takes all that it takes', () => {
    fc.assert(fc.property(alphabet('ab*?'), alphabet('ab*?'), alphabet('ab'), (outer, inner, text) =>
      !covers(wildcardTokens(outer), wildcardTokens(inner)) || !covers(wildcardTokens(inner), literalTokens(text)) || matchesGlob(outer, text)), { numRuns: 3_000 });
  });

  test('reading and measuring never throw', () => {
    const anything = fc.oneof(fc.jsonValue(), fc.record({ Version: fc.jsonValue(), Id: fc.jsonValue(), Statement: fc.jsonValue() }, { requiredKeys: [] }), fc.record({
      Statement: fc.array(fc.dictionary(fc.constantFrom('Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'Principal', 'NotPrincipal', 'Condition'), fc.jsonValue())),
    }));
    fc.assert(fc.property(anything, fc.constantFrom<PolicyKind>('identity', 'trust', 'resource', 'boundary'), (document, kind) => {
      const result = parsePolicy(document, kind);
      expect(policySize(document)).toBeGreaterThan(0);
      expect(result.ok || result.errors.length > 0).toBe(true);
    }), { numRuns: 500 });
  });

  test('every pointer of an error leads to something in the document, or to what holds the missing element', () => {
    fc.assert(fc.property(documents('resource'), fc.jsonValue(), fc.constantFrom('Effect', 'Action', 'Principal', 'Condition', 'Resource'), (document, junk, name) => {
      const broken = { ...document, Statement: document.Statement.map((one) => ({ ...one, [name]: junk })) };
      const result = parsePolicy(broken, 'resource');
      for (const { pointer } of result.ok ? [] : result.errors) expect(lookup(broken, pointer)).not.toBe(undefined);
    }));
  });

  test('what is rendered is read as the same policy', () => {
    fc.assert(fc.property(policies('resource'), (policy) => {
      expect(samePolicy(parsed(policyDocument(policy), 'resource'), policy)).toBe(true);
    }));
  });

  test('normalising once is enough, and gives a valid document', () => {
    fc.assert(fc.property(policies('resource'), (policy) => {
      const canonical = normalisePolicy(policy);
      expect(normalisePolicy(canonical)).toEqual(canonical);
      expect(normalisePolicy(parsed(policyDocument(canonical), 'resource'))).toEqual(canonical);
    }), { numRuns: 150 });
  });

  test('normalising changes no decision', () => {
    fc.assert(fc.property(setting, ([request, identity, onResource, boundary]) => {
      const plain = ask(request, identity, onResource, boundary);
      const canonical = ask(request, normalisePolicy(identity), normalisePolicy(onResource), boundary && normalisePolicy(boundary));
      expect(canonical.decision).toBe(plain.decision);
    }), { numRuns: 800 });
  });

  test('order, repetition, Sids and the case of actions make no difference', () => {
    fc.assert(fc.property(documents('identity'), fc.infiniteStream(fc.nat()), (document, random) => {
      const mixed = <T>(list: readonly T[]): T[] => list.map((entry) => ({ entry, at: random.next().value })).sort((a, b) => a.at - b.at).map(({ entry }) => entry);
      const other = (one: object): object => Object.fromEntries(mixed(Object.entries(one)).map(([name, held]) =>
        [name, !Array.isArray(held) ? held : mixed(/Action/.test(name) ? held.map((text: string) => text.toUpperCase()) : [...held, ...held])]));
      const changed = { ...document, Statement: mixed([...document.Statement, ...document.Statement]).map((one, index) => ({ Sid: `S${index}`, ...other(one) })) };
      expect(samePolicy(parsed(changed, 'identity'), parsed(document, 'identity'))).toBe(true);
    }));
  });

  test('an explicit deny wins over whatever else there is', () => {
    const deny = { Effect: 'Deny', Action: '*', Resource: '*' };
    fc.assert(fc.property(setting, fc.constantFrom('identity', 'resource', 'boundary'), ([request, identity, onResource, boundary], layer) => {
      fc.pre(layer === 'resource' || !(request.principal.type === 'service' || request.principal.type === 'anonymous' || request.principal.type === 'root'));
      const denying = (kind: PolicyKind, policy: Policy | undefined, more = {}): Policy => {
        const added = parsed({ Statement: [{ ...deny, ...more }] }, kind).statements;
        return policy ? { ...policy, statements: [...policy.statements, ...added] } : parsed({ Statement: [{ ...deny, ...more }] }, kind);
      };
      const answer = ask(request, layer === 'identity' ? denying('identity', identity) : identity,
        layer === 'resource' ? denying('resource', onResource, { Principal: '*' }) : onResource, layer === 'boundary' ? denying('boundary', boundary) : boundary);
      expect(answer.decision).toBe('explicitDeny');
    }));
  });

  test('an answer names a statement of its kind among those that matched', () => {
    fc.assert(fc.property(setting, ([request, ...given]) => {
      const { decision, because, matched } = ask(request, ...given);
      expect(matched.some(({ effect }) => effect === 'Deny')).toBe(decision === 'explicitDeny');
      if (because.by !== 'statement') return;
      expect(matched).toContainEqual(because.statement);
      expect(because.statement.effect).toBe(decision === 'allow' ? 'Allow' : 'Deny');
    }), { numRuns: 300 });
  });

  test('without a statement that allows, nobody but the root user is allowed anything', () => {
    fc.assert(fc.property(setting, ([request, ...given]) => {
      const { decision, matched } = ask(request, ...given);
      if (request.principal.type !== 'root' && !matched.some(({ effect }) => effect === 'Allow')) expect(decision).not.toBe('allow');
    }), { numRuns: 300 });
  });
});

function lookup(document: unknown, pointer: string): unknown {
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((held, part) => Object.entries(held ?? {}).find(([name]) => name === part)?.[1], document);
}
