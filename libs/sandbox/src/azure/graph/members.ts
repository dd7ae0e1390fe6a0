import type { Change, DirectoryObject, Fields, ObjectType } from '../azure-state';
import { badRequest, resourceNotFound } from '../errors';
import { parseBody } from './body';
import { ENTITY_TYPES } from './entity-types';
import { contextOf, findAny, findObject, graphRead, graphWrite, NO_CONTENT } from './operation';
import type { GraphAnswer, GraphCall, GraphOperations } from './operation';
import { checkOptions, listAnswer, shownOf } from './query';

/** Most references that one request may carry (Add members, Graph reference). */
const MOST_BOUND = 20;

const memberOf = (set: string): GraphOperations => ({
  [`${set}.memberOf`]: graphRead(`/v1.0/${set}/{key}/memberOf`, (call) => listMemberOf(call, set)),
  [`${set}.memberOf.group`]: graphRead(`/v1.0/${set}/{key}/memberOf/microsoft.graph.group`, (call) => listMemberOf(call, set, 'group')),
});

export const memberOperations: GraphOperations = {
  'groups.members.list': graphRead('/v1.0/groups/{key}/members', (call) => listMembers(call)),
  'groups.members.list.cast': graphRead('/v1.0/groups/{key}/members/{cast}', (call) => listMembers(call, castOf(call))),
  'groups.members.add': graphWrite('POST', '/v1.0/groups/{key}/members/$ref', add),
  'groups.members.remove': graphWrite('DELETE', '/v1.0/groups/{key}/members/{member}/$ref', remove),
  ...memberOf('users'), ...memberOf('groups'), ...memberOf('servicePrincipals'),
  'directoryObjects.get': graphRead('/v1.0/directoryObjects/{key}', getAny),
};

const keyOf = (call: GraphCall): string => call.path['key'] ?? '';

/** Direct ones. */
function listMembers(call: GraphCall, cast?: ObjectType): GraphAnswer {
  const state = call.store.view();
  return listed(call, state.membersOf(findObject(state, 'group', keyOf(call)).id), cast);
}

function castOf(call: GraphCall): ObjectType {
  const name = /^microsoft\.graph\.(\w+)$/.exec(call.path['cast'] ?? '')?.[1];
  const type = Object.values(ENTITY_TYPES).find((known) => known.type === name)?.type;
  if (type === undefined) throw resourceNotFound(call.path['cast'] ?? '');
  return type;
}

function listMemberOf(call: GraphCall, set: string, cast?: ObjectType): GraphAnswer {
  const state = call.store.view();
  const type = Object.values(ENTITY_TYPES).find((entity) => entity.set === set)?.type ?? 'user';
  return listed(call, state.groupsOf(findObject(state, type, keyOf(call)).id), cast);
}

function listed(call: GraphCall, objects: readonly DirectoryObject[], cast: ObjectType | undefined): GraphAnswer {
  if (cast === undefined) return { status: 200, body: listAnswer(call, objects, 'directoryObjects', undefined) };
  return { status: 200, body: listAnswer(call, objects.filter(({ type }) => type === cast), ENTITY_TYPES[cast].set, ENTITY_TYPES[cast]) };
}

function add(call: GraphCall): GraphAnswer {
  const reference = parseBody(call.body)['@odata.id'];
  if (typeof reference !== 'string') throw badRequest('A reference with an @odata.id is needed.');
  const group = findObject(call.store.truth, 'group', keyOf(call));
  call.store.commit(...additions(call, group.id, [reference]));
  return NO_CONTENT;
}

function remove(call: GraphCall): GraphAnswer {
  const { truth } = call.store;
  const group = findObject(truth, 'group', keyOf(call));
  const memberId = (call.path['member'] ?? '').toLowerCase();
  if (!truth.isMember(group.id, memberId) || truth.object(memberId)?.deletedAt !== undefined) throw resourceNotFound(memberId);
  call.store.commit({ type: 'member-removed', groupId: group.id, memberId });
  return NO_CONTENT;
}

/** Of `members@odata.bind`: all of them or none. */
export function boundMembers(call: GraphCall, groupId: string, sent: Fields): readonly Change[] {
  const references = (sent['members@odata.bind'] ?? []) as readonly string[];
  if (references.length > MOST_BOUND) throw badRequest(`The number of references in 'members@odata.bind' exceeds the limit of ${MOST_BOUND}.`);
  return additions(call, groupId, references);
}

/** One that is a member already fails them all. */
function additions({ store: { truth } }: GraphCall, groupId: string, references: readonly string[]): readonly Change[] {
  const members = references.map((reference) => referred(truth, reference));
  if (members.some(({ id }) => id === groupId)) throw badRequest('A group cannot be a member of itself.');
  if (members.some(({ id }) => truth.isMember(groupId, id)) || new Set(members.map(({ id }) => id)).size < members.length) {
    throw badRequest('One or more added object references already exist for the following modified properties: \'members\'.');
  }
  return members.map(({ id }): Change => ({ type: 'member-added', groupId, memberId: id }));
}

/** `…/directoryObjects/{id}`, `…/users/{id}` and so on. Applications are nobody's members. */
function referred(state: GraphCall['store']['truth'], reference: string): DirectoryObject {
  const [, set, id] = /\/v1\.0\/(directoryObjects|users|groups|servicePrincipals)\/([0-9a-fA-F-]{36})$/.exec(reference) ?? [];
  if (set === undefined || id === undefined) throw badRequest(`Invalid entity reference '${reference}'.`);
  const object = findAny(state, id);
  if (object.type === 'application') throw badRequest('An invalid object type was referenced for the property \'members\'.');
  return object;
}

function getAny(call: GraphCall): GraphAnswer {
  checkOptions(call.query, ['$select']);
  const object = findAny(call.store.view(), keyOf(call));
  return { status: 200, body: { '@odata.context': contextOf(object), '@odata.type': `#microsoft.graph.${object.type}`, ...shownOf(object, call) } };
}
