import { CreateUserCommand, CreateVirtualMFADeviceCommand, DeactivateMFADeviceCommand, DeleteUserCommand, IAMClient, ListMFADevicesCommand, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam';
import type { CallContext, Desired, Reference } from '@wami/provider-port';
import { startSandboxAws, type SandboxAws } from '@wami/sandbox';
import { mfaDevice } from '../spec-support/aws-hands';
import { AwsClient } from './aws.client';
import { awsSettings } from './aws.config';
import { MfaDevicesHandler } from './mfa-devices.handler';
import { Owners } from './owners';

process.env['SPEC_AWS_MFA_ID'] = 'AKIASPEC000000000001';
process.env['SPEC_AWS_MFA_SECRET'] = 'never-shown';
const ACCOUNT = '123456789012';
const SERIAL = `arn:aws:iam::${ACCOUNT}:mfa/mfa_1`;
const context = (): CallContext => ({ signal: AbortSignal.timeout(20_000) });

describe('MFA devices at IAM', () => {
  let cloud: SandboxAws;
  let client: AwsClient;
  let theirs: IAMClient;
  let ann: string;
  beforeEach(async () => {
    cloud = await startSandboxAws({ account: ACCOUNT });
    client = new AwsClient(awsSettings({ provider: 'aws', account: ACCOUNT, endpoint: cloud.url, credentials: { type: 'static', accessKeyId: 'env:SPEC_AWS_MFA_ID', secretAccessKey: 'env:SPEC_AWS_MFA_SECRET' } }));
    theirs = new IAMClient({ endpoint: cloud.url, region: 'us-east-1', credentials: { accessKeyId: 'AKIASPEC000000000001', secretAccessKey: 'never-shown' } });
    ann = (await theirs.send(new CreateUserCommand({ UserName: 'ann' }))).User?.UserId ?? '';
  });
  afterEach(async () => {
    theirs.destroy();
    client.close();
    await cloud.close();
  });

  const handler = (now = Date.now): MfaDevicesHandler => new MfaDevicesHandler(client, new Owners(client, 10), 1, now);
  const mark = { instance: 'local', tenant: 'acme', id: 'mfa_1', kind: 'mfa-device' };
  const desired = (): Desired => ({ mark, name: 'mfa_1', document: {}, facets: {}, owner: 'ann', ownerResourceId: ann });
  const reference = (more: Partial<Reference> = {}): Reference => ({ mark, names: ['mfa_1'], owner: 'ann', ownerResourceId: ann, providerResourceId: SERIAL, ...more });
  const standing = async () => (await theirs.send(new ListVirtualMFADevicesCommand({}))).VirtualMFADevices?.map(({ SerialNumber }) => SerialNumber);

  it('where the clock is wrong the codes are refused, and no device is left', async () => {
    await expect(handler(() => Date.now() - 3_600_000).create(desired(), context())).rejects.toMatchObject({ code: 'InvalidRequest', options: { effect: 'none' } });
    expect(await standing()).toEqual([]);
  });

  it('the codes are those of the time when the request is sent, however long its turn was waited for', async () => {
    let clock = Date.now() - 3_600_000;
    const waits: CallContext['request'] = (_access, send, method) => {
      if (method === 'EnableMFADevice') clock = Date.now();
      return send();
    };
    await handler(() => clock).create(desired(), { ...context(), request: waits });
    expect(cloud.snapshot().users).toMatchObject([{ mfaDevices: [SERIAL] }]);
  });

  it('no code is sent once the time of the call is over, and the device goes', async () => {
    let turn = '';
    const ending: CallContext = {
      get signal() {
        return turn === 'EnableMFADevice' ? AbortSignal.abort() : AbortSignal.timeout(20_000);
      },
      request: (_access, send, method = '') => {
        turn = method;
        return send();
      },
    };
    await expect(handler().create(desired(), ending)).rejects.toMatchObject({ code: 'Timeout', options: { effect: 'none' } });
    expect(await standing()).toEqual([]);
  });

  it('none is left with a stranger who has the name of the user by now', async () => {
    const wanted = desired();
    await theirs.send(new DeleteUserCommand({ UserName: 'ann' }));
    await theirs.send(new CreateUserCommand({ UserName: 'ann' }));
    await expect(handler().create(wanted, context())).rejects.toMatchObject({ code: 'DependencyNotReady' });
    expect(await standing()).toEqual([]);
  });

  it('one that was made and never enabled is found after a lost answer, on a later page too, and deleted; what others made stays', async () => {
    await theirs.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'a-phone' }));
    await theirs.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'mfa_1' }));
    const found = await handler().observe({ mark, names: ['mfa_1'], owner: 'ann', ownerResourceId: ann, groundwork: {} }, [], context());
    expect(found).toMatchObject({ providerResourceId: SERIAL, mark });
    if (found) await handler().delete(found, context());
    expect(await standing()).toEqual([`arn:aws:iam::${ACCOUNT}:mfa/a-phone`]);
  });

  it('deactivated by somebody it is there no more, but to be deleted; what the user enrolled stays', async () => {
    await handler().create(desired(), context());
    await mfaDevice()(theirs, { UserName: 'ann' });
    expect(await handler().observe(reference(), [], context())).toMatchObject({ providerResourceId: SERIAL });
    await theirs.send(new DeactivateMFADeviceCommand({ UserName: 'ann', SerialNumber: SERIAL }));
    expect(await handler().observe(reference(), [], context())).toBeUndefined();
    const left = await handler().observe(reference({ leaving: true }), [], context());
    expect(left).toMatchObject({ providerResourceId: SERIAL, mark });
    if (left) await handler().delete(left, context());
    expect([await standing(), (await theirs.send(new ListMFADevicesCommand({ UserName: 'ann' }))).MFADevices?.length]).toEqual([[`arn:aws:iam::${ACCOUNT}:mfa/ann`], 1]);
    expect(await handler().observe(reference({ leaving: true }), [], context())).toBeUndefined();
  });
});
