import {
  CreateGroupCommand,
  GetAccountAuthorizationDetailsCommand,
  GetGroupCommand,
  ListGroupsCommand,
  UpdateGroupCommand,
} from '@aws-sdk/client-iam';
import { applyFacets, inDoubt, mayBeDone, orAbsent, ProviderError, sorted, withFacet, withFacets, type Applied, type CallContext, type Changes, type Desired, type FacetCalls, type Observed, type OwnershipMark, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import { attachmentsOf, customerManaged, POLICIES } from './attachments';
import type { AwsClient } from './aws.client';
import { deleteGroup } from './delete-group';
import { findOwnAnywhere } from './find-own-anywhere';
import { InlinePolicies, listedInline, wantedInline, withFields } from './inline-policies';
import { groupPath, markFromGroupPath } from './marks';
import { checkGroup } from './names-and-limits';
import { answered, firstOf, pagesAs } from './pages';

interface IamGroup {
  readonly GroupName?: string;
  readonly GroupId?: string;
  readonly Arn?: string;
  readonly Path?: string;
}

/** IAM groups. Their path is our mark, so it is no field of theirs; who is in them is the users' concern, what is attached to them theirs. */
export class GroupsHandler implements ResourceHandler {
  readonly kind = 'group';
  readonly facets = [POLICIES];
  readonly check = checkGroup;

  constructor(
    private readonly client: AwsClient,
    private readonly pageSize: number,
  ) {}

  shape({ name, document, facets }: Desired): Shape {
    return { fields: { name, ...wantedInline(document) }, tags: {}, facets: { [POLICIES]: sorted(facets[POLICIES] ?? []) } };
  }

  /** GetGroup under each name, GetGroupPolicy for each inline policy, and ListAttachedGroupPolicies where they are asked for. Where none of the names leads to it, ListGroups. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const named = async (name: string): Promise<Observed | undefined> => {
      const group = await this.get(name, context);
      return group && observedGroup(group, reference.mark);
    };
    const found = await findOwnAnywhere(reference, named, (id) => this.nameOf(id, context));
    return found && withFacets(await this.inline(context).read(found, reference), this.calls(context).filter(({ facet }) => facets.includes(facet)));
  }

  /** CreateGroup, then one call for each policy, attached or inline. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { name, mark } = desired;
    const { Group } = await this.client.send(new CreateGroupCommand({ GroupName: name, Path: groupPath(mark) }), context);
    const created = withFacet(observedGroup({ Path: groupPath(mark), ...Group }, mark), POLICIES, []);
    return this.inline(context).apply(await applyFacets(created, this.calls(context), { addTo: desired.facets, removeFrom: {} }, desired), this.shape(desired), desired);
  }

  /** A rename, then its policies. An adopted group keeps its path, so it gets no mark: that it is ours stands in the engine's own record. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const group = await this.rename(observed, changes.fields['name'] ?? observed.name, context);
    return this.inline(context).apply(await applyFacets(group, this.calls(context), changes, desired), changes, desired);
  }

  private async rename(observed: Observed, name: string, context: CallContext): Promise<Observed> {
    if (name === observed.name) return observed;
    try {
      await this.client.send(new UpdateGroupCommand({ GroupName: observed.name, NewGroupName: name }), context);
    } catch (error) {
      if (!mayBeDone(error)) throw error;
      const now = await inDoubt(this.get(name, context));
      if (now?.GroupName !== name || now.GroupId !== observed.providerResourceId) throw error;
    }
    const nativeArn = observed.nativeArn.slice(0, observed.nativeArn.lastIndexOf('/') + 1) + name;
    return { ...observed, name, nativeArn, shape: { ...observed.shape, fields: { ...observed.shape.fields, name } } };
  }

  async delete({ name }: Observed, context: CallContext): Promise<void> {
    return deleteGroup(this.client, name, context);
  }

  /** UpdateGroup: the path is the mark. */
  async release({ name }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.client.send(new UpdateGroupCommand({ GroupName: name, NewPath: '/' }), context));
  }

  /** GetAccountAuthorizationDetails, up to 1000 groups in one call. */
  list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const read = (Marker: string | undefined) =>
      this.client.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Group'], MaxItems: this.pageSize, Marker }), context);
    return pagesAs(read, ({ GroupDetailList }) =>
      answered(GroupDetailList, 'GroupDetailList').map((group) => withFacet(withFields(observedGroup(group), listedInline(group.GroupPolicyList)), POLICIES, customerManaged(group.AttachedManagedPolicies))),
    );
  }

  private inline(context: CallContext): InlinePolicies {
    return new InlinePolicies('group', this.client, context);
  }

  private calls(context: CallContext): FacetCalls[] {
    return [attachmentsOf('group', this.client, context)];
  }

  private async nameOf(id: string, context: CallContext): Promise<string | undefined> {
    const read = (Marker: string | undefined) => this.client.send(new ListGroupsCommand({ MaxItems: this.pageSize, Marker }), context);
    return firstOf(read, ({ Groups }) => answered(Groups, 'Groups').find(({ GroupId }) => GroupId === id)?.GroupName);
  }

  private async get(name: string, context: CallContext): Promise<IamGroup | undefined> {
    const answer = await orAbsent(this.client.send(new GetGroupCommand({ GroupName: name, MaxItems: 1 }), context));
    return answer && answered(answer.Group, 'Group');
  }
}

function observedGroup(group: IamGroup, expected?: OwnershipMark): Observed {
  const { GroupName: name, GroupId: providerResourceId, Arn: nativeArn, Path: path = '/' } = group;
  if (name === undefined || providerResourceId === undefined || nativeArn === undefined) {
    throw new ProviderError('Internal', 'AWS answered a group without name, id or ARN', { effect: 'unknown' });
  }
  const mark = markFromGroupPath(path, expected);
  return {
    providerResourceId,
    nativeArn,
    name,
    ...(mark === undefined ? {} : { mark }),
    shape: { fields: { name }, tags: {}, facets: {} },
    facetsRead: [],
  };
}
