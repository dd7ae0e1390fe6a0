import { accessDenied, limitExceeded, noSuchEntity } from '../errors';
import { callerOf, userArn } from '../identities';
import type { AccessKeyRecord, UserRecord } from '../iam-state';
import { newAccessKeyId, newSecretAccessKey } from '../ids';
import { page } from '../pagination';
import { requiredText, RULES } from '../validation';
import type { XmlRecord } from '../xml';
import { findUser, iamRead, iamWrite, namedUser, viewedUser } from './operation';
import type { Call, Operations } from './operation';

export const ACCESS_KEYS_PER_USER_QUOTA = 2;

/** Access keys, which stand in the way of a user's deletion. Secrets are not kept. */
export const credentialOperations: Operations = {
  CreateAccessKey: iamWrite(createAccessKey),
  ListAccessKeys: iamRead(listAccessKeys),
  UpdateAccessKey: iamWrite(updateAccessKey),
  GetAccessKeyLastUsed: iamRead(getAccessKeyLastUsed),
  DeleteAccessKey: iamWrite(deleteAccessKey),
};

function createAccessKey(call: Call): XmlRecord {
  const user = namedUserOrCaller(call);
  if (user.accessKeys.length >= ACCESS_KEYS_PER_USER_QUOTA) throw limitExceeded('AccessKeysPerUser', ACCESS_KEYS_PER_USER_QUOTA);
  const key: AccessKeyRecord = { id: newAccessKeyId(), createdAt: call.now() };
  call.store.commit({ type: 'user-put', user: { ...user, accessKeys: [...user.accessKeys, key] } });
  return { AccessKey: { ...keyFields(user, key), SecretAccessKey: newSecretAccessKey() } };
}

function listAccessKeys(call: Call): XmlRecord {
  const user = call.params.get('UserName') === undefined ? namedUserOrCaller(call) : viewedUser(call);
  const { items, fields } = page(call.params, [...user.accessKeys].sort((left, right) => (left.id < right.id ? -1 : 1)), (key) => key.id);
  return { AccessKeyMetadata: items.map((key) => keyFields(user, key)), ...fields };
}

function updateAccessKey(call: Call): undefined {
  const id = requiredText(call.params, 'AccessKeyId', RULES.accessKeyId);
  const status = requiredText(call.params, 'Status', RULES.accessKeyStatus);
  const user = namedUserOrCaller(call);
  if (!user.accessKeys.some((key) => key.id === id)) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  const changed = ({ inactive: _before, ...key }: AccessKeyRecord): AccessKeyRecord => (status === 'Inactive' ? { ...key, inactive: true } : key);
  call.store.commit({ type: 'user-put', user: { ...user, accessKeys: user.accessKeys.map((key) => (key.id === id ? changed(key) : key)) } });
  return undefined;
}

/** Never used: without a date, and region and service are N/A. */
function getAccessKeyLastUsed(call: Call): XmlRecord {
  const id = requiredText(call.params, 'AccessKeyId', RULES.accessKeyId);
  const user = call.store.view().ownerOfAccessKey(id);
  const key = user?.accessKeys.find((one) => one.id === id);
  if (!user || !key) throw accessDenied(userArn(call.account, callerOf(call.store.truth, call.account, call.accessKeyId)), 'iam:GetAccessKeyLastUsed', `access key ${id}`);
  const used = key.usedAt === undefined ? {} : { LastUsedDate: key.usedAt };
  return { UserName: user.name, AccessKeyLastUsed: { ...used, ServiceName: key.usedAt === undefined ? 'N/A' : 'iam', Region: key.usedAt === undefined ? 'N/A' : 'us-east-1' } };
}

function deleteAccessKey(call: Call): undefined {
  const id = requiredText(call.params, 'AccessKeyId', RULES.accessKeyId);
  const user = namedUserOrCaller(call);
  if (!user.accessKeys.some((key) => key.id === id)) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
  call.store.commit({ type: 'user-put', user: { ...user, accessKeys: user.accessKeys.filter((key) => key.id !== id) } });
  return undefined;
}

/** Without a name it is the caller. */
export function namedUserOrCaller(call: Call): UserRecord {
  if (call.params.get('UserName') !== undefined) return namedUser(call);
  return findUser(call.store.truth, callerOf(call.store.truth, call.account, call.accessKeyId).name);
}

const keyFields = (user: UserRecord, key: AccessKeyRecord): XmlRecord =>
  ({ UserName: user.name, AccessKeyId: key.id, Status: key.inactive ? 'Inactive' : 'Active', CreateDate: key.createdAt });
