import { orAbsent, type CallContext, type FacetCalls, type Observed } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import { collect, graphPages } from './pages';
import { objectId, unlessAlready } from './ends';

export const GROUPS = 'groups';
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
      groupNames(await collect(graphPages<DirectoryObject>(client, `/users/${providerResourceId}/memberOf`, { $select: 'id,displayName', $top: '999' }, context))),
    add: async ({ providerResourceId }, end) =>
      unlessAlready(client.graph('POST', `/groups/${objectId(end)}/members/$ref`, { body: { '@odata.id': client.referenceTo(providerResourceId) } }, context)),
    remove: ({ providerResourceId }, end) => client.graph('DELETE', `/groups/${objectId(end)}/members/${providerResourceId}/$ref`, {}, context),
    exists: async (end) => (await orAbsent(client.graph('GET', `/groups/${objectId(end)}`, { query: { $select: 'id' } }, context))) !== undefined,
  };
}

/** Directory roles and administrative units hold users too. */
function groupNames(objects: readonly DirectoryObject[]): string[] {
  return objects.flatMap(({ '@odata.type': type, displayName }) => (type === GROUP_TYPE && typeof displayName === 'string' ? [displayName] : []));
}

/** What of this thing was read before stands in it; undefined where it has to be looked at. */
export function knownOf({ facetsRead, shape }: Observed, facet: string): readonly string[] | undefined {
  return facetsRead.includes(facet) ? shape.facets[facet] : undefined;
}
