import type { CallContext, OwnershipMark } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import { isAlready } from './azure.errors';
import { graphPages } from './pages';

interface Deleted {
  readonly id?: string;
}

/**
 * Makes a thing; where its name is taken and what holds it is ours and in the bin of deleted items, that is brought back and made what is
 * wanted. Else it ends as `make` did.
 */
export async function restoreOwn<T extends Deleted>(
  client: AzureClient,
  type: 'user' | 'application',
  mark: OwnershipMark,
  markOf: (thing: T) => OwnershipMark | undefined,
  wanted: object,
  context: CallContext,
  make: () => Promise<T>,
): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!isAlready(error)) throw error;
    const own = await deletedOf<T>(client, type, (thing) => sameOwner(markOf(thing), mark), context);
    if (own?.id === undefined) throw error;
    await client.graph('POST', `/directory/deletedItems/${own.id}/restore`, {}, context);
    await client.graph('PATCH', `/${type}s/${own.id}`, { body: wanted }, context);
    return own;
  }
}

const FIELDS = { user: 'id,userPrincipalName,displayName,onPremisesExtensionAttributes', application: 'id,appId,displayName,tags' };

async function deletedOf<T>(client: AzureClient, type: 'user' | 'application', matches: (thing: T) => boolean, context: CallContext): Promise<T | undefined> {
  for await (const page of graphPages<T>(client, `/directory/deletedItems/microsoft.graph.${type}`, { $select: FIELDS[type], $top: '999' }, context)) {
    const found = page.find(matches);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sameOwner(found: OwnershipMark | undefined, mark: OwnershipMark): boolean {
  return found?.id === mark.id && found.instance === mark.instance && found.tenant === mark.tenant;
}
