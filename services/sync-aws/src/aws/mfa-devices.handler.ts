import { CreateVirtualMFADeviceCommand, DeactivateMFADeviceCommand, DeleteVirtualMFADeviceCommand, EnableMFADeviceCommand, ListMFADevicesCommand, ListVirtualMFADevicesCommand } from '@aws-sdk/client-iam';
import { orAbsent, orNone, OWNER, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Groundwork, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { markTags } from './marks';
import type { Owner, Owners } from './owners';
import { answered, collect, firstOf } from './pages';
import { toTags } from './tagged';
import { codesInARow } from './totp';

/** IAM's own limit, of devices of whatever sort. */
const MOST_OF_A_USER = 8;
const ISSUER = 'Amazon Web Services';

/**
 * Virtual MFA devices of IAM users. A device is called by our id, which nobody else gives, so its serial number says which of ours it is. One that is on record
 * is there as long as its user has it: deactivated by others it is no second factor any more, and nobody but who has its seed could enable it again.
 */
export class MfaDevicesHandler implements ResourceHandler {
  readonly kind = 'mfa-device';
  readonly facets = [];

  constructor(private readonly client: AwsClient, private readonly owners: Owners, private readonly pageSize: number, private readonly now: () => number = Date.now) {}

  shape({ owner = '' }: Desired): Shape {
    return { fields: { [OWNER]: owner }, tags: {}, facets: {} };
  }

  check(): undefined {
    return undefined;
  }

  /**
   * ListMFADevices, and where that does not show it ListUsers, and the devices of the user under its other name. ListVirtualMFADevices after a lost answer,
   * and of what is to be deleted and its user does not have: it may hang on nobody.
   */
  async observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { providerResourceId, groundwork, leaving } = reference;
    if (providerResourceId === undefined) return groundwork && this.standing(reference, context);
    const enabled = await this.owners.find(reference, context, async (owner) => {
      const serials = await orAbsent(this.serialsOf(owner, context));
      return serials?.includes(providerResourceId) === true ? observed(providerResourceId, { ...reference, owner }) : undefined;
    });
    return enabled ?? (leaving ? this.standing(reference, context) : undefined);
  }

  /** ListMFADevices. */
  async prepare({ owner = '' }: Desired, context: CallContext): Promise<Groundwork> {
    const { length } = await this.serialsOf(owner, context);
    if (length >= MOST_OF_A_USER) throw new ProviderError('LimitExceeded', `the user has ${length} MFA devices already, and AWS allows no more; delete one`);
    return {};
  }

  /** CreateVirtualMFADevice, EnableMFADevice with two codes of its seed, and GetUser, whose it is. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { mark, owner = '' } = desired;
    const { VirtualMFADevice } = await this.client.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: mark.id, Tags: toTags(markTags(mark)) }), context);
    const { SerialNumber, Base32StringSeed } = answered(VirtualMFADevice, 'VirtualMFADevice');
    const serial = answered(SerialNumber, 'SerialNumber');
    const seed = Buffer.from(answered(Base32StringSeed, 'Base32StringSeed')).toString('latin1');
    await orNone(this.enable(serial, seed, desired, context), () => this.sendDelete(serial, owner, context));
    return { observed: observed(serial, desired), rejected: [], secret: addressOf(serial, seed, owner) };
  }

  /** That the user is called otherwise by now needs no call, and nothing else of it changes. */
  update(_desired: Desired, device: Observed, { fields }: Changes): Promise<Applied> {
    return Promise.resolve({ observed: { ...device, shape: { ...device.shape, fields: { ...device.shape.fields, ...fields } } }, rejected: [] });
  }

  /** DeactivateMFADevice and DeleteVirtualMFADevice. Where these find nothing, a look. */
  async delete(device: Observed, context: CallContext): Promise<void> {
    await this.owners.remove(device, (owner) => this.sendDelete(device.providerResourceId, owner, context), (reference) => this.observe(reference, [], context));
  }

  /** What others enrolled is their own, and ours is looked at one by one. */
  async *list(): AsyncGenerator<readonly Observed[]> {
    // Nothing.
  }

  private async enable(SerialNumber: string, seed: string, desired: Desired, context: CallContext): Promise<void> {
    const command = new EnableMFADeviceCommand({ UserName: desired.owner, SerialNumber, AuthenticationCode1: undefined, AuthenticationCode2: undefined });
    await this.client.send(command, atItsTurn(context, () => {
      [command.input.AuthenticationCode1, command.input.AuthenticationCode2] = codesInARow(seed, this.now());
    }));
    await this.owners.stillOwner(desired, context);
  }

  private async sendDelete(SerialNumber: string, UserName: string, context: CallContext): Promise<void> {
    await orAbsent(this.client.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber }), context));
    await this.client.send(new DeleteVirtualMFADeviceCommand({ SerialNumber }), context);
  }

  private serialsOf(UserName: string, context: CallContext): Promise<string[]> {
    return collect((Marker) => this.client.send(new ListMFADevicesCommand({ UserName, Marker }), context), (page) => answered(page.MFADevices, 'MFADevices').flatMap(({ SerialNumber }) => SerialNumber ?? []));
  }

  /** Also where nobody has it. */
  private async standing(reference: Reference, context: CallContext): Promise<Observed | undefined> {
    const { mark, owner, others = [] } = reference;
    const read = (Marker: string | undefined) => this.client.send(new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Any', MaxItems: this.pageSize, Marker }), context);
    const found = await firstOf(read, ({ VirtualMFADevices }) => answered(VirtualMFADevices, 'VirtualMFADevices').find(({ SerialNumber }) => SerialNumber?.endsWith(`:mfa/${mark.id}`)));
    if (found?.SerialNumber === undefined || others.includes(found.SerialNumber)) return undefined;
    return observed(found.SerialNumber, { ...reference, owner: found.User?.UserName ?? owner });
  }
}

/** Codes that waited are taken, and the device is out of step from then on (EnableMFADevice, API reference): they are made when nothing is waited for any more. */
function atItsTurn(context: CallContext, ready: () => void): CallContext {
  const { request } = context;
  if (request !== undefined) {
    return {
      get signal() {
        return context.signal;
      },
      request: (access, send, method) => request(access, () => {
        ready();
        return send();
      }, method),
    };
  }
  ready();
  return context;
}

/** As authenticators take it (Key Uri Format), with the issuer that AWS's own QR code names. */
function addressOf(serial: string, seed: string, owner: string): string {
  const account = serial.split(':')[4] ?? '';
  return `otpauth://totp/${encodeURIComponent(ISSUER)}:${encodeURIComponent(`${owner}@${account}`)}?secret=${seed}&issuer=${encodeURIComponent(ISSUER)}`;
}

function observed(serial: string, { mark, owner = '', ownerResourceId }: Pick<Reference, 'mark' | keyof Owner>): Observed {
  return { providerResourceId: serial, nativeArn: serial, name: mark.id, mark, ...(ownerResourceId === undefined ? {} : { ownerResourceId }), shape: { fields: { [OWNER]: owner }, tags: {}, facets: {} }, facetsRead: [] };
}
