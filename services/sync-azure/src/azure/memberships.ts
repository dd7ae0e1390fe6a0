import { orAbsent, type CallContext, type FacetCalls, type Observed } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import { collect, graphPages, graphPagesFrom, type GraphPage } from './pages';
import { objectId, unlessAlready } from './ends';

export const GROUPS = 'groups';
const QUERY = { $select: 'id,displayName', $top: '999' };
const GROUP_TYPE = '#microsoft.graph.group';

interface DirectoryObject {
  readonly '@odata.type'?: string;
  readonly displayName?: string | null;
}

/** The groups that a user is directly in. */
export function membershipsOf(client: AzureClient, context: CallContext): FacetCalls {
  return {
    facet: GROUPS,
    standing: async ({ providerResourceId }) =>
      groupNames(await collect(graphPages<DirectoryObject>(client, pathOf(providerResourceId), QUERY, context))),
    add: async ({ providerResourceId }, end) =>
      unlessAlready(client.graph('POST', `/groups/${objectId(end)}/members/$ref`, { body: { '@odata.id': client.referenceTo(providerResourceId) } }, context)),
    remove: ({ providerResourceId }, end) => client.graph('DELETE', `/groups/${objectId(end)}/members/${providerResourceId}/$ref`, {}, context),
    exists: async (end) => (await orAbsent(client.graph('GET', `/groups/${objectId(end)}`, { query: { $select: 'id' } }, context))) !== undefined,
  };
}

/** The groups of each of these users, twenty in a request; undefined where the user is not there any more. */
export async function groupsOfAll(client: AzureClient, users: readonly string[], context: CallContext): Promise<(readonly string[] | undefined)[]> {
  const first = await client.graphReads<GraphPage<DirectoryObject>>(users.map((id) => ({ path: pathOf(id), query: QUERY })), context);
  const groups: (readonly string[] | undefined)[] = [];
  for (const page of first) groups.push(page === undefined ? undefined : groupNames(await collect(graphPagesFrom(client, page, context))));
  return groups;
}

const pathOf = (user: string): string => `/users/${user}/memberOf`;

/** Directory roles and administrative units hold users too. */
function groupNames(objects: readonly DirectoryObject[]): string[] {
  return objects.flatMap(({ '@odata.type': type, displayName }) => (type === GROUP_TYPE && typeof displayName === 'string' ? [displayName] : []));
}

/** What of this thing was read before stands in it; undefined where it has to be looked at. */
export function knownOf({ facetsRead, shape }: Observed, facet: string): readonly string[] | undefined {
  return facetsRead.includes(facet) ? shape.facets[facet] : undefined;
}
