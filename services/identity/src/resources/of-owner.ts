import type { Caller } from '@wami/platform';
import type { ScopedStreams } from '../commands/scoped-streams';
import { KNOWN_KINDS, type FoundResource } from './known-kinds';

/** The body of what is made for somebody: in the tenant of its owner, and synced to where the owner is unless it says otherwise. @throws ProblemError NotFound */
export async function ofOwner<B extends object>(
  streams: ScopedStreams, caller: Caller, { kind, id }: Pick<FoundResource, 'kind' | 'id'>, body: B,
): Promise<B & { readonly tenant: string; readonly ownerId: string }> {
  const { tenant, syncToProviders } = await KNOWN_KINDS[kind].load(streams, caller, id);
  return { ...(syncToProviders === undefined ? {} : { syncToProviders: [...syncToProviders] }), ...body, tenant, ownerId: id };
}
