import { limitExceeded, noSuchGroup, noSuchUser } from '../errors';
import { groupFields } from '../identities';
import { nameKey } from '../iam-state';
import type { GroupRecord, UserRecord } from '../iam-state';
import { page } from '../pagination';
import type { XmlRecord } from '../xml';
import { iamRead, iamWrite, namedGroup, namedUser, viewedUser } from './operation';
import type { Call, Operations } from './operation';

export const GROUPS_PER_USER_QUOTA = 10;

export const membershipOperations: Operations = {
  AddUserToGroup: iamWrite(addUserToGroup),
  RemoveUserFromGroup: iamWrite(removeUserFromGroup),
  ListGroupsForUser: iamRead(listGroupsForUser),
};

/** Adding a member again succeeds. */
function addUserToGroup(call: Call): undefined {
  const group = namedGroup(call);
  const user = namedUser(call);
  refuseUnseen(call, group, user);
  if (call.store.truth.isMember(group, user)) return undefined;
  if (call.store.truth.groupsOf(user).length >= GROUPS_PER_USER_QUOTA) throw limitExceeded('GroupsPerUser', GROUPS_PER_USER_QUOTA);
  call.store.commit({ type: 'member-added', groupId: group.id, userId: user.id });
  return undefined;
}

/** A relation to what was just created is refused until it is known everywhere ("changes that I make are not always immediately visible"). */
function refuseUnseen(call: Call, group: GroupRecord, user: UserRecord): void {
  const seen = call.store.view();
  if (seen.group(group.name)?.id !== group.id) throw noSuchGroup(group.name);
  if (seen.user(user.name)?.id !== user.id) throw noSuchUser(user.name);
}

/** Succeeds for a user who is not a member: the reference names no error for it, and the live API gives none (cloud-custodian #4730). */
function removeUserFromGroup(call: Call): undefined {
  const group = namedGroup(call);
  const user = namedUser(call);
  if (call.store.truth.isMember(group, user)) call.store.commit({ type: 'member-removed', groupId: group.id, userId: user.id });
  return undefined;
}

function listGroupsForUser(call: Call): XmlRecord {
  const { items, fields } = page(call.params, call.store.view().groupsOf(viewedUser(call)), nameKey);
  return { Groups: items.map((group) => groupFields(call.account, group)), ...fields };
}
