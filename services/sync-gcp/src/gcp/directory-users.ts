import type { admin_directory_v1 } from '@googleapis/admin';
import { orAbsent, type CallContext } from '@wami/provider-port';
import type { GcpClient } from './gcp.client';
import type { Directory } from './gcp.config';
import { pagesOf } from './pages';
import type { ExternalId, User } from './user-shape';

/** What is written of a user. */
export interface UserContent {
  readonly primaryEmail?: string;
  readonly name?: { readonly givenName: string; readonly familyName: string };
  readonly externalIds?: readonly ExternalId[];
  readonly password?: string;
  readonly changePasswordAtNextLogin?: boolean;
}

/** The users of a customer, as the Directory API has them. */
export class DirectoryUsers {
  constructor(private readonly client: GcpClient, private readonly directory: Directory) {}

  /** By its id or one of its addresses, those included that it had before. */
  get(userKey: string, context: CallContext): Promise<User | undefined> {
    return orAbsent(this.client.admin('read', 'directory.users.get', context, (api, options) => api.users.get({ userKey }, options)));
  }

  insert(user: UserContent, context: CallContext): Promise<User> {
    return this.client.admin('write', 'directory.users.insert', context, (api, options) => api.users.insert({ requestBody: user as User }, options));
  }

  async update(userKey: string, user: UserContent, context: CallContext): Promise<void> {
    if (Object.keys(user).length > 0) await this.client.admin('write', 'directory.users.update', context, (api, options) => api.users.update({ userKey, requestBody: user as User }, options));
  }

  /** Success where it is none of his. */
  async removeAlias(userKey: string, alias: string, context: CallContext): Promise<void> {
    await orAbsent(this.client.admin('write', 'directory.users.aliases.delete', context, (api, options) => api.users.aliases.delete({ userKey, alias }, options)));
  }

  async delete(userKey: string, context: CallContext): Promise<void> {
    await orAbsent(this.client.admin('write', 'directory.users.delete', context, (api, options) => api.users.delete({ userKey }, options)));
  }

  async *pages(maxResults: number, context: CallContext): AsyncGenerator<readonly User[]> {
    const { customer } = this.directory;
    const read = (pageToken: string | undefined): Promise<admin_directory_v1.Schema$Users> =>
      this.client.admin('read', 'directory.users.list', context, (api, options) => api.users.list({ customer, maxResults, ...(pageToken === undefined ? {} : { pageToken }) }, options));
    for await (const { users = [] } of pagesOf(read)) yield users;
  }
}
