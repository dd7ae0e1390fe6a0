import { accountOfEachTest, ok, refused } from '../spec-support/aws-account';
import { codeOf } from './operations/iam-mfa-devices';

const { iam, account } = accountOfEachTest();
const STEP_MS = 30_000;
const serialOf = (name: string): string => `arn:aws:iam::000000000001:mfa/${name}`;

async function made(name: string): Promise<string> {
  const answer = await ok(iam('CreateVirtualMFADevice', { VirtualMFADeviceName: name, 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }));
  expect([answer.texts('SerialNumber'), answer.texts('Value')]).toEqual([[serialOf(name)], ['v']]);
  return Buffer.from(answer.texts('Base32StringSeed')[0] ?? '', 'base64').toString();
}
const enable = (name: string, seed: string, { UserName = 'ann', steps = [-1, 0] } = {}) => {
  const now = Math.floor(Date.now() / STEP_MS);
  const [AuthenticationCode1 = '', AuthenticationCode2 = ''] = steps.map((step) => codeOf(seed, now + step));
  return iam('EnableMFADevice', { UserName, SerialNumber: serialOf(name), AuthenticationCode1, AuthenticationCode2 });
};

describe('virtual MFA devices', () => {
  beforeEach(() => ok(iam('CreateUser', { UserName: 'ann' })));

  it('show codes as RFC 6238 says', () => {
    for (const [seconds, code] of [[59, '287082'], [1_111_111_109, '081804'], [20_000_000_000, '353130']] as const) expect(codeOf('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', Math.floor(seconds / 30))).toBe(code);
  });

  it('are enabled with two codes in a row of their own seed, of now, once', async () => {
    const seed = await made('phone');
    for (const steps of [[0, 0], [0, -1], [-2, 0], [-100, -99], [100, 101]]) expect(await enable('phone', seed, { steps })).toEqual(refused(403, 'InvalidAuthenticationCode'));
    expect(await enable('phone', await made('another'))).toEqual(refused(403, 'InvalidAuthenticationCode'));
    expect(await enable('nowhere', seed)).toEqual(refused(404, 'NoSuchEntity'));
    expect((await ok(iam('ListVirtualMFADevices', { AssignmentStatus: 'Unassigned' }))).texts('SerialNumber')).toEqual(['another', 'phone'].map(serialOf));
    await ok(enable('phone', seed));
    expect((await ok(iam('ListMFADevices', { UserName: 'ann' }))).texts('SerialNumber')).toEqual([serialOf('phone')]);
    expect((await ok(iam('ListVirtualMFADevices', { AssignmentStatus: 'Assigned' }))).texts('UserName')).toEqual(['ann']);
    expect(await enable('phone', seed)).toEqual(refused(409, 'EntityAlreadyExists'));
    expect(await iam('CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' })).toEqual(refused(409, 'EntityAlreadyExists'));
  });

  it('stand in the way of their user, and are deleted once they are deactivated', async () => {
    await ok(enable('phone', await made('phone')));
    expect([await iam('DeleteUser', { UserName: 'ann' }), await iam('DeleteVirtualMFADevice', { SerialNumber: serialOf('phone') })]).toEqual([refused(409, 'DeleteConflict'), refused(409, 'DeleteConflict')]);
    await ok(iam('CreateUser', { UserName: 'bob' }));
    expect(await iam('DeactivateMFADevice', { UserName: 'bob', SerialNumber: serialOf('phone') })).toEqual(refused(404, 'NoSuchEntity'));
    expect(account().snapshot().users).toMatchObject([{ mfaDevices: [serialOf('phone')] }, { mfaDevices: [] }]);
    await ok(iam('DeactivateMFADevice', { UserName: 'ann', SerialNumber: serialOf('phone') }));
    await ok(iam('DeleteUser', { UserName: 'ann' }));
    await ok(iam('DeleteVirtualMFADevice', { SerialNumber: serialOf('phone') }));
    expect(await iam('DeleteVirtualMFADevice', { SerialNumber: serialOf('phone') })).toEqual(refused(404, 'NoSuchEntity'));
  });

  it('a user has eight at most', async () => {
    for (let number = 1; number <= 8; number++) await ok(enable(`d${number}`, await made(`d${number}`)));
    expect(await enable('d9', await made('d9'))).toEqual(refused(409, 'LimitExceeded'));
  });
});
