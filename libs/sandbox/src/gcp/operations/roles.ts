import { alreadyExists, concurrentChanges, failedPrecondition, invalidArgument, limitExceeded, notFound } from '../errors';
import type { GcpState, RoleRecord } from '../gcp-state';
import { newEtag } from '../ids';
import { pageOf, readBody, readMask, ROLE, withinBytes } from '../requests';
import { proto } from './operation';
import type { Answer, Call, Operation, Operations } from './operation';

export const ROLES_QUOTA = 300;
const DAY_MS = 86_400_000;
/** A deleted role can be brought back for seven days; its id is free again after thirty more (Create and manage custom roles). */
const UNDELETE_MS = 7 * DAY_MS;
const BLOCKED_MS = 37 * DAY_MS;
const PAGE = { usual: 300, most: 1_000 } as const;
const STAGES = ['ALPHA', 'BETA', 'GA', 'DEPRECATED', 'DISABLED', 'EAP'];
const FIELDS = ['title', 'description', 'includedPermissions', 'stage'] as const;

const operation = (method: Operation['method'], template: string, permission: string, writes: boolean, run: Operation['run'], query: readonly string[] = []): Operation =>
  ({ api: 'iam', method, template, permission: `iam.roles.${permission}`, writes, run, query });

function rolesOf(home: 'projects' | 'organizations', roles: string): Operations {
  return {
    [`iam.${home}.roles.create`]: operation('POST', roles, 'create', true, create),
    [`iam.${home}.roles.list`]: operation('GET', roles, 'list', false, list, ['pageSize', 'pageToken', 'showDeleted', 'view']),
    [`iam.${home}.roles.get`]: operation('GET', `${roles}/{role}`, 'get', false, (call) => roleFields(call, found(call, call.store.view()))),
    [`iam.${home}.roles.patch`]: operation('PATCH', `${roles}/{role}`, 'update', true, patch, ['updateMask']),
    [`iam.${home}.roles.delete`]: operation('DELETE', `${roles}/{role}`, 'delete', true, remove, ['etag']),
    [`iam.${home}.roles.undelete`]: operation('POST', `${roles}/{role}:undelete`, 'undelete', true, undelete),
  };
}

export const roleOperations: Operations = {
  ...rolesOf('projects', '/v1/projects/{project}/roles'), ...rolesOf('organizations', '/v1/organizations/{organization}/roles'),
};

const homeOf = ({ path }: Call): { of?: 'organization' } => (path['organization'] === undefined ? {} : { of: 'organization' });
const parentOf = ({ path, project }: Call): string => (path['organization'] === undefined ? `projects/${project.id}` : `organizations/${project.organization}`);
const nameOf = (call: Call, id: string): string => `${parentOf(call)}/roles/${id}`;
/** Whether its id is still taken. */
const isKept = ({ now }: Call, { deletedAt }: RoleRecord): boolean => deletedAt === undefined || deletedAt + BLOCKED_MS > now;

/** The stage ALPHA is left out (discovery document). */
function roleFields(call: Call, { id, title, description, includedPermissions, stage, etag, deletedAt }: RoleRecord): Answer {
  return proto({
    name: nameOf(call, id), title, description, includedPermissions, stage: stage === 'ALPHA' ? '' : stage, etag, deleted: deletedAt !== undefined,
  });
}

/** A deleted one too: it says so. */
function found(call: Call, state: GcpState): RoleRecord {
  const id = call.path['role'] ?? '';
  const role = state.role(id, homeOf(call).of);
  if (role === undefined || !isKept(call, role)) throw notFound(`The role named ${nameOf(call, id)} was not found.`);
  return role;
}

function create(call: Call): Answer {
  const { roleId = '', role = {} } = readBody(call.body, { roleId: 'string', role: ROLE } as const);
  if (!/^[A-Za-z0-9_.]{3,64}$/.test(roleId)) {
    throw invalidArgument(`The role_id (${roleId}) must be 3 to 64 characters long and may contain alphanumeric characters, underscores and periods.`);
  }
  if (role.name !== undefined) throw invalidArgument('The role name must not be set when a role is created.');
  const fields = fieldsOf(role);
  const { truth } = call.store;
  const before = truth.role(roleId, homeOf(call).of);
  if (before !== undefined && isKept(call, before)) {
    throw before.deletedAt === undefined ? alreadyExists(`A role named ${roleId} in ${parentOf(call)} already exists.`)
      : failedPrecondition(`You can't create a role_id (${roleId}) which has been marked for deletion.`);
  }
  if (truth.roles(homeOf(call).of).filter((other) => other.deletedAt === undefined).length >= ROLES_QUOTA) {
    throw limitExceeded(`Maximum number of roles reached. Maximum is: ${ROLES_QUOTA}`);
  }
  const created: RoleRecord = { id: roleId, ...homeOf(call), ...fields, etag: newEtag() };
  call.store.commit({ type: 'role-put', role: created });
  return roleFields(call, created);
}

interface RoleRequest {
  readonly title?: string;
  readonly description?: string;
  readonly includedPermissions?: readonly string[];
  readonly stage?: string;
}

function fieldsOf({ title, description, includedPermissions = [], stage = 'ALPHA' }: RoleRequest): Pick<RoleRecord, (typeof FIELDS)[number]> {
  if (!STAGES.includes(stage)) throw invalidArgument(`Invalid value at 'role.stage' (type.googleapis.com/google.iam.admin.v1.Role.RoleLaunchStage), "${stage}"`);
  const wrong = includedPermissions.find((permission) => !/^[a-z][A-Za-z0-9-]*\.[A-Za-z0-9-]+\.[A-Za-z0-9]+$/.test(permission));
  if (wrong !== undefined) throw invalidArgument(`Permission ${wrong} is not valid.`);
  return {
    title: withinBytes(title, 'title', 100), description: withinBytes(description, 'description', 256),
    includedPermissions: [...new Set(includedPermissions)].sort(), stage,
  };
}

/** Without permissions unless they are asked for, without deleted ones unless those are. */
function list(call: Call): Answer {
  const deleted = call.query.get('showDeleted') === 'true';
  const view = call.query.get('view') ?? 'BASIC';
  if (!['BASIC', 'FULL'].includes(view)) throw invalidArgument(`Invalid value at 'view' (type.googleapis.com/google.iam.admin.v1.RoleView), "${view}"`);
  const roles = call.store.view().roles(homeOf(call).of).filter((role) => isKept(call, role) && (deleted || role.deletedAt === undefined));
  const { items, nextPageToken } = pageOf(call.query, roles, ({ id }) => id, PAGE);
  const shown = items.map((role) => roleFields(call, view === 'FULL' ? role : { ...role, includedPermissions: [] }));
  return proto({ roles: shown, nextPageToken });
}

/** Without a mask everything that the body can say is set. */
function patch(call: Call): Answer {
  const role = readBody(call.body, ROLE);
  const mask = readMask(call.query.get('updateMask') ?? FIELDS.join(','), FIELDS);
  const before = alive(call, 'update');
  requireEtag(before, role.etag);
  const fields = fieldsOf(role);
  const changed = Object.fromEntries(mask.map((field) => [field, fields[field]]));
  return put(call, { ...before, ...changed });
}

function remove(call: Call): Answer {
  const before = alive(call, 'delete');
  requireEtag(before, call.query.get('etag') ?? undefined);
  return put(call, { ...before, deletedAt: call.now });
}

function undelete(call: Call): Answer {
  const { etag } = readBody(call.body, { etag: 'string' } as const);
  const before = found(call, call.store.truth);
  requireEtag(before, etag);
  const { deletedAt, ...role } = before;
  if (deletedAt === undefined) throw failedPrecondition(`You can't undelete a role_id (${before.id}) which is not deleted.`);
  if (deletedAt + UNDELETE_MS <= call.now) throw failedPrecondition(`You can't undelete a role_id (${before.id}) which was deleted more than 7 days ago.`);
  return put(call, role);
}

function alive(call: Call, verb: string): RoleRecord {
  const role = found(call, call.store.truth);
  if (role.deletedAt !== undefined) throw failedPrecondition(`You can't ${verb} a role_id (${role.id}) which has been marked for deletion.`);
  return role;
}

function requireEtag(role: RoleRecord, etag: string | undefined): void {
  if (etag !== undefined && etag !== '' && etag !== role.etag) throw concurrentChanges();
}

function put(call: Call, fields: RoleRecord): Answer {
  const role = { ...fields, etag: newEtag() };
  call.store.commit({ type: 'role-put', role });
  return roleFields(call, role);
}
