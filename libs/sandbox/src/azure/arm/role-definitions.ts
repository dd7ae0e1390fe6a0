import type { AzureState, Fields, Permission, RoleDefinition } from '../azure-state';
import { AzureError } from '../errors';
import { BUILT_IN_ROLES } from './built-in-roles';
import { CALLER, contains, guidName, holdsAt, isGuid, isManagementGroup, readProperties, scopeOf, timeOf } from './operation';
import type { ArmAnswer, ArmCall, ArmOperations } from './operation';

export const CUSTOM_ROLES_QUOTA = 5_000;
const ROLES = '/{scope+}/providers/Microsoft.Authorization/roleDefinitions';
const ACTIONS = { actions: ['string'], notActions: ['string'], dataActions: ['string'], notDataActions: ['string'] } as const;
const SHAPE = {
  roleName: 'string', description: 'string', type: 'string', permissions: [{ ...ACTIONS, condition: 'any', conditionVersion: 'any' }], assignableScopes: ['string'],
  createdOn: 'any', updatedOn: 'any', createdBy: 'any', updatedBy: 'any',
} as const;

export const roleDefinitionOperations: ArmOperations = {
  'roleDefinitions.createOrUpdate': { method: 'PUT', template: `${ROLES}/{name}`, action: 'Microsoft.Authorization/roleDefinitions/write', writes: true, run: put },
  'roleDefinitions.get': { method: 'GET', template: `${ROLES}/{name}`, action: 'Microsoft.Authorization/roleDefinitions/read', writes: false, run: get },
  'roleDefinitions.getAtTenant': { method: 'GET', template: '/providers/Microsoft.Authorization/roleDefinitions/{name}', action: 'Microsoft.Authorization/roleDefinitions/read', writes: false, run: getAny },
  'roleDefinitions.list': { method: 'GET', template: ROLES, action: 'Microsoft.Authorization/roleDefinitions/read', writes: false, run: list },
  'roleDefinitions.delete': { method: 'DELETE', template: `${ROLES}/{name}`, action: 'Microsoft.Authorization/roleDefinitions/delete', writes: true, run: remove },
};

export const definitionIn = (state: AzureState, name: string): RoleDefinition | undefined =>
  BUILT_IN_ROLES.find((role) => role.name === name.toLowerCase()) ?? state.definition(name);

export const noSuchDefinition = (name: string): AzureError =>
  new AzureError(404, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${name}' does not exist.`);

/** The id names the subscription that was asked, whatever the scope in it (recordings); at a management group and at the tenant it names neither (REST reference, roleDefinitionId). */
export const definitionId = ({ subscription, path: { scope = '' } }: ArmCall, name: string): string =>
  `${/^\/*subscriptions\//i.test(scope) ? `/subscriptions/${subscription}` : ''}/providers/Microsoft.Authorization/roleDefinitions/${name}`;

function definitionFields(call: ArmCall, definition: RoleDefinition, writer: string | null): Fields {
  const { name, roleName, type, description, assignableScopes, permissions, createdOn, updatedOn } = definition;
  const by = type === 'BuiltInRole' ? null : CALLER;
  return {
    properties: { roleName, type, description, assignableScopes, permissions, createdOn, updatedOn, createdBy: writer === null ? null : by, updatedBy: by },
    id: definitionId(call, name), type: 'Microsoft.Authorization/roleDefinitions', name,
  };
}

/** Always 201, with `createdBy` null, which is not how it is kept (recordings). */
function put(call: ArmCall): ArmAnswer {
  scopeOf(call);
  const name = guidName(call, 'RoleDefinition');
  const asked = readDefinition(call);
  const { truth } = call.store;
  if (BUILT_IN_ROLES.some((role) => role.name === name)) throw new AzureError(400, 'RoleDefinitionBuiltIn', 'Built-in role definitions cannot be changed.');
  const before = truth.definition(name);
  const namesake = [...BUILT_IN_ROLES, ...truth.definitions()].find((role) => role.roleName.toLowerCase() === asked.roleName.toLowerCase());
  if (namesake !== undefined && namesake.name !== name) throw new AzureError(409, 'RoleDefinitionWithSameNameExists', 'A role definition cannot be updated with a name that already exists.');
  if (before === undefined && truth.definitions().length >= CUSTOM_ROLES_QUOTA) {
    throw new AzureError(400, 'RoleDefinitionLimitExceeded', `Role definition limit exceeded. No more role definitions can be created. The limit is ${CUSTOM_ROLES_QUOTA}.`);
  }
  const orphaned = truth.assignments().find((assignment) => assignment.role === name && !asked.assignableScopes.some((scope) => holdsAt(call, scope, assignment.scope)));
  if (orphaned !== undefined) {
    throw new AzureError(400, 'RoleScopeBeingRemovedContainsAssignments', `Role assignments found under scope '${orphaned.scope}' which is being removed. `
      + 'Removing this scope from the role will orphan these assignments. Delete these assignments before removing the scope.');
  }
  const updatedOn = timeOf(call.now);
  const definition: RoleDefinition = { name, ...asked, type: 'CustomRole', createdOn: before?.createdOn ?? updatedOn, updatedOn };
  call.store.commit({ type: 'definition-put', definition });
  return { status: 201, body: definitionFields(call, { ...definition, createdOn: updatedOn }, null) };
}

type Asked = Pick<RoleDefinition, 'roleName' | 'description' | 'permissions' | 'assignableScopes'>;

function readDefinition(call: ArmCall): Asked {
  const { roleName = '', description = '', type = 'CustomRole', permissions = [], assignableScopes = [] } = readProperties(call.body, SHAPE);
  const invalid = (code: string, message: string): AzureError => new AzureError(400, code, message);
  if (!/^customrole$/i.test(type)) throw invalid('InvalidRoleDefinitionType', `The role type '${type}' is not valid: only CustomRole can be written.`);
  if (roleName.trim() === '' || roleName.length > 512) throw invalid('InvalidRoleName', 'The role name must have 1 to 512 characters.');
  if (description.length > 2_048) throw invalid('InvalidRoleDescription', 'The description must have at most 2048 characters.');
  if (assignableScopes.length === 0) throw invalid('InvalidAssignableScopes', 'At least one assignable scope is needed.');
  assignableScopes.filter((scope) => !isManagementGroup(scope)).forEach((scope) => scopeOf({ ...call, path: { scope } }));
  if (assignableScopes.filter(isManagementGroup).length > 1) throw invalid('InvalidAssignableScopes', 'A custom role can have one management group among its assignable scopes.');
  if (permissions.length !== 1) throw invalid('InvalidPermissions', 'A role definition needs exactly one permission.');
  return { roleName, description, assignableScopes, permissions: permissions.map(({ actions = [], notActions = [], dataActions = [], notDataActions = [] }) => checkPermission({ actions, notActions, dataActions, notDataActions })) };
}

/** Of operations the sandbox knows the form only: `*` or provider, slash and the rest. */
function checkPermission(permission: Permission): Permission {
  const wrong = Object.values(permission).flat().find((action: string) => !/^(\*|[A-Za-z0-9.]+|\*[A-Za-z0-9.]*)(\/[A-Za-z0-9.*-]+)*$/.test(action) || (!action.includes('/') && action !== '*'));
  if (wrong !== undefined) throw new AzureError(400, 'InvalidActionOrNotAction', `'${String(wrong)}' does not match any of the actions supported by the providers.`);
  return permission;
}

function found(call: ArmCall, state: AzureState): RoleDefinition {
  const name = call.path['name'] ?? '';
  const definition = definitionIn(state, name);
  if (definition === undefined) throw noSuchDefinition(name);
  return definition;
}

function get(call: ArmCall): ArmAnswer {
  scopeOf(call);
  return getAny(call);
}

/** By the id that names no scope. */
function getAny(call: ArmCall): ArmAnswer {
  return { status: 200, body: definitionFields(call, found(call, call.store.view()), CALLER) };
}

/** 204 where there is none. */
function remove(call: ArmCall): ArmAnswer {
  scopeOf(call);
  const { truth } = call.store;
  const definition = truth.definition(guidName(call, 'RoleDefinition'));
  if (definition === undefined) return { status: 204 };
  if (truth.assignments().some(({ role }) => role === definition.name)) {
    throw new AzureError(400, 'RoleDefinitionHasAssignments', 'There are existing role assignments referencing role (code: RoleDefinitionHasAssignments).');
  }
  call.store.commit({ type: 'definition-deleted', id: definition.name });
  return { status: 200, body: definitionFields(call, definition, CALLER) };
}

/** Those that can be assigned at the scope or within it. */
function list(call: ArmCall): ArmAnswer {
  const scope = scopeOf(call);
  const matches = filterOf(call.query.get('$filter') ?? '');
  const roles = [...BUILT_IN_ROLES, ...call.store.view().definitions()]
    .filter((role) => role.assignableScopes.some((assignable) => holdsAt(call, assignable, scope) || contains(scope, assignable)) && matches(role));
  return { status: 200, body: { value: roles.map((role) => definitionFields(call, role, CALLER)) } };
}

/** `roleName eq '…'`, `type eq '…'`, `atScopeAndBelow()`, joined by `and`; texts whatever their case (recordings). */
function filterOf(filter: string): (role: RoleDefinition) => boolean {
  const clauses = filter.split(/\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)/i).filter((clause) => clause.trim() !== '').map((clause) => {
    const [, property, value = ''] = /^\s*(roleName|type)\s+eq\s+'((?:[^']|'')*)'\s*$/i.exec(clause) ?? [];
    if (/^\s*atScopeAndBelow\(\)\s*$/i.test(clause)) return () => true;
    if (property === undefined) throw new AzureError(400, 'BadRequestFormat', `The filter '${clause}' is not supported.`);
    const wanted = value.replaceAll("''", "'").toLowerCase();
    return (role: RoleDefinition) => (property.toLowerCase() === 'type' ? role.type : role.roleName).toLowerCase() === wanted;
  });
  return (role) => clauses.every((clause) => clause(role));
}

/** The name at the end of a definition's id. */
export function definitionNameIn(id: string): string {
  const name = /\/providers\/Microsoft\.Authorization\/roleDefinitions\/([^/]+)$/i.exec(id)?.[1] ?? '';
  if (!isGuid(name)) throw new AzureError(400, 'InvalidRoleDefinitionId', `The role definition ID '${id}' is not valid.`);
  return name.toLowerCase();
}
