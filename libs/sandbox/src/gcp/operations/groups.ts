import type { GroupRecord } from '../directory-state';
import { GoogleError, invalidArgument, permissionDenied } from '../errors';
import type { Change, GcpState } from '../gcp-state';
import { newGroupId } from '../ids';
import { renamedMember } from '../policy-rules';
import { GROUP, pageOf, readBody, readMask } from '../requests';
import { addressProblem } from './addresses';
import { searchOf } from './group-search';
import { proto } from './operation';
import type { Answer, Call, Operation, Operations } from './operation';

const GROUPS = '/v1/groups';
const DISCUSSION_FORUM = 'cloudidentity.googleapis.com/groups.discussion_forum';
const SECURITY = 'cloudidentity.googleapis.com/groups.security';
const LABELS = [DISCUSSION_FORUM, SECURITY, 'cloudidentity.googleapis.com/groups.locked'];
/** Characters (Group resource; Name guidelines for users and groups). */
const MOST = { description: 4_096, displayName: 73 } as const;
/** Discovery document of cloudidentity v1, groups.list and groups.search. */
const PAGES = { BASIC: { usual: 200, most: 1_000 }, FULL: { usual: 50, most: 500 } } as const;

const operation = (method: Operation['method'], template: string, permission: string, writes: boolean, run: Operation['run'], query: readonly string[] = []): Operation =>
  ({ api: 'cloudidentity', method, template, permission: `cloudidentity.groups.${permission}`, writes, run, query });

export const groupOperations: Operations = {
  'cloudidentity.groups.create': operation('POST', GROUPS, 'create', true, create, ['initialGroupConfig']),
  'cloudidentity.groups.list': operation('GET', GROUPS, 'get', false, list, ['parent', 'pageSize', 'pageToken', 'view']),
  'cloudidentity.groups.search': operation('GET', `${GROUPS}:search`, 'get', false, search, ['query', 'pageSize', 'pageToken', 'view']),
  'cloudidentity.groups.get': operation('GET', `${GROUPS}/{group}`, 'get', false, get),
  'cloudidentity.groups.patch': operation('PATCH', `${GROUPS}/{group}`, 'update', true, patch, ['updateMask']),
  'cloudidentity.groups.delete': operation('DELETE', `${GROUPS}/{group}`, 'delete', true, remove),
};

export const parentOf = ({ project }: Call): string => `customers/${project.directory.customer}`;
export const finished = (type: string, response: Answer): Answer => ({ done: true, response: { '@type': `type.googleapis.com/google.apps.cloudidentity.groups.v1.${type}`, ...response } });

/** The addresses that Google adds are told from the first read on (recordings). */
function groupFields(call: Call, group: GroupRecord, isRead: boolean): Answer {
  const { email, displayName, description, createTime, updateTime } = group;
  const additionalGroupKeys = isRead ? [{ id: email }, { id: `${email}.test-google-a.com` }] : [];
  return { ...basicFields(call, group), ...proto({ displayName, description, createTime, updateTime, additionalGroupKeys }) };
}

function basicFields(call: Call, { id, email, displayName, labels }: GroupRecord): Answer {
  return { ...proto({ name: `groups/${id}`, parent: parentOf(call), displayName }), groupKey: { id: email }, labels: Object.fromEntries(labels.map((label) => [label, ''])) };
}

/** Of one that is not there no more is said than of one that the caller may not see (recordings). */
export function foundGroup(call: Call, state: GcpState): GroupRecord {
  const id = call.path['group'] ?? '';
  const group = state.directory.group(id);
  if (group === undefined) throw permissionDenied('cloudidentity', '', `groups/${id}`);
  return group;
}

function get(call: Call): Answer {
  const id = call.path['group'] ?? '';
  const group = call.store.view().directory.group(id);
  if (group === undefined) throw new GoogleError(403, 'PERMISSION_DENIED', 'forbidden', `Error(2017): Permission denied for group resource 'groups/${id}' (or it may not exist).`);
  return groupFields(call, group, true);
}

function create(call: Call): Answer {
  const { groupKey = {}, parent = '', displayName = '', description = '', labels } = readBody(call.body, GROUP);
  const config = call.query.get('initialGroupConfig') ?? 'EMPTY';
  if (!['EMPTY', 'WITH_INITIAL_OWNER'].includes(config)) throw invalidArgument(`Invalid value at 'initial_group_config', "${config}"`);
  if (parent !== parentOf(call)) throw permissionDenied('cloudidentity', '', parent);
  const email = addressOf(call, groupKey.id ?? '');
  const kept = labelsOf(labels);
  checkTexts(displayName, description);
  const { directory } = call.store.truth;
  if (directory.groupAt(email) !== undefined || directory.userAt(email) !== undefined) {
    throw new GoogleError(409, 'ALREADY_EXISTS', 'alreadyExists', `Error(2018): Cannot create group '${email}' because it already exists.`);
  }
  const time = new Date(call.now).toISOString();
  const group: GroupRecord = { id: newGroupId(), email, displayName, description, labels: kept, createTime: time, updateTime: time };
  call.store.commit({ type: 'group-put', group });
  return finished('Group', groupFields(call, group, false));
}

/** In small letters, as Google keeps it (Name guidelines for users and groups). */
function addressOf({ project }: Call, id: string): string {
  const email = id.toLowerCase();
  if (addressProblem(email, project.directory)) throw invalidArgument(`Error(2014): Invalid group key: ${id}.`);
  return email;
}

function labelsOf(labels: unknown): readonly string[] {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) throw invalidArgument('Group labels must be set.');
  const wrong = Object.entries(labels).find(([label, value]) => !LABELS.includes(label) || value !== '');
  if (wrong !== undefined) throw invalidArgument(`Invalid group label: ${wrong[0]}.`);
  if (!(DISCUSSION_FORUM in labels)) throw invalidArgument(`The label ${DISCUSSION_FORUM} must be set.`);
  return Object.keys(labels).sort();
}

function checkTexts(displayName: string, description: string): void {
  if ([...displayName].length > MOST.displayName) throw invalidArgument(`The display name must be at most ${MOST.displayName} characters.`);
  if ([...description].length > MOST.description) throw invalidArgument(`The description must be at most ${MOST.description} characters.`);
}

function list(call: Call): Answer {
  if (call.query.get('parent') !== parentOf(call)) throw permissionDenied('cloudidentity', '', call.query.get('parent') ?? '');
  return paged(call, call.store.view().directory.groups());
}

function search(call: Call): Answer {
  const matches = searchOf(call.query.get('query') ?? '', call.project.directory);
  return paged(call, call.store.view().directory.groups().filter(matches));
}

function paged(call: Call, groups: readonly GroupRecord[]): Answer {
  const view = call.query.get('view') ?? 'BASIC';
  if (view !== 'BASIC' && view !== 'FULL') throw invalidArgument(`Invalid value at 'view' (type.googleapis.com/google.apps.cloudidentity.groups.v1.View), "${view}"`);
  if (Number(call.query.get('pageSize') ?? 0) > PAGES[view].most) throw invalidArgument(`The page size must not be greater than ${PAGES[view].most} for the view ${view}.`);
  const { items, nextPageToken } = pageOf(call.query, groups, ({ id }) => id, PAGES[view]);
  return proto({ groups: items.map((group) => (view === 'FULL' ? groupFields(call, group, true) : basicFields(call, group))), nextPageToken });
}

/** Answers the group without its key (recordings). The label of a security group is there for good. */
function patch(call: Call): Answer {
  const { displayName = '', description = '', labels } = readBody(call.body, GROUP);
  const mask = readMask(call.query.get('updateMask') ?? '', ['displayName', 'description', 'labels']);
  if (mask.length === 0) throw invalidArgument('The update_mask must name at least one field.');
  const before = foundGroup(call, call.store.truth);
  checkTexts(displayName, description);
  const asked = { displayName, description, labels: mask.includes('labels') ? labelsOf(labels) : before.labels };
  if (before.labels.includes(SECURITY) && !asked.labels.includes(SECURITY)) throw invalidArgument(`The label ${SECURITY} cannot be removed.`);
  const group = { ...before, ...Object.fromEntries(mask.map((field) => [field, asked[field]])), updateTime: new Date(call.now).toISOString() };
  call.store.commit({ type: 'group-put', group });
  return finished('Group', { ...groupFields(call, group, false), groupKey: {} });
}

/** Its memberships end on both sides. */
function remove(call: Call): Answer {
  const { truth } = call.store;
  const { id, email } = foundGroup(call, truth);
  const memberships = [...truth.directory.members(id), ...truth.directory.membershipsOf(email)];
  call.store.commit(
    ...memberships.map((membership): Change => ({ type: 'membership-forgotten', id: membership.id })), { type: 'group-forgotten', id },
    ...renamedMember(truth, `group:${email}`, `deleted:group:${email}?uid=${uidOf(id)}`),
  );
  return { done: true };
}

/** The same digits for the same group. */
const uidOf = (id: string): string => String(BigInt(`0x${Buffer.from(id).toString('hex')}`)).slice(0, 21);
