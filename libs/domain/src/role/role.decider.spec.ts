import { given } from '@wami/testing';
import type { CreateRole, PatchRole, RoleEvent } from '@wami/contracts';
import { DomainError } from '../domain-error';
import { roleDecider, type RoleCommand } from './role.decider';

const POLICY = 'pol_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y';
const ref = { id: 'rol_1', tenant: 'acme', instance: 'local' };
const envelope = { stream: 'rol_1', key: 'rol_1', tenant: 'acme', subject: 'arn:wami:iam:acme:wami:local:role/rol_1' };
const trusts = (...services: string[]) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: services }, Action: 'sts:AssumeRole' }] });
const tasks = trusts('ecs-tasks.amazonaws.com');

const create = (body: Partial<CreateRole> = {}): RoleCommand => ({ type: 'create', ref, body: { tenant: 'acme', roleName: 'writer', trustPolicy: tasks, ...body } });
const patch = (body: PatchRole): RoleCommand => ({ type: 'patch', ref, body });
const remove: RoleCommand = { type: 'delete', ref };

const created: RoleEvent = {
  ...envelope, type: 'wami.role.created.v1', data: { path: '/', tags: {}, maxSessionDuration: 3600, permissionsBoundary: POLICY },
  personal: { roleName: 'writer', description: undefined, trustPolicy: tasks },
};
const updated = (data: object, personal: object = {}): RoleEvent => ({ ...envelope, type: 'wami.role.updated.v1', data, personal });
const deleted: RoleEvent = { ...envelope, type: 'wami.role.deleted.v1', data: {}, personal: {} };

describe('a role', () => {
  it('lets sessions last an hour where nothing is said, and names its boundary by id', () =>
    given(roleDecider, []).when(create({ permissionsBoundary: `arn:wami:iam:acme:wami:local:policy/${POLICY}` })).then([created]));
  it.each<[string, object, string]>([
    ['must trust somebody', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] }, '/trustPolicy/Statement/0'],
    ['names no resource', { Statement: [{ ...tasks.Statement[0], Resource: '*' }] }, '/trustPolicy/Statement/0/Resource'],
    ['lets be assumed and nothing else', { Statement: [{ ...tasks.Statement[0], Action: 's3:GetObject' }] }, '/trustPolicy/Statement/0/Action'],
    ['knows its principals', { Statement: [{ ...tasks.Statement[0], Principal: { AWS: 'ann' } }] }, '/trustPolicy/Statement/0/Principal/AWS'],
    ['has a size', trusts(...Array.from({ length: 300 }, (_, i) => `service${i}.amazonaws.com`)), '/trustPolicy'],
  ])('has a trust policy that %s', (_, trustPolicy, pointer) => {
    const refused = (): unknown => roleDecider.decide(roleDecider.initialState, create({ trustPolicy: trustPolicy as CreateRole['trustPolicy'] }));
    expect(refused).toThrow(DomainError);
    expect(refused).toThrow(expect.objectContaining({ code: 'ValidationFailed', errors: [expect.objectContaining({ pointer })] }));
  });
  it('can be trusted by users and roles of this system', () => {
    const trustPolicy = { Statement: [{ ...tasks.Statement[0], Principal: { AWS: ['arn:wami:iam:acme:wami:local:user/usr_1', 'arn:wami:iam:acme:wami:local:role/rol_2'] } }] };
    expect(roleDecider.decide(roleDecider.initialState, create({ trustPolicy }))).toHaveLength(1);
  });
  it('cannot be created twice, nor changed once it is deleted', () => {
    given(roleDecider, [created]).when(create()).thenThrows('ValidationFailed');
    given(roleDecider, [created, deleted]).when(patch({ roleName: 'x' })).thenThrows('NotFound');
    given(roleDecider, [created, deleted]).when(remove).thenThrows('NotFound');
  });
  it('can be deleted', () => given(roleDecider, [created]).when(remove).then([deleted]));
});

describe('a patch of a role', () => {
  it('of nothing new changes nothing: the same boundary by ARN, the same trust in other words', () =>
    given(roleDecider, [created]).when(patch({
      permissionsBoundary: `arn:wami:iam:acme:wami:local:policy/${POLICY}`, maxSessionDuration: null, path: null,
      trustPolicy: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: { Service: 'ecs-tasks.amazonaws.com' } } },
    })).thenNothing());
  it('changes who may assume it, and for how long', () => {
    const lambda = trusts('lambda.amazonaws.com');
    given(roleDecider, [created]).when(patch({ trustPolicy: lambda, maxSessionDuration: 7200 })).then([updated({ maxSessionDuration: 7200 }, { trustPolicy: lambda })]);
    given(roleDecider, [created, updated({ maxSessionDuration: 7200 })]).when(patch({ maxSessionDuration: null })).then([updated({ maxSessionDuration: 3600 })]);
  });
  it('by null takes the boundary away, once', () => {
    given(roleDecider, [created]).when(patch({ permissionsBoundary: null })).then([updated({ permissionsBoundary: null })]);
    given(roleDecider, [created, updated({ permissionsBoundary: null })]).when(patch({ permissionsBoundary: null })).thenNothing();
  });
  it('renames', () => given(roleDecider, [created]).when(patch({ roleName: 'author' }))
    .then([{ ...envelope, type: 'wami.role.renamed.v1', data: {}, personal: { roleName: 'author', previousRoleName: 'writer' } }]));
});
