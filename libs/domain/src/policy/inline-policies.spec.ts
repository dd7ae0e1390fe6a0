import { given } from '@wami/testing';
import type { NewEvent } from '@wami/contracts';
import type { Decider } from '../decider';
import { groupDecider } from '../group/group.decider';
import { roleDecider } from '../role/role.decider';
import { serviceAccountDecider } from '../service-account/service-account.decider';
import { userDecider } from '../user/user.decider';

const trustPolicy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' } };
const saying = (Action: unknown, Resource: string | string[] = '*') => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });
const READ = saying('s3:GetObject');
const WRITE = saying('s3:PutObject');

type Any = Decider<unknown, unknown, NewEvent>;
const KINDS = [
  { kind: 'user', decider: userDecider as unknown as Any, body: { userName: 'ann' }, most: 2_048 }, { kind: 'group', decider: groupDecider as unknown as Any, body: { groupName: 'ann' }, most: 5_120 },
  { kind: 'role', decider: roleDecider as unknown as Any, body: { roleName: 'ann', trustPolicy }, most: 10_240 },
  { kind: 'service-account', decider: serviceAccountDecider as unknown as Any, body: { accountName: 'ann' }, most: 2_048 },
];

describe.each(KINDS)('inline policies of a $kind', ({ kind, decider, body, most }) => {
  const ref = { id: 'x_1', tenant: 'acme', instance: 'local' };
  const create = (inlinePolicies?: object): object => ({ type: 'create', ref, body: { tenant: 'acme', ...body, ...(inlinePolicies ? { inlinePolicies } : {}) } });
  const patch = (inlinePolicies: object | null): object => ({ type: 'patch', ref, body: { inlinePolicies } });
  const [created] = decider.decide(decider.initialState, create()) as [NewEvent];
  const changed = (inlinePolicies: object): NewEvent => ({ ...created, type: `wami.${kind}.inline-policies-changed.v1`, data: {}, personal: { inlinePolicies } });
  const having = [created, changed({ read: READ, write: WRITE })];

  it('are told beside its creation', () => given(decider, []).when(create({ read: READ })).then([created, changed({ read: READ })]));
  it('are merged by name: only what changes is told', () =>
    given(decider, having).when(patch({ read: saying(['S3:GetObject']), write: null, list: READ, gone: null })).then([changed({ write: null, list: READ })]));
  it('go altogether with null', () => given(decider, having).when(patch(null)).then([changed({ read: null, write: null })]));
  it('that go leave no trace', () => given(decider, [...having, changed({ read: null, write: null })]).when(patch(null)).thenNothing());
  it('that say the same in other words are no change', () => given(decider, having).when(patch({ read: saying(['s3:getObject']) })).thenNothing());
  it('hold to the grammar', () => given(decider, [created]).when(patch({ read: { ...READ, Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] } })).thenThrows('ValidationFailed'));
  it('have no names that differ only in case', () => given(decider, having).when(patch({ READ: WRITE })).thenThrows('ValidationFailed'));
  it('have a size together', () => {
    const filling = (length: number) => {
      const parts = Math.ceil(length / 3_000);
      const rest = length - JSON.stringify(saying('s3:Get', Array.from({ length: parts }, () => 'arn:aws:s3:::'))).length;
      const each = Math.floor(rest / parts);
      return saying('s3:Get', Array.from({ length: parts }, (_, i) => `arn:aws:s3:::${'x'.repeat(i === 0 ? rest - (parts - 1) * each : each)}`));
    };
    const half = most / 2;
    given(decider, [created]).when(patch({ one: filling(half), two: filling(half) })).then([changed({ one: filling(half), two: filling(half) })]);
    given(decider, [created, changed({ one: filling(half) })]).when(patch({ two: filling(half + 1) })).thenThrows('ValidationFailed');
  });
});
