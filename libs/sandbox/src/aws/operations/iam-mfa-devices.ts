import { createHmac, randomInt } from 'node:crypto';
import { deviceExists, invalidAuthenticationCode, limitExceeded, noSuchEntity, refusedDelete } from '../errors';
import { tagsOf, userFields } from '../identities';
import type { IamState, IamStore, MfaDeviceRecord, UserRecord } from '../iam-state';
import { page } from '../pagination';
import { optionalChoice, requiredText, RULES, tagList } from '../validation';
import type { XmlRecord } from '../xml';
import { namedUserOrCaller } from './iam-credentials';
import { sortTags } from './iam-tags';
import { iamRead, iamWrite, namedUser, viewedUser } from './operation';
import type { Call, Operations } from './operation';

export const MFA_DEVICES_PER_USER_QUOTA = 8;
const STATUSES = ['Assigned', 'Unassigned', 'Any'] as const;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const SEED_LETTERS = 64;
const STEP_MS = 30_000;
/** "If you generate the codes and then wait too long" the device is taken all the same (EnableMFADevice, API reference): codes of the last five minutes. */
const STEPS_BACK = 10;

/** Virtual MFA devices: second factors that hang on a user, and stand in the way of its deletion. A seed is told once, and is in memory alone until the device is enabled. */
export const mfaDeviceOperations: Operations = {
  CreateVirtualMFADevice: iamWrite(create),
  EnableMFADevice: iamWrite(enable),
  DeactivateMFADevice: iamWrite(deactivate),
  DeleteVirtualMFADevice: iamWrite(remove),
  ListMFADevices: iamRead(listOfUser),
  ListVirtualMFADevices: iamRead(list),
};

const seeds = new WeakMap<IamStore, Map<string, string>>();

function seedsOf(store: IamStore): Map<string, string> {
  const known = seeds.get(store) ?? new Map<string, string>();
  seeds.set(store, known);
  return known;
}

function create({ params, account, store, now }: Call): XmlRecord {
  const name = requiredText(params, 'VirtualMFADeviceName', RULES.mfaDeviceName);
  const tags = sortTags(tagList(params));
  const id = `arn:aws:iam::${account}:mfa/${name}`;
  if (store.truth.mfaDevice(id) !== undefined) throw deviceExists();
  const seed = Array.from({ length: SEED_LETTERS }, () => BASE32.charAt(randomInt(BASE32.length))).join('');
  seedsOf(store).set(id, seed);
  const device: MfaDeviceRecord = { id, name: id, createdAt: now(), tags };
  store.commit({ type: 'mfa-put', device });
  return { VirtualMFADevice: { SerialNumber: id, Base32StringSeed: base64(seed), QRCodePNG: base64(`otpauth://totp/${name}@${account}?secret=${seed}`), ...tagsOf(device) } };
}

function enable(call: Call): undefined {
  const { params, store } = call;
  const codes = ['AuthenticationCode1', 'AuthenticationCode2'].map((name) => requiredText(params, name, RULES.authenticationCode));
  const user = namedUser(call);
  const device = namedDevice(call);
  if (device.user !== undefined) throw deviceExists();
  if (store.truth.mfaDevicesOf(user).length >= MFA_DEVICES_PER_USER_QUOTA) throw limitExceeded('MFADevicesPerUser', MFA_DEVICES_PER_USER_QUOTA);
  if (!areInARow(codes, seedsOf(store).get(device.id), Date.parse(call.now()))) throw invalidAuthenticationCode();
  seedsOf(store).delete(device.id);
  store.commit({ type: 'mfa-put', device: { ...device, user: user.id, enabledAt: call.now() } });
  return undefined;
}

function areInARow([first, second]: readonly string[], seed: string | undefined, epochMs: number): boolean {
  if (seed === undefined) return false;
  const now = Math.floor(epochMs / STEP_MS);
  return Array.from({ length: STEPS_BACK }, (_none, back) => now + 1 - back).some((step) => codeOf(seed, step - 1) === first && codeOf(seed, step) === second);
}

/** RFC 6238 with SHA-1 and six digits. */
export function codeOf(seed: string, step: number): string {
  const bits = Array.from(seed, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(Array.from({ length: bits.length >> 3 }, (_none, index) => parseInt(bits.slice(index * 8, index * 8 + 8), 2)));
  const digest = createHmac('sha1', key).update(step.toString(16).padStart(16, '0'), 'hex').digest();
  return String(digest.readUInt32BE((digest[19] ?? 0) % 16) % 2 ** 31).slice(-6).padStart(6, '0');
}

/** What is off can be enabled by no one any more: its seed is not kept. */
function deactivate(call: Call): undefined {
  const user = namedUserOrCaller(call);
  const { user: owner, enabledAt: _enabled, ...device } = namedDevice(call);
  if (owner !== user.id) throw noSuchEntity('MFA Device invalid for user.');
  call.store.commit({ type: 'mfa-put', device });
  return undefined;
}

function remove(call: Call): undefined {
  const { id, user } = namedDevice(call);
  if (user !== undefined) throw refusedDelete('MFA VirtualDevice in use. Must deactivate first.');
  seedsOf(call.store).delete(id);
  call.store.commit({ type: 'mfa-deleted', id });
  return undefined;
}

function listOfUser(call: Call): XmlRecord {
  const user = call.params.get('UserName') === undefined ? namedUserOrCaller(call) : viewedUser(call);
  const { items, fields } = page(call.params, call.store.view().mfaDevicesOf(user), ({ id }) => id);
  return { MFADevices: items.map((device) => ({ UserName: user.name, SerialNumber: device.id, EnableDate: device.enabledAt ?? '' })), ...fields };
}

function list(call: Call): XmlRecord {
  const [status = 'Any'] = optionalChoice([call.params.get('AssignmentStatus')].flatMap((value) => value ?? []), 'assignmentStatus', STATUSES);
  const state = call.store.view();
  const wanted = state.mfaDevices().filter(({ user }) => status === 'Any' || (status === 'Assigned') === (user !== undefined));
  const { items, fields } = page(call.params, wanted, ({ id }) => id);
  return { VirtualMFADevices: items.map((device) => ({ SerialNumber: device.id, ...assigned(call, state, device) })), ...fields };
}

function assigned({ account }: Call, state: IamState, { user: id, enabledAt = '' }: MfaDeviceRecord): XmlRecord {
  const user: UserRecord | undefined = state.users().find((one) => one.id === id);
  return user === undefined ? {} : { User: userFields(account, user), EnableDate: enabledAt };
}

function namedDevice({ params, store }: Call): MfaDeviceRecord {
  const id = requiredText(params, 'SerialNumber', RULES.serialNumber);
  const device = store.truth.mfaDevice(id);
  if (device === undefined) throw noSuchEntity(`VirtualMFADevice with serial number ${id} doesn't exist.`);
  return device;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
