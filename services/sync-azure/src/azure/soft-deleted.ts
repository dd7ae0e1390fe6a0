import type { User } from '@microsoft/microsoft-graph-types';
import type { CallContext, OwnershipMark } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import { isAlready } from './azure.errors';
import { graphPages } from './pages';

export interface Wanted {
  readonly mark: OwnershipMark;
  readonly wanted: User;
  markOf(user: User): OwnershipMark | undefined;
}

/**
 * Makes a user; where the name is taken and a deleted user in the bin is ours, that one is brought back and made what is wanted. Else it
 * ends as `make` did. Only users have names that a deleted one may hold.
 */
export async function orRestored(client: AzureClient, { mark, wanted, markOf }: Wanted, context: CallContext, make: () => Promise<User>): Promise<User> {
  try {
    return await make();
  } catch (error) {
    if (!isAlready(error)) throw error;
    const own = await deletedUser(client, (user) => sameOwner(markOf(user), mark), context);
    if (own?.id === undefined) throw error;
    await client.graph('POST', `/directory/deletedItems/${own.id}/restore`, {}, context);
    await client.graph('PATCH', `/users/${own.id}`, { body: wanted }, context);
    return own;
  }
}

const SELECT = 'id,userPrincipalName,onPremisesExtensionAttributes';

async function deletedUser(client: AzureClient, isOwn: (user: User) => boolean, context: CallContext): Promise<User | undefined> {
  for await (const page of graphPages<User>(client, '/directory/deletedItems/microsoft.graph.user', { $select: SELECT, $top: '999' }, context)) {
    const found = page.find(isOwn);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sameOwner(found: OwnershipMark | undefined, mark: OwnershipMark): boolean {
  return found?.id === mark.id && found.instance === mark.instance && found.tenant === mark.tenant;
}
