import type { iam_v1 } from '@googleapis/iam';
import { isProviderError, orAbsent, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed } from '@wami/provider-port';
import type { AllowPolicy } from './allow-policy';
import { givingToNobody } from './bindings';
import { CustomRoles } from './custom-roles';
import type { GcpClient } from './gcp.client';
import { describe, readDescription } from './marks';
import { checkPolicy, markable } from './names-and-limits';
import { answered } from './pages';
import type { PolicyForm } from './policies.handler';
import { desiredPolicy, observedPolicy, roleAtGoogle, type RoleContent } from './policy-shape';
import { refuseRename } from './no-rename';

const OF_ANOTHER =
  'a deleted custom role of this id is kept by Google for some weeks and is not ours: undelete it and let it be adopted, take another name, or wait until the id is free';

/** Policies that give: custom roles of the project, or of the organisation. Their ids are there for good; a deleted one blocks its id and is brought back instead. */
export class RolePolicies implements PolicyForm {
  readonly shape = desiredPolicy;
  readonly check = checkPolicy;
  private readonly roles: CustomRoles;

  constructor(
    client: GcpClient,
    private readonly policy: AllowPolicy,
    private readonly pageSize: number,
  ) {
    this.roles = new CustomRoles(client);
  }

  /** One get. */
  async look(id: string, context: CallContext): Promise<Observed | undefined> {
    const role = await this.roles.get(id, context);
    return role === undefined || role.deleted === true ? undefined : observedPolicy(role);
  }

  /** One create with the marks. Where a deleted role of ours has the id: a look, the allow policy cleared of it, undelete and patch. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const role = this.contentOf(desired);
    try {
      const made = await this.roles.create(desired.name, role, context);
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
    await this.roles.patch(observed.name, role, context);
    refuseRename('custom role', observed, fields);
    return { observed: { ...observed, ...(owner === undefined ? {} : { mark: owner }), shape: { ...shape, fields: { ...shape.fields, ...fields } } }, rejected: [] };
  }

  /** Taken from everybody who has it, then deleted: what stood in the allow policy would come to life again with the role. */
  async delete({ name: id }: Observed, context: CallContext): Promise<void> {
    await this.takeFromAll(id, context);
    try {
      await this.roles.delete(id, context);
    } catch (error) {
      // Deleting what is deleted already is a failed precondition at Google.
      if (!(await this.isGone(id, error, context))) throw error;
    }
  }

  /** One patch: the description without the marks. */
  async release({ name: id, shape }: Observed, context: CallContext): Promise<void> {
    try {
      await orAbsent(this.roles.patch(id, { description: shape.fields['description'] ?? '' }, context));
    } catch (error) {
      if (!(await this.isGone(id, error, context))) throw error;
    }
  }

  /** Up to 1000 roles with their permissions in one call, without the deleted ones. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    for await (const roles of this.roles.pages(this.pageSize, context)) yield roles.map(observedPolicy);
  }

  /**
   * Ours and deleted: whoever still stands in the allow policy with it is taken out before it comes back, since it is given to nobody yet. Not
   * ours, or not deleted at all: the refusal stands.
   */
  private async restore({ name: id, mark }: Desired, role: iam_v1.Schema$Role, refusal: ProviderError, context: CallContext): Promise<Observed> {
    const kept = await this.roles.get(id, context);
    if (kept?.deleted !== true) throw refusal;
    const { mark: owner } = readDescription(kept.description ?? '');
    if (owner?.instance !== mark.instance || owner.tenant !== mark.tenant) throw new ProviderError('Conflict', OF_ANOTHER, { effect: 'none' });
    await this.takeFromAll(id, context);
    await this.roles.undelete(id, context);
    await this.roles.patch(id, role, context);
    return observedPolicy({ ...role, name: this.roles.fullName(id) });
  }

  private async takeFromAll(id: string, context: CallContext): Promise<void> {
    const [edited] = await this.policy.edit([givingToNobody(this.roles.fullName(id))], context);
    if (edited?.error) throw edited.error;
  }

  /** Whether a call was refused because the role is deleted already. */
  private async isGone(id: string, refusal: unknown, context: CallContext): Promise<boolean> {
    return isProviderError(refusal) && refusal.code === 'InvalidRequest' && (await this.roles.get(id, context))?.deleted === true;
  }

  private contentOf({ name, document, mark }: Desired): RoleContent & { includedPermissions: string[] } {
    const { includedPermissions, description, ...content } = roleAtGoogle(name, document) ?? { title: name, description: '', stage: 'GA', includedPermissions: [] };
    return { ...content, description: describe(description, mark), includedPermissions: [...includedPermissions] };
  }
}

/** Google has said both of an id that a deleted role holds. */
function mayBeDeleted(error: unknown): error is ProviderError {
  return isProviderError(error) && (error.code === 'AlreadyExists' || (error.code === 'InvalidRequest' && error.options.details?.['googleStatus'] === 'FAILED_PRECONDITION'));
}
