import type { Desired } from '@wami/provider-port';
import { createGcpAdapter } from './gcp.adapter';
import { checkDenyPolicy, checkPolicy, checkServiceAccount } from './names-and-limits';

const desired = (name: string, document: Record<string, unknown> = {}): Desired =>
  ({ name, document, facets: {}, mark: { instance: 'local', tenant: 'acme', id: 'pol_1', kind: 'policy' } });
const gcp = (content: object) => ({ providerDocuments: { gcp: { includedPermissions: ['iam.roles.get'], ...content } } });
const rules = (rule: object, more: object = {}) => ({ providerDocuments: { gcp: { rules: [{ denyRule: { deniedPermissions: ['iam.googleapis.com/roles.create'] }, ...rule }], ...more } } });
const ROOM = 256 - '[managed-by=wami wami-instance=local wami-tenant=acme wami-id=pol_1 wami-kind=policy] '.length;

describe('Google holds', () => {
  it.each(['abcdef', 'a'.repeat(30), 'a--b-9'])('a service account named %s', (name) => expect(checkServiceAccount(desired(name))).toBeUndefined());
  it.each(['abc', 'p'.repeat(64), 'A_z0.'])('a policy named %s', (name) => expect(checkPolicy(desired(name, gcp({})))).toBeUndefined());
  it('a description beside the marks, and a name of 100 bytes', () =>
    expect(checkServiceAccount(desired('abcdef', { displayName: 'ö'.repeat(50), description: 'd'.repeat(ROOM) }))).toBeUndefined());
  it('a policy that denies groups of permissions, under a condition and but for some', () =>
    expect(checkDenyPolicy(desired('no-roles', rules({ description: 'd'.repeat(256), denyRule: {
      deniedPermissions: ['iam.googleapis.com/*.*'], exceptionPermissions: ['iam.googleapis.com/roles.get'], exceptionPrincipals: ['principal://goog/subject/ann@example.com'], denialCondition: { expression: "resource.matchTag('1/env', 'test')", title: 'T', description: 'D' },
    } })))).toBeUndefined());
  it('a policy with title, stage and permissions of any service', () =>
    expect(checkPolicy(desired('abc', gcp({ title: 'T', stage: 'EAP', includedPermissions: ['storage.objects.get', 'resourcemanager.projects.get'] })))).toBeUndefined());
  it('a policy as `gcloud iam roles describe` prints it', () =>
    expect(checkPolicy(desired('abc', gcp({ description: 'Reads', etag: 'BwYx', name: 'projects/web/roles/abc', stage: 'GA', title: 'T' })))).toBeUndefined());
});

describe('Google refuses, with the field named,', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['accountName: 5 characters at the target, Google allows 6 to 30', 'abcde', {}],
    ['accountName: 31 characters', 'a'.repeat(31), {}],
    ['accountName: Google allows lower-case letters', 'Abcdef', {}],
    ['accountName: Google allows lower-case letters', 'abcdef-', {}],
    ['accountName: Google allows lower-case letters', '1bcdef', {}],
    ['displayName: 102 bytes, Google allows 100', 'abcdef', { displayName: 'ö'.repeat(51) }],
    [`description: ${ROOM + 1} bytes, Google allows 256, of which the marks take ${256 - ROOM}`, 'abcdef', { description: 'd'.repeat(ROOM + 1) }],
  ])('%s: a service account named %s', (says, name, document) => {
    const error = checkServiceAccount(desired(name, document));
    expect([error?.code, error?.message]).toEqual(['InvalidRequest', expect.stringContaining(says)]);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['policyName: 2 characters at the target, Google allows 3 to 64', 'ab', gcp({})],
    ['policyName: 65 characters', 'p'.repeat(65), gcp({})],
    ["policyName: for a custom role's id Google allows", 'read-reports', gcp({})],
    ['providerDocuments.gcp.title: 101 bytes', 'abc', gcp({ title: 't'.repeat(101) })],
    ['providerDocuments.gcp.stage: one of ALPHA', 'abc', gcp({ stage: 'ga' })],
    ['providerDocuments.gcp.includedPermissions: each is service.resource.verb', 'abc', gcp({ includedPermissions: ['storage.*'] })],
    ['providerDocuments.gcp.includedPermissions: 3001', 'abc', gcp({ includedPermissions: Array.from({ length: 3_001 }, (_, index) => `a.b.c${index}`) })],
    ['description: 257 bytes', 'abc', { ...gcp({}), description: 'd'.repeat(257) }],
  ])('%s: a policy named %s', (says, name, document) => {
    const error = checkPolicy(desired(name, document));
    expect([error?.code, error?.message]).toEqual(['InvalidRequest', expect.stringContaining(says)]);
  });

  const denyRule = (changed: object) => rules({ denyRule: { deniedPermissions: ['iam.googleapis.com/roles.create'], ...changed } });
  it.each<[string, string, Record<string, unknown>]>([
    ['policyName: 64 characters at the target, Google allows 3 to 63', `n-${'o'.repeat(62)}`, rules({})],
    ['policyName: of a deny policy Google allows', 'No-roles', rules({})],
    ['policyName: one that denies has a hyphen', 'noroles', rules({})],
    ['providerDocuments.gcp.displayName: 64 characters', 'no-roles', rules({}, { displayName: 'ö'.repeat(64) })],
    ['a policy gives (includedPermissions) or denies (rules)', 'no-roles', rules({}, { includedPermissions: [] })],
    ['providerDocuments.gcp.rules: 0, Google and WAMI\'s own first rule allow 1 to 499', 'no-roles', { providerDocuments: { gcp: { rules: [] } } }],
    ['providerDocuments.gcp.rules.0.denyRule.deniedPermissions: none', 'no-roles', rules({ denyRule: {} })],
    ['providerDocuments.gcp.rules.0.denyRule: permissions are', 'no-roles', denyRule({ deniedPermissions: ['iam.roles.create'] })],
    ['providerDocuments.gcp.rules.0.denyRule: permissions are', 'no-roles', denyRule({ exceptionPermissions: ['*'] })],
    ['providerDocuments.gcp.rules.0.denyRule.exceptionPermissions: what is excepted is not denied', 'no-roles', denyRule({ exceptionPermissions: ['iam.googleapis.com/roles.create'] })],
    ['providerDocuments.gcp.rules.0.denyRule.exceptionPrincipals: each is', 'no-roles', denyRule({ exceptionPrincipals: ['principalSet://goog/public:all'] })],
    ['providerDocuments.gcp.rules.0.denyRule.exceptionPrincipals: each is', 'no-roles', denyRule({ exceptionPrincipals: ['user:ann@example.com'] })],
    ['providerDocuments.gcp.rules.0.denyRule.deniedPrincipals: leave it out', 'no-roles', denyRule({ deniedPrincipals: [] })],
    ['providerDocuments.gcp.rules.0.description: 257 characters, Google allows 256', 'no-roles', rules({ description: 'd'.repeat(257) })],
    ["providerDocuments.gcp.rules.0.description: so WAMI's own first rule is described", 'no-roles', rules({ description: "Denies nothing: WAMI's record of whom it denies, 0123456789ab" })],
    ['providerDocuments.gcp.displayname: not known; known: displayName, rules', 'no-roles', rules({}, { displayname: 'No roles' })],
    ['providerDocuments.gcp.rules.0.condition: not known; known: description, denyRule', 'no-roles', rules({ condition: { expression: 'false' } })],
    ['providerDocuments.gcp.rules.0.denyRule.exceptionPermission: not known; known: deniedPermissions, exceptionPermissions, exceptionPrincipals, denialCondition', 'no-roles', denyRule({ exceptionPermission: [] })],
    ['providerDocuments.gcp.rules.0.denyRule.exceptionPermissions: a list of texts', 'no-roles', denyRule({ exceptionPermissions: 'iam.googleapis.com/roles.get' })],
    ['providerDocuments.gcp.rules.0.denyRule.exceptionPrincipals.0: a text', 'no-roles', denyRule({ exceptionPrincipals: [null] })],
    ['providerDocuments.gcp.rules.0.denyRule.denialCondition: an object with expression, title, description', 'no-roles', denyRule({ denialCondition: 'false' })],
    ['providerDocuments.gcp.rules.0.denyRule.denialCondition.expresion: not known; known: expression, title, description', 'no-roles', denyRule({ denialCondition: { expresion: 'false' } })],
    ['providerDocuments.gcp.rules.0.denyRule.denialCondition.expression: none; without it', 'no-roles', denyRule({ denialCondition: { title: 'Never' } })],
    ['providerDocuments.gcp.rules: a list', 'no-roles', { providerDocuments: { gcp: { rules: { 0: {} } } } }],
    ['providerDocuments.gcp.rules.0: an object with description, denyRule', 'no-roles', { providerDocuments: { gcp: { rules: [null] } } }],
  ])('%s: a policy that denies named %s', (says, name, document) => {
    const error = checkDenyPolicy(desired(name, document));
    expect([error?.code, error?.message]).toEqual(['InvalidRequest', expect.stringContaining(says)]);
  });

  it('a tenant whose path leaves no room for the mark', () => {
    const error = checkDenyPolicy({ ...desired('no-roles', rules({})), mark: { instance: 'local', tenant: 'a/'.repeat(60), id: 'pol_1', kind: 'policy' } });
    expect([error?.code, error?.message]).toEqual(['InvalidRequest', expect.stringMatching(/^tenant: the description of our first rule, with our mark: \d+ characters, Google allows 256$/)]);
  });

  it.each([[{}], [{ providerDocuments: { aws: {} } }], [{ providerDocuments: { gcp: { title: 'T' } } }], [{ providerDocuments: { gcp: { rule: [] } } }]])('a policy with nothing for Google (%j), as Unsupported', (document) => {
    const error = checkPolicy(desired('abc', document));
    expect([error?.code, error?.message]).toEqual(['Unsupported', expect.stringContaining('providerDocuments.gcp: missing; a policy in the IAM language cannot be translated')]);
  });
});

describe('what a project cannot hold', () => {
  it('is said for each kind, with the reason', () => {
    const { capabilities } = createGcpAdapter();
    expect(capabilities.filter(({ supported }) => supported).map(({ kind, facets }) => [kind, facets])).toEqual([['policy', []], ['service-account', ['policies']], ['access-key', []]]);
    expect(capabilities.filter(({ supported }) => !supported).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['user', expect.stringContaining('holds no users')], ['group', expect.stringContaining('holds no groups')], ['role', expect.stringContaining('is a service account')], ['login-profile', expect.stringContaining('reset it there')], ['mfa-device', expect.stringContaining('enrol a second factor themselves')], ['identity-provider', expect.stringContaining('pools of workload identities')],
    ]);
  });
});
