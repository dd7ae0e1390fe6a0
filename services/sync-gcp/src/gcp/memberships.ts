import type { cloudidentity_v1 } from '@googleapis/cloudidentity';
import { isProviderError, ProviderError, type CallContext, type End, type FacetCalls, type Observed } from '@wami/provider-port';
import type { Addresses } from './addresses';
import { isHidden, LABEL, type DirectoryGroups } from './directory-groups';
import type { GcpClient } from './gcp.client';
import { finishedOperation } from './operations';
import { pagesOf } from './pages';

export const GROUPS = 'groups';
const LARGEST_PAGE = 1_000;

/** The groups that somebody is directly in, whatever the role there; who is added becomes a plain member. */
export function membershipsOf(client: GcpClient, groups: DirectoryGroups, addresses: Addresses, context: CallContext): FacetCalls {
  const addressOf = ({ name }: Observed): string => addresses.there(name);
  return {
    facet: GROUPS,
    standing: (owner) => standing(client, addresses, addressOf(owner), context),
    async add(owner, end) {
      const parent = await nameOf(groups, addresses, end, context);
      const requestBody = { preferredMemberKey: { id: addressOf(owner) }, roles: [{ name: 'MEMBER' }] };
      try {
        finishedOperation(await client.cloudidentity('write', 'cloudidentity.groups.memberships.create', context, (api, options) => api.groups.memberships.create({ parent, requestBody }, options)));
      } catch (error) {
        if (isProviderError(error) && error.code === 'AlreadyExists') return;
        throw await explained(error, groups, addresses, end, context);
      }
    },
    async remove(owner, end) {
      const parent = await nameOf(groups, addresses, end, context);
      try {
        const { name = '' } = await client.cloudidentity('read', 'cloudidentity.groups.memberships.lookup', context, (api, options) => api.groups.memberships.lookup({ parent, 'memberKey.id': addressOf(owner) }, options));
        finishedOperation(await client.cloudidentity('write', 'cloudidentity.groups.memberships.delete', context, (api, options) => api.groups.memberships.delete({ name: name ?? '' }, options)));
      } catch (error) {
        // Of a membership that is not there Google says so; it hides groups alone.
        throw isProviderError(error) && error.code === 'NotFound' ? error : await explained(error, groups, addresses, end, context);
      }
    },
    exists: async ({ name }) => (await groups.at(addresses.there(name), context)) !== undefined,
  };
}

async function standing(client: GcpClient, addresses: Addresses, member: string, context: CallContext): Promise<readonly string[]> {
  const query = `member_key_id == '${member.replace(/[\\']/g, '\\$&')}' && '${LABEL}' in labels`;
  const read = (pageToken: string | undefined): Promise<cloudidentity_v1.Schema$SearchDirectGroupsResponse> =>
    client.cloudidentity('read', 'cloudidentity.groups.memberships.searchDirectGroups', context, (api, options) =>
      api.groups.memberships.searchDirectGroups({ parent: 'groups/-', query, pageSize: LARGEST_PAGE, ...(pageToken === undefined ? {} : { pageToken }) }, options));
  const names: string[] = [];
  for await (const { memberships = [] } of pagesOf(read)) names.push(...memberships.flatMap(({ groupKey, displayName }) => (groupKey?.id ? [addresses.here(groupKey.id, displayName)] : [])));
  return names;
}

async function nameOf(groups: DirectoryGroups, addresses: Addresses, { name, arn }: End, context: CallContext): Promise<string> {
  const found = arn ?? (await groups.at(addresses.there(name), context))?.name;
  if (!found) throw absent(name);
  return found;
}

/** Google hides groups that are not there, and a member who was made a moment ago may not be seen yet. */
async function explained(error: unknown, groups: DirectoryGroups, addresses: Addresses, { name }: End, context: CallContext): Promise<unknown> {
  if (!isHidden(error) || !isProviderError(error)) return error;
  if ((await groups.at(addresses.there(name), context)) === undefined) return absent(name);
  return error.code === 'NotFound' ? new ProviderError('DependencyNotReady', error.message, error.options) : error;
}

const absent = (name: string): ProviderError => new ProviderError('NotFound', `there is no group ${name} in the directory`, { effect: 'none' });
