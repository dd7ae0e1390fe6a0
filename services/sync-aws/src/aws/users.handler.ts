import {
  AddUserToGroupCommand,
  CreateUserCommand,
  GetAccountAuthorizationDetailsCommand,
  GetGroupCommand,
  GetUserCommand,
  ListGroupsForUserCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import {
  isProviderError,
  ProviderError,
  type Applied,
  type CallContext,
  type Changes,
  type Desired,
  type Observed,
  type Reference,
  type ResourceHandler,
} from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { deleteUser } from './delete-user';
import { findOwn, inDoubt, mayBeDone, orAbsent } from './find-own';
import { MARK_KEYS, markTags, type Tags } from './marks';
import { checkUser, tagsOf } from './names-and-limits';
import { answered, collect, pagesAs } from './pages';
import { applyRelations, type RelationStep } from './relations';
import { applyTags, changedTo, toTags, withoutKeys } from './tagged';
import { desiredShape, GROUPS, observedUser, renamed, withGroups, type IamUser } from './user-shape';

/** IAM users. The memberships of a user are its facet `groups`. */
export class UsersHandler implements ResourceHandler {
  readonly kind = 'user';
  readonly facets = [GROUPS];
  readonly shape = desiredShape;
  readonly check = checkUser;

  constructor(
    private readonly client: AwsClient,
    private readonly pageSize: number,
    private readonly principal: () => string | undefined = () => undefined,
  ) {}

  /** GetUser under each name, and ListGroupsForUser where the groups are asked for. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const found = await findOwn(reference, async (name) => {
      const user = await this.get(name, context);
      return user && observedUser(user, undefined);
    });
    if (found === undefined || !facets.includes(GROUPS)) return found;
    const groups = await orAbsent(this.groupsOf(found.name, context));
    return groups && withGroups(found, groups);
  }

  /** CreateUser with path, tags and marks: one call; then one for each group. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { name, path } = desiredShape(desired).fields;
    const tags = { ...tagsOf(desired.document), ...markTags(desired.mark) };
    const { User } = await this.client.send(new CreateUserCommand({ UserName: name, Path: path, Tags: toTags(tags) }), context);
    // What an emulator leaves out of the answer is what we sent.
    const created = observedUser({ ...User, Tags: toTags(tags) }, []);
    return this.applyGroups(created, { add: desired.facets[GROUPS] ?? [], remove: [] }, context);
  }

  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { user, lostTags } = await this.updateFields(observed, changes.fields, context);
    await applyTags(
      changes,
      desired.mark,
      {
        untag: (TagKeys) => this.client.send(new UntagUserCommand({ UserName: user.name, TagKeys }), context),
        tag: (Tags) => this.client.send(new TagUserCommand({ UserName: user.name, Tags }), context),
      },
      lostTags,
    );
    const updated = changedTo(user, desired.mark, changes);
    return this.applyGroups(updated, { add: changes.addTo[GROUPS] ?? [], remove: changes.removeFrom[GROUPS] ?? [] }, context);
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

  /** GetAccountAuthorizationDetails: names, tags and groups of up to 1000 users in one call. */
  list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const read = (Marker: string | undefined) =>
      this.client.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], MaxItems: this.pageSize, Marker }), context);
    return pagesAs(read, ({ UserDetailList }) =>
      answered(UserDetailList, 'UserDetailList').map((user) => observedUser(user, user.GroupList ?? [])),
    );
  }

  private async get(name: string, context: CallContext): Promise<IamUser | undefined> {
    const answer = await orAbsent(this.client.send(new GetUserCommand({ UserName: name }), context));
    return answer && answered(answer.User, 'User');
  }

  private groupsOf(name: string, context: CallContext): Promise<string[]> {
    return collect(
      (Marker) => this.client.send(new ListGroupsForUserCommand({ UserName: name, Marker, MaxItems: 1000 }), context),
      ({ Groups }) => Groups?.map(({ GroupName = '' }) => GroupName),
    );
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

  private async applyGroups(
    user: Observed,
    { add, remove }: { add: readonly string[]; remove: readonly string[] },
    context: CallContext,
  ): Promise<Applied> {
    const step = (name: string, apply: () => Promise<unknown>): RelationStep => ({
      facet: GROUPS,
      name,
      apply: async () => {
        await apply();
      },
    });
    const rejected = await applyRelations([
      ...add.map((group) =>
        step(group, () => this.client.send(new AddUserToGroupCommand({ UserName: user.name, GroupName: group }), context)),
      ),
      ...remove.map((group) => step(group, () => this.leave(user, group, context))),
    ]);
    const refused = new Set(rejected.map(({ name }) => name));
    const done = (names: readonly string[]): string[] => names.filter((name) => !refused.has(name));
    const gone = new Set(done(remove));
    const groups = [...(user.shape.facets[GROUPS] ?? []).filter((group) => !gone.has(group)), ...done(add)];
    return { observed: user.facetsRead.includes(GROUPS) ? withGroups(user, groups) : user, rejected };
  }

  /**
   * IAM answers NoSuchEntity for what is so already, for what it does not see yet, and for a group that has another name by now. Only the
   * first may pass for done: the user is in no group, or the group is there and the user not in it.
   */
  private async leave(user: Observed, group: string, context: CallContext): Promise<void> {
    try {
      await this.client.send(new RemoveUserFromGroupCommand({ UserName: user.name, GroupName: group }), context);
    } catch (error) {
      if (!isProviderError(error) || error.code !== 'NotFound') throw error;
      const groups = await orAbsent(this.groupsOf(user.name, context));
      if (groups?.length === 0) return;
      if (groups === undefined || groups.includes(group) || !(await this.isGroup(group, context))) throw error;
    }
  }

  private async isGroup(name: string, context: CallContext): Promise<boolean> {
    return (await orAbsent(this.client.send(new GetGroupCommand({ GroupName: name, MaxItems: 1 }), context))) !== undefined;
  }
}
