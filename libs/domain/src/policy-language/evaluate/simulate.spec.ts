import type { PolicyKind } from '../model';
import { parsePolicy } from '../parse/parse-policy';
import { principalFromArn } from './principal-arn';
import type { NamedPolicy, RequestPrincipal, SimulationRequest } from './request';
import { simulate } from './simulate';

const HOME = '111122223333';
const AWAY = '444455556666';
const BUCKET = 'arn:aws:s3:::b/key';

function named(name: string, kind: PolicyKind, statements: object | object[], version = '2012-10-17'): NamedPolicy {
  const parsed = parsePolicy({ Version: version, Statement: statements }, kind);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return { name, policy: parsed.policy };
}

const st = (Effect: 'Allow' | 'Deny', Action: unknown, Resource: unknown = '*', rest: object = {}) => ({ Effect, Action, Resource, ...rest });
const own = (...statements: object[]) => [named('own', 'identity', statements)];
const on = (...statements: object[]) => [named('bucket', 'resource', statements)];
const limit = (...statements: object[]) => named('limit', 'boundary', statements);
const grant = (Principal: unknown, Effect: 'Allow' | 'Deny' = 'Allow') => st(Effect, 's3:GetObject', 'arn:aws:s3:::b/*', { Principal });

const principal = (arn: string, more: Partial<RequestPrincipal> = {}): RequestPrincipal => {
  const found = principalFromArn(arn);
  if (!found) throw new Error(arn);
  return { ...found, ...more };
};
const user = principal(`arn:aws:iam::${HOME}:user/ann`);
const role = principal(`arn:aws:iam::${HOME}:role/app/Reader`);
const session = principal(`arn:aws:sts::${HOME}:assumed-role/Reader/s1`);
const federatedUser = principal(`arn:aws:sts::${HOME}:federated-user/fed`, { issuer: user.id });
const root = principal(`arn:aws:iam::${HOME}:root`);
const service: RequestPrincipal = { type: 'service', id: 'ecs-tasks.amazonaws.com' };
const token: RequestPrincipal = { type: 'federated', id: 'accounts.google.com' };
const anonymous: RequestPrincipal = { type: 'anonymous', id: '*' };

/** `allow resource` or `implicitDeny boundary`: the decision and the layer that made it. */
function verdict(request: Partial<SimulationRequest>): string {
  const { decision, because } = simulate({ principal: user, action: 's3:GetObject', resource: { arn: BUCKET }, ...request });
  const layer = because.by === 'statement' ? because.statement.layer : because.by === 'missingAllow' ? because.layer : 'root';
  return `${decision} ${layer}`;
}

type Row = [string, string, Partial<SimulationRequest>];

// "Policy evaluation logic"; "Policy evaluation for requests within a single account".
describe('one account', () => {
  const get = st('Allow', 's3:Get*');
  const put = st('Allow', 's3:PutObject');
  test.each<Row>([
    ['nothing allows', 'implicitDeny identity', {}],
    ['an identity policy allows', 'allow identity', { identityPolicies: own(get) }],
    ['another action', 'implicitDeny identity', { identityPolicies: own(put) }],
    ['allow and deny in one policy', 'explicitDeny identity', { identityPolicies: own(get, st('Deny', 's3:*', 'arn:aws:s3:::b/*')) }],
    ['a deny whose order is first', 'explicitDeny identity', { identityPolicies: own(st('Deny', '*'), get) }],
    ['a deny of another resource', 'allow identity', { identityPolicies: own(get, st('Deny', 's3:*', 'arn:aws:s3:::*log*')) }],
    ['the resource allows alone', 'allow resource', { resourcePolicies: on(grant({ AWS: user.id })) }],
    ['the resource denies what the identity allows', 'explicitDeny resource', { identityPolicies: own(get), resourcePolicies: on(grant('*', 'Deny')) }],
    ['the identity denies what the resource allows', 'explicitDeny identity', { identityPolicies: own(st('Deny', '*')), resourcePolicies: on(grant({ AWS: user.id })) }],
    ['both allow', 'allow resource', { identityPolicies: own(get), resourcePolicies: on(grant({ AWS: user.id })) }],
    ['the resource names the account: the identity decides', 'implicitDeny identity', { resourcePolicies: on(grant({ AWS: HOME })) }],
    ['... and allows', 'allow identity', { identityPolicies: own(get), resourcePolicies: on(grant({ AWS: HOME })) }],
    ['the resource names another user', 'implicitDeny identity', { resourcePolicies: on(grant({ AWS: `arn:aws:iam::${HOME}:user/bob` })) }],
    ['names of users know case', 'implicitDeny identity', { resourcePolicies: on(grant({ AWS: `arn:aws:iam::${HOME}:user/Ann` })) }],
    ['everyone', 'allow resource', { resourcePolicies: on(grant('*')) }],
    ['a deny by account reaches its users', 'explicitDeny resource', { identityPolicies: own(get), resourcePolicies: on(grant({ AWS: HOME }, 'Deny')) }],
    ['the root user', 'allow root', { principal: root }],
    ['the root user, denied on the resource', 'explicitDeny resource', { principal: root, resourcePolicies: on(grant({ AWS: HOME }, 'Deny')) }],
    ['no resource in the action', 'allow identity', { action: 's3:ListAllMyBuckets', resource: { arn: '*' }, identityPolicies: own(st('Allow', 's3:*')) }],
    ['no resource in the action, but one in the policy', 'implicitDeny identity', { action: 's3:ListAllMyBuckets', resource: { arn: '*' }, identityPolicies: own(st('Allow', 's3:*', 'arn:aws:s3:::*')) }],
    ['actions know no case', 'allow identity', { action: 'S3:getobject', identityPolicies: own(st('Allow', 's3:GETOBJECT')) }],
    ['resources know case', 'implicitDeny identity', { identityPolicies: own(st('Allow', 's3:*', 'arn:aws:s3:::B/*')) }],
  ])('%s: %s', (_, expected, request) => {
    expect(verdict(request)).toBe(expected);
  });
});

// "Permissions boundaries for IAM entities", "Evaluating effective permissions with boundaries"; "Policy evaluation for requests
// within a single account": what a grant on the resource does against implicit denies, by the kind of principal.
describe('boundaries', () => {
  const all = own(st('Allow', 's3:*'));
  const onlyPut = limit(st('Allow', 's3:PutObject'));
  const both = limit(st('Allow', 's3:*'));
  const denies = limit(st('Allow', '*'), st('Deny', 's3:GetObject'));
  test.each<Row>([
    ['inside both', 'allow identity', { identityPolicies: all, boundary: both }],
    ['outside of the boundary', 'implicitDeny boundary', { identityPolicies: all, boundary: onlyPut }],
    ['a boundary grants nothing', 'implicitDeny identity', { boundary: both }],
    ['a deny in the boundary', 'explicitDeny boundary', { identityPolicies: all, boundary: denies }],
    ['a grant to the user itself is not limited', 'allow resource', { boundary: onlyPut, resourcePolicies: on(grant({ AWS: user.id })) }],
    ['... but an explicit deny counts', 'explicitDeny boundary', { boundary: denies, resourcePolicies: on(grant({ AWS: user.id })) }],
    ['a grant to everyone is not limited', 'allow resource', { boundary: onlyPut, resourcePolicies: on(grant('*')) }],
    ['a grant to the account is', 'implicitDeny boundary', { identityPolicies: all, boundary: onlyPut, resourcePolicies: on(grant({ AWS: HOME })) }],
    ['a grant to a role', 'allow identity', { principal: role, identityPolicies: all, boundary: both, resourcePolicies: on(grant({ AWS: role.id })) }],
    ['a grant to a role needs no identity policy', 'allow resource', { principal: role, boundary: both, resourcePolicies: on(grant({ AWS: role.id })) }],
    ['a grant to a role is limited', 'implicitDeny boundary', { principal: role, boundary: onlyPut, resourcePolicies: on(grant({ AWS: role.id })) }],
    ['a grant to the role of a session is limited', 'implicitDeny boundary', { principal: session, boundary: onlyPut, resourcePolicies: on(grant({ AWS: role.id })) }],
    ['a grant to the session itself is not', 'allow resource', { principal: session, boundary: onlyPut, resourcePolicies: on(grant({ AWS: session.id })) }],
    ['a grant to another session', 'implicitDeny identity', { principal: session, resourcePolicies: on(grant({ AWS: `${session.id}x` })) }],
    ['a grant to everyone by aws:PrincipalArn is not limited', 'allow resource', { principal: session, boundary: onlyPut,
      resourcePolicies: on({ ...grant('*'), Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${HOME}:role/Reader` } } }) }],
    ['a grant to the user behind a federated session is limited', 'implicitDeny boundary', { principal: federatedUser, boundary: onlyPut, resourcePolicies: on(grant({ AWS: user.id })) }],
    ['a grant to the federated session is not', 'allow resource', { principal: federatedUser, boundary: onlyPut, resourcePolicies: on(grant({ AWS: federatedUser.id })) }],
    ['the root user has none', 'allow root', { principal: root, boundary: onlyPut }],
  ])('%s: %s', (_, expected, request) => {
    expect(verdict(request)).toBe(expected);
  });
});

// "Cross-account policy evaluation logic".
describe('two accounts', () => {
  const resource = { arn: BUCKET, account: AWAY };
  const all = own(st('Allow', 's3:*'));
  test.each<Row>([
    ['only the identity allows', 'implicitDeny resource', { resource, identityPolicies: all }],
    ['only the resource allows', 'implicitDeny identity', { resource, resourcePolicies: on(grant({ AWS: user.id })) }],
    ['both allow, by user', 'allow identity', { resource, identityPolicies: all, resourcePolicies: on(grant({ AWS: user.id })) }],
    ['both allow, by account', 'allow identity', { resource, identityPolicies: all, resourcePolicies: on(grant({ AWS: `arn:aws:iam::${HOME}:root` })) }],
    ['both allow, by everyone', 'allow identity', { resource, identityPolicies: all, resourcePolicies: on(grant('*')) }],
    ['everyone is not enough without the identity', 'implicitDeny identity', { resource, resourcePolicies: on(grant('*')) }],
    ['the boundary limits, even where the user is named', 'implicitDeny boundary', { resource, identityPolicies: all, boundary: limit(st('Allow', 's3:PutObject')), resourcePolicies: on(grant({ AWS: user.id })) }],
    ['a deny on either side', 'explicitDeny identity', { resource, identityPolicies: own(st('Allow', '*'), st('Deny', 's3:*', 'arn:aws:s3:::b/*')), resourcePolicies: on(grant({ AWS: user.id })) }],
    ['the resource names its own account', 'implicitDeny resource', { resource, identityPolicies: all, resourcePolicies: on(grant({ AWS: AWAY })) }],
    ['the account of the ARN counts', 'implicitDeny resource', { action: 'sqs:SendMessage', resource: { arn: `arn:aws:sqs:eu-west-1:${AWAY}:q` }, identityPolicies: own(st('Allow', 'sqs:*')) }],
    ['a session, by role', 'allow identity', { resource, principal: session, identityPolicies: all, resourcePolicies: on(grant({ AWS: role.id })) }],
    ['root of the other account, by account', 'allow resource', { resource, principal: root, resourcePolicies: on(grant({ AWS: HOME })) }],
    ['root of the other account, not named', 'implicitDeny resource', { resource, principal: root }],
    // The worked example of the page.
    ['Carlos writes to Production', 'allow identity', carlos('arn:aws:s3:::Production/file')],
    ['Carlos writes to Production-logs', 'explicitDeny identity', { ...carlos('arn:aws:s3:::Production-logs/file'), resourcePolicies: [] }],
    ['Carlos deletes in Production', 'implicitDeny resource', { ...carlos('arn:aws:s3:::Production/file'), action: 's3:DeleteObject' }],
  ])('%s: %s', (_, expected, request) => {
    expect(verdict(request)).toBe(expected);
  });
});

function carlos(arn: string): Partial<SimulationRequest> {
  const id = 'arn:aws:iam::111111111111:user/carlossalazar';
  return {
    principal: principal(id), action: 's3:PutObject', resource: { arn, account: '222222222222' },
    identityPolicies: own(st('Allow', 's3:ListAllMyBuckets'), st('Allow', 's3:*Object*', 'arn:aws:s3:::Production/*'),
      st('Deny', 's3:*', ['arn:aws:s3:::*log*', 'arn:aws:s3:::*log*/*'])),
    resourcePolicies: on(st('Allow', ['s3:GetObject*', 's3:PutObject*'], 'arn:aws:s3:::Production/*', { Principal: { AWS: id } })),
  };
}

// "AWS JSON policy elements: Principal" and "NotPrincipal".
describe('principals', () => {
  const except = (NotPrincipal: unknown, Effect: 'Allow' | 'Deny' = 'Deny') => ({ Effect, NotPrincipal, Action: 's3:*', Resource: '*' });
  const all = own(st('Allow', 's3:*'));
  const bob = principal(`arn:aws:iam::${HOME}:user/bob`);
  test.each<Row>([
    ['a service', 'allow resource', { principal: service, resourcePolicies: on(grant({ Service: service.id })) }],
    ['another service', 'implicitDeny resource', { principal: service, resourcePolicies: on(grant({ Service: 'lambda.amazonaws.com' })) }],
    ['a service has no identity policies', 'implicitDeny resource', { principal: service, identityPolicies: all }],
    ['anonymous, granted to everyone', 'allow resource', { principal: anonymous, resourcePolicies: on(grant({ AWS: '*' })) }],
    ['anonymous, granted to an account', 'implicitDeny resource', { principal: anonymous, resourcePolicies: on(grant({ AWS: HOME })) }],
    ['a canonical user', 'allow resource', { principal: { type: 'canonicalUser', id: '79a59df900b949e55d96a1e698fbaced' }, resourcePolicies: on(grant({ CanonicalUser: '79a59df900b949e55d96a1e698fbaced' })) }],
    ['one of several', 'allow resource', { resourcePolicies: on(grant({ Service: 'a.amazonaws.com', AWS: [AWAY, user.id] })) }],
    ['a unique id', 'allow resource', { principal: { ...user, uniqueId: 'AIDACKCEVSQ6C2EXAMPLE' }, resourcePolicies: on(grant({ AWS: 'AIDACKCEVSQ6C2EXAMPLE' })) }],
    ['an identity of this system', 'allow resource', { principal: principal('arn:wami:iam:acme:wami:local:user/usr_1'), resourcePolicies: on(grant({ AWS: 'arn:wami:iam:acme:wami:local:user/usr_1' })) }],
    ['spared by NotPrincipal', 'allow identity', { identityPolicies: all, resourcePolicies: on(except({ AWS: [user.id, HOME] })) }],
    ['not spared: another user of the account that is listed', 'explicitDeny resource', { principal: bob, identityPolicies: all, resourcePolicies: on(except({ AWS: [user.id, HOME] })) }],
    ['not spared: another session of the role that is listed', 'explicitDeny resource', { principal: principal(`arn:aws:sts::${HOME}:assumed-role/Reader/s2`), identityPolicies: all, resourcePolicies: on(except({ AWS: [session.id, role.id, HOME] })) }],
    ['spared: the session that is listed', 'allow identity', { principal: session, identityPolicies: all, resourcePolicies: on(except({ AWS: [session.id, role.id, HOME] })) }],
    ['spared: the role itself', 'allow identity', { principal: role, identityPolicies: all, resourcePolicies: on(except({ AWS: [role.id, HOME] })) }],
    ['NotPrincipal with Allow grants to all others', 'allow resource', { principal: bob, resourcePolicies: on(except({ AWS: user.id }, 'Allow')) }],
    ['... but not to who is named', 'implicitDeny identity', { resourcePolicies: on(except({ AWS: user.id }, 'Allow')) }],
    ['... nor to the users of an account that is', 'implicitDeny identity', { resourcePolicies: on(except({ AWS: HOME }, 'Allow')) }],
    ['deny everyone but one by aws:PrincipalArn: the one', 'allow identity', { identityPolicies: all, resourcePolicies: on({ ...grant('*', 'Deny'), Condition: { ArnNotEquals: { 'aws:PrincipalArn': user.id } } }) }],
    ['deny everyone but one by aws:PrincipalArn: another', 'explicitDeny resource', { principal: bob, identityPolicies: all, resourcePolicies: on({ ...grant('*', 'Deny'), Condition: { ArnNotEquals: { 'aws:PrincipalArn': user.id } } }) }],
  ])('%s: %s', (_, expected, request) => {
    expect(verdict(request)).toBe(expected);
  });

  test.each([
    ['arn:aws:iam::1:group/g', undefined], ['nothing', undefined], ['arn:aws:s3:::b', undefined], ['arn:aws:iam::1:user/', undefined],
    ['arn:aws:iam::1:root', 'root'], ['arn:wami:iam:acme/eng:wami:local:role/rol_1', 'role'], ['arn:wami:iam:acme:wami:local:service-account/sa_1', 'user'],
  ])('%s asks as %s', (arn, type) => {
    expect(principalFromArn(arn)?.type).toBe(type);
  });
});

// "How IAM roles differ from resource-based policies" and "Policy evaluation for requests within a single account": trust policies
// and key policies must allow.
describe('who may assume a role', () => {
  const assume = { action: 'sts:AssumeRole', resource: { arn: `arn:aws:iam::${HOME}:role/Target` } };
  const trust = (Principal: object, rest: object = {}) => [named('trust', 'trust', { Effect: 'Allow', Principal, Action: 'sts:AssumeRole*', ...rest })];
  const may = own(st('Allow', 'sts:AssumeRole', assume.resource.arn));
  const keyPolicy = (Principal: object) => [named('key', 'resource', st('Allow', 'kms:*', '*', { Principal }))];
  const decrypt = { action: 'kms:Decrypt', resource: { arn: `arn:aws:kms:eu-west-1:${HOME}:key/1` } };
  test.each<Row>([
    ['the user is named', 'allow resource', { ...assume, resourcePolicies: trust({ AWS: user.id }) }],
    ['the account is named, the identity allows', 'allow identity', { ...assume, identityPolicies: may, resourcePolicies: trust({ AWS: HOME }) }],
    ['the account is named, the identity is silent', 'implicitDeny identity', { ...assume, resourcePolicies: trust({ AWS: HOME }) }],
    ['the identity allows, the trust does not', 'implicitDeny resource', { ...assume, identityPolicies: may, resourcePolicies: trust({ AWS: AWAY }) }],
    ['a service', 'allow resource', { ...assume, principal: service, resourcePolicies: trust({ Service: [service.id, 'lambda.amazonaws.com'] }) }],
    ['another account, both sides', 'allow identity', { ...assume, principal: principal(`arn:aws:iam::${AWAY}:user/x`), identityPolicies: may, resourcePolicies: trust({ AWS: AWAY }) }],
    ['another account without the external id', 'implicitDeny resource', { ...assume, principal: principal(`arn:aws:iam::${AWAY}:user/x`), identityPolicies: may, resourcePolicies: trust({ AWS: AWAY }, { Condition: { StringEquals: { 'sts:ExternalId': 'e' } } }) }],
    ['a token with the right audience', 'allow resource', { ...assume, action: 'sts:AssumeRoleWithWebIdentity', principal: token, context: { 'accounts.google.com:aud': 'app' }, resourcePolicies: trust({ Federated: token.id }, { Condition: { StringEquals: { 'accounts.google.com:aud': 'app' } } }) }],
    ['a token of another provider', 'implicitDeny resource', { ...assume, action: 'sts:AssumeRoleWithWebIdentity', principal: token, resourcePolicies: trust({ Federated: 'www.amazon.com' }) }],
    ['MFA is asked for', 'implicitDeny identity', { ...assume, identityPolicies: [], resourcePolicies: trust({ AWS: HOME }, { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }), context: { 'aws:MultiFactorAuthPresent': true } }],
    ['a key policy names the account', 'allow identity', { ...decrypt, identityPolicies: own(st('Allow', 'kms:Decrypt')), resourcePolicies: keyPolicy({ AWS: HOME }) }],
    ['a key policy names another user', 'implicitDeny resource', { ...decrypt, identityPolicies: own(st('Allow', 'kms:Decrypt')), resourcePolicies: keyPolicy({ AWS: `arn:aws:iam::${HOME}:user/bob` }) }],
  ])('%s: %s', (_, expected, request) => {
    expect(verdict(request)).toBe(expected);
  });
});

// "IAM JSON policy elements: NotAction" and "NotResource"; "Variables and tags" for resources.
describe('elements', () => {
  const withMfa = { Effect: 'Deny', NotAction: 'iam:*', Resource: '*', Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } } };
  const queue = (name: string) => ({ action: 'sqs:SendMessage', resource: { arn: `arn:aws:sqs:us-east-2:${HOME}:${name}` } });
  const mine = own(st('Allow', 'sqs:*', 'arn:aws:sqs:us-east-2:*:${aws:username}-queue'));
  const team = own(st('Allow', 's3:*', "arn:aws:s3:::x-${aws:PrincipalTag/team, 'company-wide'}"));
  test.each<Row>([
    ['NotAction leaves the rest', 'allow identity', { identityPolicies: own({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }) }],
    ['NotAction leaves out what it names', 'implicitDeny identity', { action: 'iam:GetUser', identityPolicies: own({ Effect: 'Allow', NotAction: ['ec2:*', 'iam:*'], Resource: '*' }) }],
    ['NotAction with Deny', 'explicitDeny identity', { identityPolicies: own(st('Allow', '*'), withMfa), context: { 'aws:MultiFactorAuthPresent': 'false' } }],
    ['NotAction with Deny, key missing', 'explicitDeny identity', { identityPolicies: own(st('Allow', '*'), withMfa) }],
    ['NotAction with Deny, condition false', 'allow identity', { identityPolicies: own(st('Allow', '*'), withMfa), context: { 'aws:MultiFactorAuthPresent': true } }],
    ['NotAction with Deny, excepted action', 'allow identity', { action: 'iam:GetUser', identityPolicies: own(st('Allow', '*'), withMfa) }],
    ['NotResource', 'explicitDeny identity', { identityPolicies: own(st('Allow', '*'), { Effect: 'Deny', Action: 's3:*', NotResource: ['arn:aws:s3:::HRBucket/Payroll/*'] }) }],
    ['NotResource, excepted', 'allow identity', { resource: { arn: 'arn:aws:s3:::HRBucket/Payroll/x' }, identityPolicies: own(st('Allow', '*'), { Effect: 'Deny', Action: 's3:*', NotResource: ['arn:aws:s3:::HRBucket/Payroll', 'arn:aws:s3:::HRBucket/Payroll/*'] }) }],
    ['the own name in a resource', 'allow identity', { ...queue('ann-queue'), identityPolicies: mine }],
    ['another name in a resource', 'implicitDeny identity', { ...queue('bob-queue'), identityPolicies: mine }],
    ['a role has no aws:username', 'implicitDeny identity', { ...queue('ann-queue'), principal: role, identityPolicies: mine }],
    ['... nor is the variable its own text', 'implicitDeny identity', { ...queue('${aws:username}-queue'), principal: role, identityPolicies: mine }],
    ['a variable without a value in NotResource excepts nothing', 'explicitDeny identity', { ...queue('x'), principal: role, identityPolicies: own(st('Allow', '*'), { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:sqs:*:*:${aws:username}*' }) }],
    ['a variable in a policy of 2008', 'allow identity', { ...queue('${aws:username}'), identityPolicies: [named('old', 'identity', st('Allow', 'sqs:*', 'arn:aws:sqs:*:*:${aws:username}'), '2008-10-17')] }],
    ['a tag', 'allow identity', { resource: { arn: 'arn:aws:s3:::x-yellow' }, context: { 'aws:PrincipalTag/team': 'yellow' }, identityPolicies: team }],
    ['a default', 'allow identity', { resource: { arn: 'arn:aws:s3:::x-company-wide' }, identityPolicies: team }],
    ['a default where the tag is there', 'implicitDeny identity', { resource: { arn: 'arn:aws:s3:::x-company-wide' }, context: { 'aws:PrincipalTag/team': 'yellow' }, identityPolicies: team }],
    ['a literal asterisk', 'implicitDeny identity', { identityPolicies: own(st('Allow', 's3:*', 'arn:aws:s3:::b/${*}')) }],
    ['the context given wins over what the principal tells', 'allow identity', { ...queue('eve-queue'), context: { 'AWS:username': 'eve' }, identityPolicies: mine }],
  ])('%s: %s', (_, expected, request) => {
    expect(verdict(request)).toBe(expected);
  });
});

describe('other names of the same', () => {
  const OTHER = 'arn:wami:iam:acme:wami:local:user/usr_1';
  const known = { ...user, aliases: [OTHER] };
  const target = { arn: `arn:aws:iam::${HOME}:role/Target`, aliases: ['arn:wami:iam:acme:wami:local:role/rol_1'] };
  const only = (Resource: string) => own(st('Allow', 'iam:*', Resource));
  const butNot = (NotResource: string) => own(st('Allow', '*'), { Effect: 'Deny', Action: 'iam:*', NotResource });
  test.each<Row>([
    ['a principal by its alias', 'allow resource', { principal: known, resourcePolicies: on(grant({ AWS: OTHER })) }],
    ['... and by its ARN', 'allow resource', { principal: known, resourcePolicies: on(grant({ AWS: user.id })) }],
    ['an alias of nobody', 'implicitDeny identity', { principal: user, resourcePolicies: on(grant({ AWS: OTHER })) }],
    ['a resource by its alias', 'allow identity', { action: 'iam:GetRole', resource: target, identityPolicies: only('arn:wami:iam:acme:wami:local:role/*') }],
    ['... and by its ARN', 'allow identity', { action: 'iam:GetRole', resource: target, identityPolicies: only(target.arn) }],
    ['a resource excepted by its alias', 'allow identity', { action: 'iam:GetRole', resource: target, identityPolicies: butNot('arn:wami:iam:*:wami:*:role/rol_1') }],
    ['... or not', 'explicitDeny identity', { action: 'iam:GetRole', resource: target, identityPolicies: butNot('arn:wami:iam:*:wami:*:role/rol_2') }],
  ])('%s: %s', (_, expected, request) => {
    expect(verdict(request)).toBe(expected);
  });
});

describe('the answer', () => {
  test('names the statement, all that applied, and the keys that were lacking', () => {
    const answer = simulate({
      principal: user, action: 's3:GetObject', resource: { arn: BUCKET },
      identityPolicies: [named('first', 'identity', [
        st('Allow', 'ec2:*'), st('Allow', 's3:*', '*', { Sid: 'Read' }), st('Allow', 's3:*', '*', { Condition: { Bool: { 'z:Key': 'true' }, StringEquals: { 'a:Key': '${b:Key}' } } }),
        st('Allow', 'ec2:*', '*', { Condition: { Bool: { 'never:asked': 'true' } } }),
      ])],
      resourcePolicies: [named('second', 'resource', { ...grant('*', 'Deny'), Sid: 'Closed' })],
      boundary: limit(st('Allow', '*')),
    });
    const closed = { layer: 'resource', policy: 'second', statement: 0, sid: 'Closed', pointer: '/Statement', effect: 'Deny' };
    expect(answer).toEqual({
      decision: 'explicitDeny', because: { by: 'statement', statement: closed },
      matched: [
        { layer: 'identity', policy: 'first', statement: 1, sid: 'Read', pointer: '/Statement/1', effect: 'Allow' }, closed,
        { layer: 'boundary', policy: 'limit', statement: 0, pointer: '/Statement/0', effect: 'Allow' },
      ],
      missingContextKeys: ['a:Key', 'b:Key', 'z:Key'],
    });
  });
});
