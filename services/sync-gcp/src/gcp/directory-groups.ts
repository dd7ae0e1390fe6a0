import type { cloudidentity_v1 } from '@googleapis/cloudidentity';
import { isProviderError, ProviderError, type CallContext } from '@wami/provider-port';
import type { GcpClient } from './gcp.client';
import type { Directory } from './gcp.config';
import { finishedOperation } from './operations';
import { answered, pagesOf } from './pages';

export type Group = cloudidentity_v1.Schema$Group;
/** With descriptions, where the marks stand, a page holds no more. */
const LARGEST_PAGE = 500;
/** What every group of people has. */
export const LABEL = 'cloudidentity.googleapis.com/groups.discussion_forum';

/** The groups of a customer, as Cloud Identity has them. */
export class DirectoryGroups {
  private readonly parent: string;

  constructor(private readonly client: GcpClient, { customer }: Directory) {
    this.parent = `customers/${customer}`;
  }

  /** By its lasting name; undefined where it is not there, and where it is not to be seen: Google tells these apart in a search alone. */
  async get(name: string, context: CallContext): Promise<Group | undefined> {
    try {
      return await this.client.cloudidentity('read', 'cloudidentity.groups.get', context, (api, options) => api.groups.get({ name }, options));
    } catch (error) {
      if (isHidden(error)) return undefined;
      throw error;
    }
  }

  /** The one with this address. @throws ProviderError `AccessDenied` where groups are not to be seen */
  async at(address: string, context: CallContext): Promise<Group | undefined> {
    const query = `parent == '${this.parent}' && group_key == '${address.replace(/[\\']/g, '\\$&')}'`;
    const { groups = [] } = answered(await this.client.cloudidentity('read', 'cloudidentity.groups.search', context, (api, options) => api.groups.search({ query, view: 'FULL' }, options)), 'list');
    return groups.find(({ groupKey }) => groupKey?.id === address);
  }

  /** Without members and owners. @throws ProviderError `AlreadyExists` where somebody has the address */
  async create(address: string, displayName: string, description: string, context: CallContext): Promise<Group> {
    const requestBody = { parent: this.parent, groupKey: { id: address }, displayName, description, labels: { [LABEL]: '' } };
    try {
      return finishedOperation(await this.client.cloudidentity('write', 'cloudidentity.groups.create', context, (api, options) => api.groups.create({ initialGroupConfig: 'EMPTY', requestBody }, options)));
    } catch (error) {
      // Google has said this of a group that was there too.
      if (isProviderError(error) && error.code === 'AccessDenied' && (await this.isTaken(address, context))) throw new ProviderError('AlreadyExists', `a group has the address ${address} already`, { effect: 'none' });
      throw error;
    }
  }

  async patch(name: string, group: Pick<Group, 'displayName' | 'description'>, context: CallContext): Promise<void> {
    const updateMask = Object.keys(group).map((field) => (field === 'displayName' ? 'display_name' : field)).join(',');
    if (updateMask === '') return;
    finishedOperation(await this.client.cloudidentity('write', 'cloudidentity.groups.patch', context, (api, options) => api.groups.patch({ name, updateMask, requestBody: group }, options)));
  }

  /** With its memberships. Success where it is gone. */
  async delete(name: string, address: string, context: CallContext): Promise<void> {
    try {
      finishedOperation(await this.client.cloudidentity('write', 'cloudidentity.groups.delete', context, (api, options) => api.groups.delete({ name }, options)));
    } catch (error) {
      if (!isHidden(error) || (await this.at(address, context))?.name === name) throw error;
    }
  }

  async *pages(pageSize: number, context: CallContext): AsyncGenerator<readonly Group[]> {
    const read = (pageToken: string | undefined): Promise<cloudidentity_v1.Schema$ListGroupsResponse> =>
      this.client.cloudidentity('read', 'cloudidentity.groups.list', context, (api, options) =>
        api.groups.list({ parent: this.parent, view: 'FULL', pageSize: Math.min(pageSize, LARGEST_PAGE), ...(pageToken === undefined ? {} : { pageToken }) }, options));
    for await (const { groups = [] } of pagesOf(read)) yield groups;
  }

  private async isTaken(address: string, context: CallContext): Promise<boolean> {
    try {
      return (await this.at(address, context)) !== undefined;
    } catch {
      // Then the refusal that led here says it.
      return false;
    }
  }
}

/** What Google says of what is not there, and of what is not to be seen. */
export function isHidden(error: unknown): boolean {
  return isProviderError(error) && (error.code === 'NotFound' || (error.code === 'AccessDenied' && /\(or it may not exist\)/.test(error.message)));
}
