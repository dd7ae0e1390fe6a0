import type { Desired } from '@wami/provider-port';
import { createGcpAdapter } from './gcp.adapter';
import { checkPolicy, checkServiceAccount } from './names-and-limits';

const desired = (name: string, document: Record<string, unknown> = {}): Desired =>
  ({ name, document, facets: {}, mark: { instance: 'local', tenant: 'acme', id: 'pol_1', kind: 'policy' } });
const gcp = (content: object) => ({ providerDocuments: { gcp: { includedPermissions: ['iam.roles.get'], ...content } } });
const ROOM = 256 - '[managed-by=wami wami-instance=local wami-tenant=acme wami-id=pol_1 wami-kind=policy] '.length;

describe('Google holds', () => {
  it.each(['abcdef', 'a'.repeat(30), 'a--b-9'])('a service account named %s', (name) => expect(checkServiceAccount(desired(name))).toBeUndefined());
  it.each(['abc', 'p'.repeat(64), 'A_z0.'])('a policy named %s', (name) => expect(checkPolicy(desired(name, gcp({})))).toBeUndefined());
  it('a description beside the marks, and a name of 100 bytes', () =>
    expect(checkServiceAccount(desired('abcdef', { displayName: 'ö'.repeat(50), description: 'd'.repeat(ROOM) }))).toBeUndefined());
  it('a policy with title, stage and permissions of any service', () =>
    expect(checkPolicy(desired('abc', gcp({ title: 'T', stage: 'EAP', includedPermissions: ['storage.objects.get', 'resourcemanager.projects.get'] })))).toBeUndefined());
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

  it.each([[{}], [{ providerDocuments: { aws: {} } }], [{ providerDocuments: { gcp: { title: 'T' } } }]])('a policy with nothing for Google (%j), as Unsupported', (document) => {
    const error = checkPolicy(desired('abc', document));
    expect([error?.code, error?.message]).toEqual(['Unsupported', expect.stringContaining('providerDocuments.gcp: missing; a policy in the IAM language cannot be translated')]);
  });
});

describe('what a project cannot hold', () => {
  it('is said for each kind, with the reason', () => {
    const { capabilities } = createGcpAdapter();
    expect(capabilities.filter(({ supported }) => supported).map(({ kind, facets }) => [kind, facets])).toEqual([['policy', []], ['service-account', ['policies']]]);
    expect(capabilities.filter(({ supported }) => !supported).map(({ kind, reason }) => [kind, reason])).toEqual([
      ['user', expect.stringContaining('holds no users')], ['group', expect.stringContaining('holds no groups')], ['role', expect.stringContaining('is a service account')], ['access-key', expect.stringContaining('workload identity')], ['login-profile', expect.stringContaining('reset it there')],
    ]);
  });
});
