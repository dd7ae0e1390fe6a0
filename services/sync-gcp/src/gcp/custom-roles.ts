import type { iam_v1 } from '@googleapis/iam';
import { orAbsent, type CallContext } from '@wami/provider-port';
import type { GcpClient, SendOptions } from './gcp.client';
import { pagesOf } from './pages';

type Role = iam_v1.Schema$Role;
type RolesApi = iam_v1.Resource$Projects$Roles | iam_v1.Resource$Organizations$Roles;

/** Custom roles of a project or an organisation. */
export class CustomRoles {
  private readonly parent: string;

  constructor(private readonly client: GcpClient) {
    this.parent = client.place.rolesIn;
  }

  /** `reader` -> `projects/web/roles/reader`; without an id what all of them begin with. */
  fullName(id: string): string {
    return `${this.parent}/roles/${id}`;
  }

  /** One that was deleted too: it says so. */
  get(id: string, context: CallContext): Promise<Role | undefined> {
    return orAbsent(this.call('read', 'get', context, (roles, options) => roles.get({ name: this.fullName(id) }, options)));
  }

  create(roleId: string, role: Role, context: CallContext): Promise<Role> {
    return this.call('write', 'create', context, (roles, options) => roles.create({ parent: this.parent, requestBody: { roleId, role } }, options));
  }

  /** Nothing is called where nothing is to change. */
  async patch(id: string, role: Role, context: CallContext): Promise<void> {
    const updateMask = Object.keys(role).join(',');
    if (updateMask === '') return;
    await this.call('write', 'patch', context, (roles, options) => roles.patch({ name: this.fullName(id), updateMask, requestBody: role }, options));
  }

  async delete(id: string, context: CallContext): Promise<void> {
    await orAbsent(this.call('write', 'delete', context, (roles, options) => roles.delete({ name: this.fullName(id) }, options)));
  }

  async undelete(id: string, context: CallContext): Promise<void> {
    await this.call('write', 'undelete', context, (roles, options) => roles.undelete({ name: this.fullName(id), requestBody: {} }, options));
  }

  /** With their permissions, without the deleted ones. */
  async *pages(pageSize: number, context: CallContext): AsyncGenerator<readonly Role[]> {
    const read = (pageToken: string | undefined): Promise<iam_v1.Schema$ListRolesResponse> => this.call('read', 'list', context, (roles, options) =>
      roles.list({ parent: this.parent, pageSize, view: 'FULL', ...(pageToken === undefined ? {} : { pageToken }) }, options));
    for await (const { roles = [] } of pagesOf(read)) yield roles.filter(({ deleted }) => deleted !== true);
  }

  private call<T>(access: 'read' | 'write', verb: string, context: CallContext, send: (roles: RolesApi, options: SendOptions) => Promise<{ readonly data: T }>): Promise<T> {
    const [home] = this.parent.split('/', 1);
    return this.client.iam(access, `iam.${home}.roles.${verb}`, context, (api, options) => send(home === 'projects' ? api.projects.roles : api.organizations.roles, options));
  }
}
