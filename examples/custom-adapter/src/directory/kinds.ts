import { orAbsent, ProviderError, type CallContext, type End, type FacetCalls } from '@wami/provider-port';
import type { DirectoryClient, Entry } from './directory.client';
import type { DirectoryKind } from './directory.handler';

export const GROUPS = 'groups';

export const USERS: DirectoryKind = {
  kind: 'user',
  path: '/users',
  fields: ['displayName', 'email'],
  facets: [GROUPS],
  calls: (client, context) => [memberships(client, context)],
  async clear(client, id, context) {
    const { groups = [] } = await client.call<Entry>('GET', `/users/${id}`, context);
    for (const group of groups) await orAbsent(client.call('DELETE', `/groups/${group.id}/members/${id}`, context));
  },
};

/** Who is in a group is a relation of the user, so that it has none here. */
export const GROUPS_OF_USERS: DirectoryKind = {
  kind: 'group',
  path: '/groups',
  fields: [],
  facets: [],
  calls: () => [],
  async clear(client, id, context) {
    const { items } = await client.call<{ items: string[] }>('GET', `/groups/${id}/members`, context);
    for (const user of items) await orAbsent(client.call('DELETE', `/groups/${id}/members/${user}`, context));
  },
};

function memberships(client: DirectoryClient, context: CallContext): FacetCalls {
  return {
    facet: GROUPS,
    standing: async ({ nativeArn }) => (await client.call<Entry>('GET', nativeArn, context)).groups?.map(({ name }) => name) ?? [],
    add: ({ providerResourceId }, end) => client.call('PUT', `${groupAt(end)}/members/${providerResourceId}`, context),
    remove: ({ providerResourceId }, end) => client.call('DELETE', `${groupAt(end)}/members/${providerResourceId}`, context),
    exists: async (end) => (await orAbsent(client.call<Entry>('GET', groupAt(end), context))) !== undefined,
  };
}

/** The address of a group is its native ARN. @throws ProviderError `NotFound` where nothing of that name is known at the target */
function groupAt({ name, arn }: End): string {
  if (arn === undefined) throw new ProviderError('NotFound', `the group ${name} is not known in this directory`);
  return arn;
}
