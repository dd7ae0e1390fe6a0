import { alreadyExists, deleteConflict, limitExceeded } from '../errors';
import { newUserId } from '../ids';
import { boundaryFields, callerOf, userFields, userWithTags } from '../identities';
import { nameKey } from '../iam-state';
import type { UserRecord } from '../iam-state';
import { page } from '../pagination';
import { optionalText, requiredText, RULES, tagList } from '../validation';
import type { XmlRecord } from '../xml';
import { boundaryIn } from './iam-boundaries';
import { inlineOf } from './iam-inline-policies';
import { iamRead, iamWrite, namedUser, viewedUser } from './operation';
import type { Call, Operations } from './operation';
import { sortTags } from './iam-tags';

export const USERS_QUOTA = 5_000;

export const userOperations: Operations = {
  CreateUser: iamWrite(createUser),
  GetUser: iamRead(getUser),
  UpdateUser: iamWrite(updateUser),
  DeleteUser: iamWrite(deleteUser),
  ListUsers: iamRead(listUsers),
};

function createUser(call: Call): XmlRecord {
  const name = requiredText(call.params, 'UserName', RULES.userName);
  const path = optionalText(call.params, 'Path', RULES.path) ?? '/';
  const tags = sortTags(tagList(call.params));
  const boundary = boundaryIn(call);
  if (call.store.truth.user(name) !== undefined) throw alreadyExists('User', name);
  if (call.store.truth.userCount >= USERS_QUOTA) throw limitExceeded('UsersPerAccount', USERS_QUOTA);
  const user: UserRecord = { id: newUserId(), name, path, createdAt: call.now(), tags, accessKeys: [], ...boundary };
  call.store.commit({ type: 'user-put', user });
  return { User: { ...userWithTags(call.account, user), ...boundaryFields(call.account, call.store.truth, user) } };
}

function getUser(call: Call): XmlRecord {
  const user = call.params.get('UserName') === undefined ? callerOf(call.store.truth, call.account, call.accessKeyId) : viewedUser(call);
  return { User: { ...userWithTags(call.account, user), ...boundaryFields(call.account, call.store.view(), user) } };
}

/** A new name that some user has in any case of letters is refused, the user's own included, as AWS does (noobaa-core #9323). */
function updateUser(call: Call): undefined {
  const user = namedUser(call);
  const name = optionalText(call.params, 'NewUserName', RULES.userName);
  const path = optionalText(call.params, 'NewPath', RULES.path);
  if (name !== undefined && call.store.truth.user(name) !== undefined) throw alreadyExists('User', name);
  call.store.commit({ type: 'user-put', user: { ...user, name: name ?? user.name, path: path ?? user.path } });
  return undefined;
}

function deleteUser(call: Call): undefined {
  const user = namedUser(call);
  if (call.store.truth.groupsOf(user).length > 0) throw deleteConflict('must remove users from group');
  if (call.store.truth.policiesOf(user).length > 0) throw deleteConflict('must detach all policies');
  if (inlineOf(user).length > 0) throw deleteConflict('must delete policies');
  if (user.accessKeys.length > 0) throw deleteConflict('must delete access keys');
  if (user.loginProfile !== undefined) throw deleteConflict('must delete login profile');
  if (call.store.truth.mfaDevicesOf(user).length > 0) throw deleteConflict('must deactivate MFA devices');
  call.store.commit({ type: 'user-deleted', id: user.id });
  return undefined;
}

function listUsers(call: Call): XmlRecord {
  const prefix = optionalText(call.params, 'PathPrefix', RULES.pathPrefix) ?? '/';
  const { items, fields } = page(call.params, call.store.view().users().filter((user) => user.path.startsWith(prefix)), nameKey);
  return { Users: items.map((user) => userFields(call.account, user)), ...fields };
}
