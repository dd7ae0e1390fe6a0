import type { DirectoryObject, ObjectType } from '../azure-state';
import { objectConflict, resourceNotFound } from '../errors';
import { ENTITY_TYPES } from './entity-types';
import { contextOf, graphRead, graphWrite, NO_CONTENT, restorable, withValue } from './operation';
import type { GraphAnswer, GraphCall, GraphOperations } from './operation';
import { checkOptions, listAnswer, shownOf } from './query';

const ITEMS = '/v1.0/directory/deletedItems';

export const deletedItemOperations: GraphOperations = {
  'deletedItems.list': graphRead(`${ITEMS}/microsoft.graph.{type}`, list),
  'deletedItems.get': graphRead(`${ITEMS}/{key}`, get),
  'deletedItems.delete': graphWrite('DELETE', `${ITEMS}/{key}`, purge),
  'deletedItems.restore': graphWrite('POST', `${ITEMS}/{key}/restore`, restore),
};

function list(call: GraphCall): GraphAnswer {
  const entity = Object.values(ENTITY_TYPES).find(({ type }) => type.toLowerCase() === call.path['type']?.toLowerCase());
  if (entity === undefined) throw resourceNotFound(call.path['type'] ?? '');
  const items = restorable(call.store.view(), call.now).filter(({ type }) => type === entity.type).map(renamed);
  return { status: 200, body: listAnswer(call, [...items].sort((left, right) => (left.id < right.id ? -1 : 1)), 'directoryObjects', entity) };
}

/** The name of a deleted user is free for another: its own is told with the id in front. */
function renamed(object: DirectoryObject): DirectoryObject {
  if (object.type !== 'user') return object;
  return { ...object, fields: { ...object.fields, userPrincipalName: `${object.id.replaceAll('-', '')}${String(object.fields['userPrincipalName'])}` } };
}

function found(call: GraphCall, state: GraphCall['store']['truth']): DirectoryObject {
  const object = restorable(state, call.now).find(({ id }) => id === call.path['key']?.toLowerCase());
  if (object === undefined) throw resourceNotFound(call.path['key'] ?? '');
  return object;
}

function get(call: GraphCall): GraphAnswer {
  checkOptions(call.query, ['$select']);
  const object = renamed(found(call, call.store.view()));
  return { status: 200, body: { '@odata.context': contextOf(object), '@odata.type': `#microsoft.graph.${object.type}`, ...shownOf(object, call) } };
}

function purge(call: GraphCall): GraphAnswer {
  call.store.commit({ type: 'object-forgotten', id: found(call, call.store.truth).id });
  return NO_CONTENT;
}

/** Same id, same fields, same memberships. Refused where another has what only one may have. */
function restore(call: GraphCall): GraphAnswer {
  const { truth } = call.store;
  const { deletedAt, ...object } = found(call, truth);
  const taken = uniqueOf(object.type).find((property) => {
    const value = object.fields[property];
    return typeof value === 'string' && withValue(truth, object.type, property, value) !== undefined;
  });
  if (deletedAt !== undefined && taken !== undefined) throw objectConflict(taken);
  call.store.commit({ type: 'object-put', object });
  return { status: 200, body: { '@odata.context': contextOf(object), '@odata.type': `#microsoft.graph.${object.type}`, ...shownOf(object, { query: new URLSearchParams() }) } };
}

const uniqueOf = (type: ObjectType): readonly string[] => (type === 'servicePrincipal' ? ['appId'] : ENTITY_TYPES[type].unique);
