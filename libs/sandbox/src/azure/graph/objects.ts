import { randomInt, randomUUID } from 'node:crypto';
import type { Change, DirectoryObject, Fields } from '../azure-state';
import { badRequest } from '../errors';
import { readFields } from './body';
import { ENTITY_TYPES } from './entity-types';
import type { EntityType } from './entity-types';
import { checkObject } from './object-rules';
import { boundMembers } from './members';
import { contextOf, findObject, graphRead, graphWrite, KEPT_MS, NO_CONTENT, withValue } from './operation';
import type { GraphAnswer, GraphCall, GraphOperations } from './operation';
import { checkOptions, listAnswer, seconds, shownOf } from './query';

/** The same five for users, groups, applications and service principals. */
export const objectOperations: GraphOperations = Object.assign({}, ...Object.values(ENTITY_TYPES).map(operationsOf));

function operationsOf(entity: EntityType): GraphOperations {
  const { set, type } = entity;
  const many = `/v1.0/${set}`;
  const one = `${many}/{key}`;
  return {
    [`${set}.create`]: graphWrite('POST', many, (call) => create(entity, call)),
    [`${set}.list`]: graphRead(many, (call) => ({ status: 200, body: listAnswer(call, call.store.view().ofType(type), set, entity) })),
    [`${set}.get`]: graphRead(one, (call) => get(entity, call)),
    [`${set}.update`]: graphWrite('PATCH', one, (call) => update(entity, call)),
    [`${set}.delete`]: graphWrite('DELETE', one, (call) => remove(entity, call)),
  };
}

const keyOf = (call: GraphCall): string => call.path['key'] ?? '';

function get({ type }: EntityType, call: GraphCall): GraphAnswer {
  checkOptions(call.query, ['$select']);
  const object = findObject(call.store.view(), type, keyOf(call));
  return { status: 200, body: { '@odata.context': contextOf(object), ...shownOf(object, call) } };
}

function create(entity: EntityType, call: GraphCall): GraphAnswer {
  return make(entity, call, readFields(entity, call.body, true));
}

function make(entity: EntityType, call: GraphCall, sent: Fields): GraphAnswer {
  const { truth } = call.store;
  checkObject(entity, sent, undefined, truth, call.tenant);
  const id = randomUUID();
  const object: DirectoryObject = { id, type: entity.type, fields: { ...entity.shown, ...entity.hidden, ...ownFields(entity, call), ...derivedFields(entity, call, sent), ...kept(sent) } };
  call.store.commit({ type: 'object-put', object }, ...boundMembers(call, id, sent), ...outlived(call));
  const precise = entity.type === 'application' ? { createdDateTime: new Date(call.now).toISOString() } : {};
  return { status: 201, body: { '@odata.context': contextOf(object), ...shownOf(object, { query: new URLSearchParams() }), ...precise }, headers: { location: locationOf(entity, call, id) } };
}

const locationOf = ({ label }: EntityType, { tenant }: GraphCall, id: string): string =>
  `https://graph.microsoft.com/v2/${tenant.id}/directoryObjects/${id}/Microsoft.DirectoryServices.${label}`;

/** Without secrets, and without what is no property. */
function kept(sent: Fields): Fields {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => name !== 'passwordProfile' && !name.includes('@')));
}

function ownFields({ type }: EntityType, { now, tenant }: GraphCall): Fields {
  const createdDateTime = seconds(now);
  switch (type) {
    case 'user': return { createdDateTime, securityIdentifier: newSecurityIdentifier() };
    case 'group': return { createdDateTime, renewedDateTime: createdDateTime, securityIdentifier: newSecurityIdentifier() };
    case 'application': return { createdDateTime, appId: randomUUID(), publisherDomain: tenant.domains[0] };
    case 'servicePrincipal': return { createdDateTime, appOwnerOrganizationId: tenant.id };
  }
}

const newSecurityIdentifier = (): string => `S-1-12-1-${Array.from({ length: 4 }, () => randomInt(2 ** 32)).join('-')}`;

/** What a service principal has of its application. */
function derivedFields({ type }: EntityType, { store }: GraphCall, sent: Fields): Fields {
  if (type !== 'servicePrincipal') return {};
  const application = withValue(store.truth, 'application', 'appId', String(sent['appId']));
  return application === undefined ? {} : mirrored(application);
}

function mirrored({ fields }: DirectoryObject): Fields {
  const { displayName, description, appId, identifierUris, signInAudience } = fields;
  return { displayName, appDisplayName: displayName, appDescription: description, signInAudience, servicePrincipalNames: [appId, ...(identifierUris as readonly string[])] };
}

/** With `Prefer: create-if-missing` and a key that Graph upserts by, what is absent is made. */
function update(entity: EntityType, call: GraphCall): GraphAnswer {
  const [, uniqueName] = /^uniqueName=(.*)$/.exec(keyOf(call)) ?? [];
  const { truth } = call.store;
  if (uniqueName !== undefined && (call.header('prefer') ?? '').includes('create-if-missing') && withValue(truth, entity.type, 'uniqueName', uniqueName) === undefined) {
    return make(entity, call, { ...readFields(entity, call.body, true), uniqueName });
  }
  const before = findObject(truth, entity.type, keyOf(call));
  const sent = readFields(entity, call.body, false);
  if (Object.keys(sent).length === 0) throw badRequest('Empty Payload. JSON content expected.');
  checkObject(entity, sent, before, truth, call.tenant);
  const object = { ...before, fields: { ...before.fields, ...merged(before.fields, kept(sent)) } };
  call.store.commit({ type: 'object-put', object }, ...followers(object, call), ...boundMembers(call, before.id, sent));
  return NO_CONTENT;
}

/** Extension attributes are set one by one; every other property as a whole. */
function merged(before: Fields, sent: Fields): Fields {
  const attributes = sent['onPremisesExtensionAttributes'];
  if (typeof attributes !== 'object' || attributes === null) return sent;
  return { ...sent, onPremisesExtensionAttributes: { ...(before['onPremisesExtensionAttributes'] as Fields), ...attributes } };
}

function followers(application: DirectoryObject, { store }: GraphCall): readonly Change[] {
  const principal = application.type === 'application' ? principalOf(application, store.truth) : undefined;
  return principal === undefined ? [] : [{ type: 'object-put', object: { ...principal, fields: { ...principal.fields, ...mirrored(application) } } }];
}

const principalOf = ({ fields }: DirectoryObject, state: GraphCall['store']['truth']): DirectoryObject | undefined =>
  withValue(state, 'servicePrincipal', 'appId', String(fields['appId']));

/** It can be restored for thirty days. The service principal of an application goes with it. */
function remove(entity: EntityType, call: GraphCall): GraphAnswer {
  const { truth } = call.store;
  const object = findObject(truth, entity.type, keyOf(call));
  const principal = object.type === 'application' ? principalOf(object, truth) : undefined;
  const gone = [object, ...(principal === undefined ? [] : [principal])];
  call.store.commit(...gone.map((one): Change => ({ type: 'object-put', object: { ...one, deletedAt: call.now } })));
  return NO_CONTENT;
}

function outlived({ store, now }: GraphCall): readonly Change[] {
  return store.truth.objects().filter(({ deletedAt }) => deletedAt !== undefined && deletedAt + KEPT_MS <= now).map(({ id }): Change => ({ type: 'object-forgotten', id }));
}

