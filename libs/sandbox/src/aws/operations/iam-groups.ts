import { alreadyExists, deleteConflict, limitExceeded } from '../errors';
import { groupFields, userFields } from '../identities';
import { nameKey } from '../iam-state';
import type { GroupRecord } from '../iam-state';
import { newGroupId } from '../ids';
import { page } from '../pagination';
import { optionalText, requiredText, RULES } from '../validation';
import type { XmlRecord } from '../xml';
import { inlineOf } from './iam-inline-policies';
import { findGroup, iamRead, iamWrite, namedGroup } from './operation';
import type { Call, Operations } from './operation';

export const GROUPS_QUOTA = 300;

export const groupOperations: Operations = {
  CreateGroup: iamWrite(createGroup),
  GetGroup: iamRead(getGroup),
  UpdateGroup: iamWrite(updateGroup),
  DeleteGroup: iamWrite(deleteGroup),
  ListGroups: iamRead(listGroups),
};

function createGroup(call: Call): XmlRecord {
  const name = requiredText(call.params, 'GroupName', RULES.groupName);
  const path = optionalText(call.params, 'Path', RULES.path) ?? '/';
  if (call.store.truth.group(name) !== undefined) throw alreadyExists('Group', name);
  if (call.store.truth.groupCount >= GROUPS_QUOTA) throw limitExceeded('GroupsPerAccount', GROUPS_QUOTA);
  const group: GroupRecord = { id: newGroupId(), name, path, createdAt: call.now() };
  call.store.commit({ type: 'group-put', group });
  return { Group: groupFields(call.account, group) };
}

function getGroup(call: Call): XmlRecord {
  const state = call.store.view();
  const group = findGroup(state, requiredText(call.params, 'GroupName', RULES.groupName));
  const { items, fields } = page(call.params, state.membersOf(group), nameKey);
  return { Group: groupFields(call.account, group), Users: items.map((user) => userFields(call.account, user)), ...fields };
}

function updateGroup(call: Call): undefined {
  const group = namedGroup(call);
  const name = optionalText(call.params, 'NewGroupName', RULES.groupName);
  const path = optionalText(call.params, 'NewPath', RULES.path);
  if (name !== undefined && call.store.truth.group(name) !== undefined) throw alreadyExists('Group', name);
  call.store.commit({ type: 'group-put', group: { ...group, name: name ?? group.name, path: path ?? group.path } });
  return undefined;
}

function deleteGroup(call: Call): undefined {
  const group = namedGroup(call);
  if (call.store.truth.membersOf(group).length > 0) throw deleteConflict('must remove users from group');
  if (call.store.truth.policiesOf(group).length > 0) throw deleteConflict('must detach all policies');
  if (inlineOf(group).length > 0) throw deleteConflict('must delete policies');
  call.store.commit({ type: 'group-deleted', id: group.id });
  return undefined;
}

function listGroups(call: Call): XmlRecord {
  const prefix = optionalText(call.params, 'PathPrefix', RULES.pathPrefix) ?? '/';
  const { items, fields } = page(call.params, call.store.view().groups().filter((group) => group.path.startsWith(prefix)), nameKey);
  return { Groups: items.map((group) => groupFields(call.account, group)), ...fields };
}
