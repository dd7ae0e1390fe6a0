import type { Desired } from '@wami/provider-port';
import { checkGroup, checkPolicy, checkRole, checkServiceAccount, checkUser } from './names-and-limits';

function desired(name: string, document: Record<string, unknown> = {}): Desired {
  return { name, document, facets: {}, mark: { instance: 'local', tenant: 'acme', id: 'usr_1', kind: 'user' } };
}
const allow = (resource: string) => ({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${resource}` } });
const trusted = (AWS: string) => ({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' } });
const manyTags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

describe('AWS holds', () => {
  it.each(['a', 'u'.repeat(64), 'A_z0+=,.@-'])('a user named %s', (name) => expect(checkUser(desired(name))).toBeUndefined());
  it.each(['g'.repeat(128), 'A_z0+=,.@-'])('a group named %s', (name) => expect(checkGroup(desired(name))).toBeUndefined());
  it.each(['/', '/a/', '/a/b!~/', `/${'p'.repeat(510)}/`])('the path %s', (path) =>
    expect(checkUser(desired('ann', { path }))).toBeUndefined(),
  );
  it.each([['p'.repeat(128), '/a.b/c=d/'], ['A_z0+=,.@-', '/']])('a policy named %s under %s', (name, path) =>
    expect(checkPolicy(desired(name, { path, description: 'Größe, 漢字 & more', document: allow('x'.repeat(6_000)) }))).toBeUndefined());
  it('a role that services, accounts and native ARNs may assume', () =>
    expect(checkRole(desired('r'.repeat(64), { path: '/a!/', description: 'one\ntwo', trustPolicy: trusted('arn:aws:iam::123456789012:user/ann') }))).toBeUndefined());
  it('45 tags beside the five marks', () => expect(checkUser(desired('ann', { tags: manyTags(45) }))).toBeUndefined());
  it('tags in any script', () => expect(checkUser(desired('ann', { tags: { 'größe 1': 'naïve/ßtraße +=@', empty: '' } }))).toBeUndefined());
});

describe('AWS refuses, with the field named,', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['userName: 65 characters', 'u'.repeat(65), {}],
    ['userName: 0 characters', '', {}],
    ['userName: AWS allows letters', 'with blank', {}],
    ['userName: AWS allows letters', 'jörg', {}],
    ['userName: AWS allows letters', 'a/b', {}],
    ['path: 513 characters', 'ann', { path: `/${'p'.repeat(511)}/` }],
    ['path: it must begin', 'ann', { path: 'staff/' }],
    ['path: it must begin', 'ann', { path: '/with blank/' }],
    ['tags: 46', 'ann', { tags: manyTags(46) }],
    ['tags.Team: another key differs only in case', 'ann', { tags: { team: 'a', Team: 'b' } }],
    ['tags.a#b: the key may hold', 'ann', { tags: { 'a#b': '' } }],
    ['tags.AWS:x: aws:', 'ann', { tags: { 'AWS:x': '' } }],
    ['tags.x: the value may hold', 'ann', { tags: { x: 'a#b' } }],
    ['tags.x: the value has 257', 'ann', { tags: { x: 'v'.repeat(257) } }],
    [`tags.${'k'.repeat(129)}: the key has 129`, 'ann', { tags: { ['k'.repeat(129)]: '' } }],
  ])('%s...', (says, name, document) => {
    const error = checkUser(desired(name, document));
    expect(error).toMatchObject({ code: 'InvalidRequest', retryable: false, options: { effect: 'none' } });
    expect(error?.message.startsWith(says)).toBe(true);
  });

  it('a service account by the rules of users', () => {
    expect(['x'.repeat(64), 'x'.repeat(65), 'a/b'].map((name) => checkServiceAccount(desired(name))?.message.split(':')[0])).toEqual([undefined, 'accountName', 'accountName']);
    expect(checkServiceAccount(desired('x', { path: 'a', tags: manyTags(46) }))?.message).toContain('path:');
    expect(checkServiceAccount(desired('x', { tags: manyTags(46) }))?.message).toContain('tags: 46');
  });

  it('a group name of 129 characters', () => expect(checkGroup(desired('g'.repeat(129)))?.message).toContain('groupName: 129 characters'));

  it.each<[string, string, Record<string, unknown>]>([
    ['policyName: 129', 'p'.repeat(129), {}],
    ['path: of a policy', 'p', { path: '/a!/' }],
    ['path: it must begin', 'p', { path: 'a' }],
    ['description: it holds characters', 'p', { description: 'one\ntwo' }],
    ['document: 6200 characters', 'p', { document: allow('x'.repeat(6_200 - JSON.stringify(allow('')).length)) }],
    ['document: 6200 characters', 'p', { providerDocuments: { aws: allow('x'.repeat(6_200 - JSON.stringify(allow('')).length)) } }],
    ['tags: 46', 'p', { tags: manyTags(46) }],
  ])('of a policy: %s...', (says, name, document) => {
    const error = checkPolicy(desired(name, { document: allow('r'), ...document }));
    expect(error).toMatchObject({ code: 'InvalidRequest', options: { effect: 'none' } });
    expect(error?.message.startsWith(says)).toBe(true);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['roleName: 65', 'r'.repeat(65), {}],
    ['path: it must begin', 'r', { path: 'a' }],
    ['description: it holds characters', 'r', { description: '漢字' }],
    ['trustPolicy: 4097 characters', 'r', { trustPolicy: { ...trusted('123456789012'), Id: 'x'.repeat(4_097 - JSON.stringify({ ...trusted('123456789012'), Id: '' }).length) } }],
    ['trustPolicy: AWS does not know arn:wami:iam:acme:wami:local:user/usr_1', 'r', { trustPolicy: trusted('arn:wami:iam:acme:wami:local:user/usr_1') }],
    ['tags: 46', 'r', { tags: manyTags(46) }],
  ])('of a role: %s...', (says, name, document) => {
    const error = checkRole(desired(name, { trustPolicy: trusted('123456789012'), ...document }));
    expect(error).toMatchObject({ code: 'InvalidRequest', options: { effect: 'none' } });
    expect(error?.message.startsWith(says)).toBe(true);
  });
});
