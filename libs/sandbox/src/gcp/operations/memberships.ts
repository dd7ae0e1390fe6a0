import type { MembershipRecord } from '../directory-state';
import { alreadyExists, invalidArgument, notFound } from '../errors';
import type { GcpState } from '../gcp-state';
import { newUniqueId } from '../ids';
import { MEMBERSHIP, pageOf, readBody } from '../requests';
import { directGroupsOf } from './group-search';
import { finished, foundGroup } from './groups';
import { proto } from './operation';
import type { Answer, Call, Operation, Operations } from './operation';

const MEMBERSHIPS = '/v1/groups/{group}/memberships';
const ROLES = ['OWNER', 'MANAGER', 'MEMBER'];
/** Discovery document of cloudidentity v1. */
const PAGES = { BASIC: { usual: 200, most: 1_000 }, FULL: { usual: 50, most: 500 } } as const;

const operation = (method: Operation['method'], template: string, permission: string, writes: boolean, run: Operation['run'], query: readonly string[] = []): Operation =>
  ({ api: 'cloudidentity', method, template, permission: `cloudidentity.groups.memberships.${permission}`, writes, run, query });

export const membershipOperations: Operations = {
  'cloudidentity.groups.memberships.create': operation('POST', MEMBERSHIPS, 'create', true, create),
  'cloudidentity.groups.memberships.list': operation('GET', MEMBERSHIPS, 'get', false, list, ['pageSize', 'pageToken', 'view']),
  'cloudidentity.groups.memberships.lookup': operation('GET', `${MEMBERSHIPS}:lookup`, 'get', false, lookup, ['memberKey.id', 'memberKey.namespace']),
  'cloudidentity.groups.memberships.searchDirectGroups': operation('GET', '/v1/groups/-/memberships:searchDirectGroups', 'get', false, searchDirectGroups, ['query', 'pageSize', 'pageToken', 'orderBy']),
  'cloudidentity.groups.memberships.get': operation('GET', `${MEMBERSHIPS}/{membership}`, 'get', false, (call) => membershipFields(found(call, call.store.view()), 'FULL')),
  'cloudidentity.groups.memberships.delete': operation('DELETE', `${MEMBERSHIPS}/{membership}`, 'delete', true, remove),
};

const nameOf = ({ groupId, id }: MembershipRecord): string => `groups/${groupId}/memberships/${id}`;
const rolesOf = ({ roles }: MembershipRecord): readonly Answer[] => roles.map((name) => ({ name }));
const absent = (): Error => notFound('Error(4006): Membership does not exist.');

/** A create tells neither type nor times (recordings). */
function membershipFields(membership: MembershipRecord, view: 'BASIC' | 'FULL' | 'created'): Answer {
  const { member, type, createTime, updateTime } = membership;
  return proto({
    name: nameOf(membership), preferredMemberKey: { id: member }, roles: rolesOf(membership), ...(view === 'created' ? {} : { type }), ...(view === 'FULL' ? { createTime, updateTime } : {}),
  });
}

function found(call: Call, state: GcpState): MembershipRecord {
  const { id } = foundGroup(call, state);
  const membership = state.directory.members(id).find((one) => one.id === call.path['membership']);
  if (membership === undefined) throw absent();
  return membership;
}

function create(call: Call): Answer {
  const { preferredMemberKey = {}, roles = [{ name: 'MEMBER' }] } = readBody(call.body, MEMBERSHIP);
  const { truth } = call.store;
  const { id: groupId } = foundGroup(call, truth);
  const names = roles.map(({ name = '' }) => name);
  if (names.some((name) => !ROLES.includes(name)) || new Set(names).size < names.length) throw invalidArgument('Invalid membership roles.');
  if (!names.includes('MEMBER')) throw invalidArgument('MEMBER role must be specified');
  const member = (preferredMemberKey.id ?? '').toLowerCase();
  const type = typeOf(member, call);
  if (truth.directory.groupAt(member)?.id === groupId) throw invalidArgument('A group cannot be a member of itself.');
  if (truth.directory.membershipsOf(member).some((one) => one.groupId === groupId)) throw alreadyExists('Membership already exists.');
  const time = new Date(call.now).toISOString();
  const membership: MembershipRecord = { id: newUniqueId(), groupId, member, type, roles: names, createTime: time, updateTime: time };
  call.store.commit({ type: 'membership-put', membership });
  return finished('Membership', membershipFields(membership, 'created'));
}

/** Of the directory's own and the project's own addresses there must be somebody; of others the sandbox knows the form only. */
function typeOf(member: string, { project, store: { truth } }: Call): MembershipRecord['type'] {
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(member)) throw invalidArgument(`Invalid member key: ${member}.`);
  if (truth.directory.groupAt(member) !== undefined) return 'GROUP';
  if (truth.directory.userAt(member) !== undefined) return 'USER';
  if (member.endsWith('.gserviceaccount.com')) return 'SERVICE_ACCOUNT';
  if (member.endsWith(`@${project.directory.domain}`)) throw notFound('Requested entity was not found.');
  return 'OTHER';
}

function list(call: Call): Answer {
  const view = call.query.get('view') ?? 'BASIC';
  if (view !== 'BASIC' && view !== 'FULL') throw invalidArgument(`Invalid value at 'view' (type.googleapis.com/google.apps.cloudidentity.groups.v1.View), "${view}"`);
  if (Number(call.query.get('pageSize') ?? 0) > PAGES[view].most) throw invalidArgument(`The page size must not be greater than ${PAGES[view].most} for the view ${view}.`);
  const state = call.store.view();
  const { items, nextPageToken } = pageOf(call.query, state.directory.members(foundGroup(call, state).id), ({ id }) => id, PAGES[view]);
  return proto({ memberships: items.map((membership) => membershipFields(membership, view)), nextPageToken });
}

function lookup(call: Call): Answer {
  const state = call.store.view();
  const { id } = foundGroup(call, state);
  const member = (call.query.get('memberKey.id') ?? '').toLowerCase();
  const membership = state.directory.membershipsOf(member).find(({ groupId }) => groupId === id);
  if (membership === undefined) throw absent();
  return { name: nameOf(membership) };
}

function searchDirectGroups(call: Call): Answer {
  const { member, label } = directGroupsOf(call.query.get('query') ?? '');
  const { directory } = call.store.view();
  const memberships = directory.membershipsOf(member).filter(({ groupId }) => directory.group(groupId)?.labels.includes(label));
  const { items, nextPageToken } = pageOf(call.query, memberships, ({ id }) => id, PAGES.BASIC);
  return proto({ memberships: items.map((membership) => relationFields(membership, directory.group(membership.groupId))), nextPageToken });
}

function relationFields(membership: MembershipRecord, group: ReturnType<GcpState['directory']['group']>): Answer {
  const { id = '', email = '', displayName, description, labels = [] } = group ?? {};
  return proto({
    membership: nameOf(membership), roles: rolesOf(membership), group: `groups/${id}`, groupKey: { id: email }, displayName, description,
    labels: Object.fromEntries(labels.map((label) => [label, ''])),
  });
}

function remove(call: Call): Answer {
  const { id } = found(call, call.store.truth);
  call.store.commit({ type: 'membership-forgotten', id });
  return { done: true };
}
