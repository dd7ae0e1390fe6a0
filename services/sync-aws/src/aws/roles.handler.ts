import {
  CreateRoleCommand,
  GetAccountAuthorizationDetailsCommand,
  GetRoleCommand,
  ListRolesCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  type RoleDetail,
} from '@aws-sdk/client-iam';
import { applyFacets, findOwn, orAbsent, ProviderError, withFacet, withFacets, withoutParts, type Applied, type CallContext, type Changes, type Desired, type FacetCalls, type Observed, type Reference, type ResourceHandler } from '@wami/provider-port';
import { attachmentsOf, customerManaged, POLICIES } from './attachments';
import type { AwsClient } from './aws.client';
import { Boundary } from './boundaries';
import { deleteRole } from './delete-role';
import { documentText } from './documents';
import { InlinePolicies, listedInline, withFields } from './inline-policies';
import { MARK_KEYS, markTags } from './marks';
import { checkRole, pathOf, tagsOf } from './names-and-limits';
import { answered, collect, pagesAs } from './pages';
import { desiredRole, observedRole, settingsOf, type IamRole } from './role-shape';
import { applyTags, changedTo, refuseMove, toTags } from './tagged';

/** IAM roles. AWS can change neither name nor path of one: whoever trusts it, trusts its lasting id. */
export class RolesHandler implements ResourceHandler {
  readonly kind = 'role';
  readonly facets = [POLICIES];
  readonly shape = desiredRole;
  readonly check = checkRole;

  constructor(
    private readonly client: AwsClient,
    private readonly pageSize: number,
    private readonly principal: () => string | undefined = () => undefined,
  ) {}

  /** GetRole under each name, GetRolePolicy for each inline policy, and ListAttachedRolePolicies where they are asked for. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const found = await findOwn(reference, (name) => this.get(name, context));
    return found && withFacets(await this.inline(context).read(found, reference), this.calls(context).filter(({ facet }) => facets.includes(facet)));
  }

  /** CreateRole with everything: one call; then one for each policy, attached or inline. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { name, document, mark, boundary } = desired;
    const { description, session } = settingsOf(document);
    const sent = { AssumeRolePolicyDocument: documentText(document['trustPolicy']), Description: description, MaxSessionDuration: session };
    const Tags = toTags({ ...tagsOf(document), ...markTags(mark) });
    const { Role } = await this.client.send(new CreateRoleCommand({ RoleName: name, Path: pathOf(document), Tags, PermissionsBoundary: boundary, ...sent }), context);
    // What is left out of the answer is what we sent.
    const created = withFacet(observedRole({ ...answered(Role, 'Role'), ...sent, PermissionsBoundary: { PermissionsBoundaryArn: boundary } }, Tags), POLICIES, []);
    return this.inline(context).apply(await applyFacets(created, this.calls(context), { addTo: desired.facets, removeFrom: {} }, desired), this.shape(desired), desired);
  }

  /** A new boundary first, then who may assume it, then the rest. What AWS cannot change is refused after all else is done. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const role = { RoleName: observed.name };
    const { trustPolicy, description, maxSessionDuration } = changes.fields;
    const boundary = new Boundary('role', this.client, context, changes);
    await boundary.set(observed.name);
    if (trustPolicy !== undefined) {
      const PolicyDocument = documentText(desired.document['trustPolicy']);
      await this.client.send(new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument }), context);
    }
    if (description !== undefined || maxSessionDuration !== undefined) {
      const settings = settingsOf(desired.document);
      await this.client.send(new UpdateRoleCommand({ ...role, Description: settings.description, MaxSessionDuration: settings.session }), context);
    }
    await applyTags(changes, desired.mark, {
      untag: (TagKeys) => this.client.send(new UntagRoleCommand({ ...role, TagKeys }), context),
      tag: (Tags) => this.client.send(new TagRoleCommand({ ...role, Tags }), context),
    });
    const related = await applyFacets(changedTo(observed, desired.mark, changes, withoutParts(changes.fields)), this.calls(context), changes, desired);
    const applied = await boundary.free(await this.inline(context).apply(related, changes, desired));
    refuseMove('role', observed, changes);
    return applied;
  }

  async delete(observed: Observed, context: CallContext): Promise<void> {
    if (this.principal()?.includes(`:assumed-role/${observed.name}/`) === true)
      throw new ProviderError('InvalidRequest', 'WAMI itself signs in as this role', { effect: 'none' });
    return deleteRole(this.client, observed.name, context);
  }

  /** UntagRole with the marks. */
  async release({ name }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.client.send(new UntagRoleCommand({ RoleName: name, TagKeys: [...MARK_KEYS] }), context));
  }

  /** GetAccountAuthorizationDetails and ListRoles, up to 1000 roles in one call of each: the one leaves out description and longest session, the other the tags. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const roles = await collect(
      (Marker) => this.client.send(new ListRolesCommand({ MaxItems: this.pageSize, Marker }), context),
      (page) => page.Roles?.map(({ RoleId, Description, MaxSessionDuration }) => ({ RoleId, Description, MaxSessionDuration })),
    );
    const known = new Map(roles.map((role) => [role.RoleId, role] as const));
    const read = (Marker: string | undefined) =>
      this.client.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'], MaxItems: this.pageSize, Marker }), context);
    yield* pagesAs(read, async ({ RoleDetailList }) => {
      const page: Observed[] = [];
      for (const detail of answered(RoleDetailList, 'RoleDetailList')) page.push(...(await this.listed(detail, known.get(detail.RoleId), context)));
      return page;
    });
  }

  /** One that was made between the two listings is looked at by itself. */
  private async listed(detail: RoleDetail, known: Pick<IamRole, 'Description' | 'MaxSessionDuration'> | undefined, context: CallContext): Promise<readonly Observed[]> {
    const found = known === undefined ? await this.get(answered(detail.RoleName, 'RoleName'), context) : observedRole({ ...known, ...detail }, detail.Tags ?? []);
    return found === undefined ? [] : [withFacet(withFields(found, listedInline(detail.RolePolicyList)), POLICIES, customerManaged(detail.AttachedManagedPolicies))];
  }

  private inline(context: CallContext): InlinePolicies {
    return new InlinePolicies('role', this.client, context);
  }

  private calls(context: CallContext): FacetCalls[] {
    return [attachmentsOf('role', this.client, context)];
  }

  private async get(name: string, context: CallContext): Promise<Observed | undefined> {
    const answer = await orAbsent(this.client.send(new GetRoleCommand({ RoleName: name }), context));
    if (answer === undefined) return undefined;
    const role = answered(answer.Role, 'Role');
    return observedRole(role, role.Tags ?? []);
  }
}
