import type { iam_v1 } from '@googleapis/iam';
import { findOwn, isProviderError, orAbsent, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type ResourceHandler } from '@wami/provider-port';
import type { AllowPolicy } from './allow-policy';
import { givingToNobody } from './bindings';
import type { GcpClient } from './gcp.client';
import { describe, readDescription } from './marks';
import { checkPolicy, markable } from './names-and-limits';
import { answered, pagesOf } from './pages';
import { desiredPolicy, observedPolicy, roleAtGoogle, roleName, type RoleContent } from './policy-shape';
import { refuseRename } from './no-rename';

const OF_ANOTHER =
  'a deleted custom role of this id is kept by Google for some weeks and is not ours: undelete it and let it be adopted, take another name, or wait until the id is free';

/** Custom roles of the project. Their ids are there for good; a deleted one blocks its id and is brought back instead. */
export class PoliciesHandler implements ResourceHandler {
  readonly kind = 'policy';
  readonly facets: readonly string[] = [];
  readonly shape = desiredPolicy;
  readonly check = checkPolicy;

  constructor(
    private readonly client: GcpClient,
    private readonly policy: AllowPolicy,
    private readonly pageSize: number,
  ) {}

  /** One get under each name. */
  async observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    return findOwn(reference, async (id) => {
      const role = await this.get(id, context);
      return role === undefined || role.deleted === true ? undefined : observedPolicy(role);
    });
  }

  /** One create with the marks. Where a deleted role of ours has the id: a look, the allow policy cleared of it, undelete and patch. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { client } = this;
    const role = this.contentOf(desired);
    try {
      const made = await client.iam('write', 'iam.projects.roles.create', context, (api, options) =>
        api.projects.roles.create({ parent: `projects/${client.project}`, requestBody: { roleId: desired.name, role } }, options));
      return { observed: observedPolicy({ ...role, name: answered(made.name, 'name') }), rejected: [] };
    } catch (error) {
      if (!mayBeDeleted(error)) throw error;
      return { observed: await this.restore(desired, role, error, context), rejected: [] };
    }
  }

  /** One patch of what differs. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { fields, adopt } = changes;
    const { shape, mark } = observed;
    const wanted = this.contentOf(desired);
    const description = fields['description'] ?? shape.fields['description'] ?? '';
    const owner = adopt ? desired.mark : mark;
    if (adopt) markable(description, desired.mark);
    const role: iam_v1.Schema$Role = {
      ...(fields['title'] === undefined ? {} : { title: wanted.title }),
      ...(fields['stage'] === undefined ? {} : { stage: wanted.stage }),
      ...(fields['includedPermissions'] === undefined ? {} : { includedPermissions: wanted.includedPermissions }),
      ...(fields['description'] === undefined && !adopt ? {} : { description: describe(description, owner) }),
    };
    await this.patch(observed.name, role, context);
    refuseRename('custom role', observed, fields);
    return { observed: { ...observed, ...(owner === undefined ? {} : { mark: owner }), shape: { ...shape, fields: { ...shape.fields, ...fields } } }, rejected: [] };
  }

  /** Taken from everybody who has it, then deleted: what stood in the allow policy would come to life again with the role. */
  async delete({ name: id }: Observed, context: CallContext): Promise<void> {
    const { client } = this;
    const name = roleName(client.project, id);
    await this.takeFromAll(name, context);
    try {
      await orAbsent(client.iam('write', 'iam.projects.roles.delete', context, (api, options) => api.projects.roles.delete({ name }, options)));
    } catch (error) {
      // Deleting what is deleted already is a failed precondition at Google.
      if (!isProviderError(error) || error.code !== 'InvalidRequest' || (await this.get(id, context))?.deleted !== true) throw error;
    }
  }

  /** One patch: the description without the marks. */
  async release({ name, shape }: Observed, context: CallContext): Promise<void> {
    try {
      await orAbsent(this.patch(name, { description: shape.fields['description'] ?? '' }, context));
    } catch (error) {
      if (!isProviderError(error) || error.code !== 'InvalidRequest' || (await this.get(name, context))?.deleted !== true) throw error;
    }
  }

  /** Up to 1000 roles with their permissions in one call, without the deleted ones. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const { client } = this;
    const read = (pageToken: string | undefined): Promise<iam_v1.Schema$ListRolesResponse> =>
      client.iam('read', 'iam.projects.roles.list', context, (api, options) =>
        api.projects.roles.list({ parent: `projects/${client.project}`, pageSize: this.pageSize, view: 'FULL', ...(pageToken === undefined ? {} : { pageToken }) }, options));
    for await (const { roles = [] } of pagesOf(read)) {
      yield roles.filter(({ deleted }) => deleted !== true).map(observedPolicy);
    }
  }

  /**
   * Ours and deleted: whoever still stands in the allow policy with it is taken out before it comes back, since it is given to nobody yet. Not
   * ours, or not deleted at all: the refusal stands.
   */
  private async restore({ name: id, mark }: Desired, role: iam_v1.Schema$Role, refusal: ProviderError, context: CallContext): Promise<Observed> {
    const { client } = this;
    const kept = await this.get(id, context);
    if (kept?.deleted !== true) throw refusal;
    const { mark: owner } = readDescription(kept.description ?? '');
    if (owner?.instance !== mark.instance || owner.tenant !== mark.tenant) throw new ProviderError('Conflict', OF_ANOTHER, { effect: 'none' });
    const name = roleName(client.project, id);
    await this.takeFromAll(name, context);
    await client.iam('write', 'iam.projects.roles.undelete', context, (api, options) => api.projects.roles.undelete({ name, requestBody: {} }, options));
    await this.patch(id, role, context);
    return observedPolicy({ ...role, name });
  }

  private async takeFromAll(role: string, context: CallContext): Promise<void> {
    const [edited] = await this.policy.edit([givingToNobody(role)], context);
    if (edited?.error) throw edited.error;
  }

  private contentOf({ name, document, mark }: Desired): RoleContent & { includedPermissions: string[] } {
    const { includedPermissions, description, ...content } = roleAtGoogle(name, document) ?? { title: name, description: '', stage: 'GA', includedPermissions: [] };
    return { ...content, description: describe(description, mark), includedPermissions: [...includedPermissions] };
  }

  private get(id: string, context: CallContext): Promise<iam_v1.Schema$Role | undefined> {
    const { client } = this;
    return orAbsent(client.iam('read', 'iam.projects.roles.get', context, (api, options) => api.projects.roles.get({ name: roleName(client.project, id) }, options)));
  }

  private async patch(id: string, role: iam_v1.Schema$Role, context: CallContext): Promise<void> {
    const updateMask = Object.keys(role).join(',');
    if (updateMask === '') return;
    const { client } = this;
    await client.iam('write', 'iam.projects.roles.patch', context, (api, options) =>
      api.projects.roles.patch({ name: roleName(client.project, id), updateMask, requestBody: role }, options));
  }
}

/** Google has said both of an id that a deleted role holds. */
function mayBeDeleted(error: unknown): error is ProviderError {
  return isProviderError(error) && (error.code === 'AlreadyExists' || (error.code === 'InvalidRequest' && error.options.details?.['googleStatus'] === 'FAILED_PRECONDITION'));
}
