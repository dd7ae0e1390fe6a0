import type { Batch } from '@wami/contracts';
import { runsOf } from './lanes';

type Operation = Batch['operations'][number];
const user = (userName: string, idempotencyKey?: string): Operation => ({ method: 'POST', path: '/v1/users', body: { tenant: 'acme', userName }, ...(idempotencyKey ? { idempotencyKey } : {}) });
const member = (group: string, id: string): Operation => ({ method: 'PUT', path: `/v1/groups/${group}/members/${id}` });
const patch: Operation = { method: 'PATCH', path: '/v1/users/usr_1', body: {} };

describe('the order of a batch', () => {
  it('lets consecutive creates of one collection run side by side', () => {
    expect(runsOf([user('a'), user('b'), user('c')])).toEqual([[[0], [1], [2]]]);
  });

  it('keeps the order of equal names, whatever their case', () => {
    expect(runsOf([user('a'), user('b'), user('A')])).toEqual([[[0, 2], [1]]]);
  });

  it('begins anew for another collection, and for anything that is no create', () => {
    const group: Operation = { method: 'POST', path: '/v1/groups', body: { tenant: 'acme', groupName: 'g' } };
    expect(runsOf([user('a'), group, user('b'), patch, patch])).toEqual([[[0]], [[1]], [[2]], [[3]], [[4]]]);
  });

  it('adds members side by side, the same one in order', () => {
    expect(runsOf([member('g', '1'), member('g', '2'), member('g', '1')])).toEqual([[[0, 2], [1]]]);
  });

  it('treats the other kinds alike, and attaches policies side by side', () => {
    const policy = (policyName: string): Operation => ({ method: 'POST', path: '/v1/policies', body: { tenant: 'acme', policyName } });
    const attach = (owner: string, id: string): Operation => ({ method: 'PUT', path: `/v1/${owner}/policies/${id}` });
    expect(runsOf([policy('a'), policy('b'), policy('A'), attach('users/u', 'p'), attach('service-accounts/s', 'p'), attach('users/u', 'p')]))
      .toEqual([[[0, 2], [1]], [[3, 5], [4]]]);
  });

  it('never runs two operations with the same key side by side', () => {
    expect(runsOf([user('a', 'k'), user('b', 'k'), user('c')])).toEqual([[[0]], [[1], [2]]]);
  });
});
