import {
  CreateUserCommand,
  GetAccountAuthorizationDetailsCommand,
  GetUserCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateUserCommand,
  type UserDetail,
} from '@aws-sdk/client-iam';
import { applyFacets, inDoubt, mayBeDone, orAbsent, ProviderError, withFacet, withFacets, type Applied, type CallContext, type Changes, type Desired, type FacetCalls, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import { attachmentsOf, customerManaged, POLICIES } from './attachments';
import type { AwsClient } from './aws.client';
import { Boundary } from './boundaries';
import { deleteUser } from './delete-user';
import { findOwnAnywhere } from './find-own-anywhere';
import { InlinePolicies, listedInline, withFields } from './inline-policies';
import { MARK_KEYS, markTags, type Tags } from './marks';
import { GROUPS, membershipsOf } from './memberships';
import { tagsOf } from './names-and-limits';
import { nameOfUser } from './owners';
import { answered, pagesAs } from './pages';
import { applyTags, changedTo, toTags, withoutKeys } from './tagged';
import { desiredShape, observedUser, PERSONS, renamed, type IamUser, type UserKind } from './user-shape';

/** IAM users, which persons and service accounts are. The memberships of a user are its facet `groups`, the managed policies attached to it its facet `policies`. */
export class UsersHandler implements ResourceHandler {
  readonly kind: string;
  readonly facets: readonly string[];
  readonly check: ResourceHandler['check'];

  constructor(
    private readonly client: AwsClient,
    private readonly pageSize: number,
    private readonly principal: () => string | undefined = () => undefined,
    private readonly as: UserKind = PERSONS,
  ) {
    this.kind = as.kind;
    this.facets = as.facets;
    this.check = as.check;
  }

  shape(desired: Desired): Shape {
    return desiredShape(desired, this.facets);
  }

  /** GetUser under each name, GetUserPolicy for each inline policy and one list for each facet that is asked for. Where none of the names leads to it, ListUsers. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const named = async (name: string): Promise<Observed | undefined> => {
      const user = await this.get(name, context);
      return user && observedUser(user);
    };
    const found = await findOwnAnywhere(reference, named, (id) => nameOfUser(this.client, this.pageSize, id, context));
    return found && withFacets(await this.inline(context).read(found, reference), this.calls(context).filter(({ facet }) => facets.includes(facet)));
  }

  /** CreateUser with path, tags, marks and boundary: one call; then one for each relation and inline policy. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { name, path } = this.shape(desired).fields;
    const tags = { ...tagsOf(desired.document), ...markTags(desired.mark) };
    const { User } = await this.client.send(new CreateUserCommand({ UserName: name, Path: path, Tags: toTags(tags), PermissionsBoundary: desired.boundary }), context);
    // What an emulator leaves out of the answer is what we sent.
    const created = observedUser({ ...User, Tags: toTags(tags), PermissionsBoundary: { PermissionsBoundaryArn: desired.boundary } });
    const calls = this.calls(context);
    const empty = calls.reduce((user, { facet }) => withFacet(user, facet, []), created);
    return this.inline(context).apply(await applyFacets(empty, calls, { addTo: desired.facets, removeFrom: {} }, desired), this.shape(desired), desired);
  }

  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const boundary = new Boundary('user', this.client, context, changes);
    if (!changes.adopt) await boundary.set(observed.name);
    const { user, lostTags } = await this.updateFields(observed, changes.fields, context);
    // What is not ours yet is limited once nothing can refuse it to us: a name may be taken.
    if (changes.adopt) await boundary.set(user.name);
    await applyTags(
      changes,
      desired.mark,
      {
        untag: (TagKeys) => this.client.send(new UntagUserCommand({ UserName: user.name, TagKeys }), context),
        tag: (Tags) => this.client.send(new TagUserCommand({ UserName: user.name, Tags }), context),
      },
      lostTags,
    );
    const related = await applyFacets(changedTo(user, desired.mark, changes), this.calls(context), changes, desired);
    return boundary.free(await this.inline(context).apply(related, changes, desired));
  }

  async delete(observed: Observed, context: CallContext): Promise<void> {
    if (observed.nativeArn === this.principal())
      throw new ProviderError('InvalidRequest', 'WAMI itself signs in as this user', { effect: 'none' });
    return deleteUser(this.client, observed, context);
  }

  /** UntagUser with the marks. */
  async release({ name }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.client.send(new UntagUserCommand({ UserName: name, TagKeys: [...MARK_KEYS] }), context));
  }

  /** GetAccountAuthorizationDetails: names, tags, groups and policies of up to 1000 users in one call. */
  list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const read = (Marker: string | undefined) =>
      this.client.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], MaxItems: this.pageSize, Marker }), context);
    return pagesAs(read, ({ UserDetailList }) =>
      answered(UserDetailList, 'UserDetailList').flatMap((user) => {
        const observed = observedUser(user);
        return this.as.lists(observed.mark) ? [this.withListed(observed, user)] : [];
      }),
    );
  }

  private async get(name: string, context: CallContext): Promise<IamUser | undefined> {
    const answer = await orAbsent(this.client.send(new GetUserCommand({ UserName: name }), context));
    return answer && answered(answer.User, 'User');
  }

  /** `lostTags`: marks and tags that the new name does not carry and did before. A user without its mark would be taken for a stranger's. */
  private async updateFields(
    observed: Observed,
    fields: Changes['fields'],
    context: CallContext,
  ): Promise<{ user: Observed; lostTags: Tags }> {
    const before = observed.shape.fields;
    const name = fields['name'] ?? observed.name;
    const path = fields['path'] ?? before['path'] ?? '/';
    const newName = name === observed.name ? {} : { NewUserName: name };
    const newPath = path === before['path'] ? {} : { NewPath: path };
    const user = renamed(observed, { name, path });
    if (Object.keys({ ...newName, ...newPath }).length === 0) return { user, lostTags: {} };
    try {
      await this.client.send(new UpdateUserCommand({ UserName: observed.name, ...newName, ...newPath }), context);
    } catch (error) {
      if (!mayBeDone(error)) throw error;
      const now = await inDoubt(this.get(name, context));
      if (now?.UserName !== name || now.UserId !== observed.providerResourceId) throw error;
    }
    return { user, lostTags: await inDoubt(this.lostTags(user, context)) };
  }

  private async lostTags(user: Observed, context: CallContext): Promise<Tags> {
    const now = await this.get(user.name, context);
    // Not visible yet: IAM keeps tags through a rename, so there is nothing to fear.
    if (now === undefined) return {};
    const present = new Set((now.Tags ?? []).map(({ Key = '' }) => Key.toLowerCase()));
    return withoutKeys({ ...user.shape.tags, ...(user.mark ? markTags(user.mark) : {}) }, [...present]);
  }

  private withListed(observed: Observed, { GroupList = [], AttachedManagedPolicies, UserPolicyList }: UserDetail): Observed {
    const ends: Readonly<Record<string, readonly string[]>> = { [GROUPS]: GroupList, [POLICIES]: customerManaged(AttachedManagedPolicies) };
    return this.facets.reduce((user, facet) => withFacet(user, facet, ends[facet] ?? []), withFields(observed, listedInline(UserPolicyList)));
  }

  private inline(context: CallContext): InlinePolicies {
    return new InlinePolicies('user', this.client, context);
  }

  private calls(context: CallContext): FacetCalls[] {
    return [membershipsOf(this.client, context), attachmentsOf('user', this.client, context)].filter(({ facet }) => this.facets.includes(facet));
  }
}
