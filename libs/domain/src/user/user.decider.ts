import { policyIdIn, type Adoption, type CreateUser, type PatchUser, type SubjectEvent, type UserEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { partsAfter } from '../named-parts';
import { changedInlinePolicies, type InlinePolicies } from '../policy/inline-policies';
import { eventAbout, type ResourceRef } from '../resource-ref';
import { changedMembers, changedPath, changedTags, DEFAULT_PATH, existing, requireNew, saysNothing, withChanges, type ResourceState } from '../resource-state';

export interface UserDocument {
  readonly userName: string;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly displayName?: string;
  readonly email?: string;
  /** Id of a policy. */
  readonly permissionsBoundary?: string;
  readonly inlinePolicies?: InlinePolicies;
  readonly syncToProviders?: readonly string[];
  /** It was imported: what it stands for at the target where it was found. */
  readonly adopts?: Adoption;
}
export type User = ResourceState<UserDocument>;

export type UserCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: CreateUser }
  | { readonly type: 'patch'; readonly ref: ResourceRef; readonly body: PatchUser }
  | { readonly type: 'delete'; readonly ref: ResourceRef }
  /** Deletes where that is not done yet, and forgets. */
  | { readonly type: 'erase'; readonly ref: ResourceRef };

/** What stands in a user's stream. */
export type UserStreamEvent = UserEvent | SubjectEvent;

const about = (ref: ResourceRef, event: Pick<UserEvent, 'type' | 'data' | 'personal'>): UserEvent => eventAbout('user', ref, event);
const deleted = (ref: ResourceRef): UserEvent => about(ref, { type: 'wami.user.deleted.v1', data: {}, personal: {} });

function decide(user: User, command: UserCommand): UserStreamEvent[] {
  switch (command.type) {
    case 'create': return create(user, command.ref, command.body);
    case 'patch': return patch(existing(user, 'user'), command.ref, command.body);
    case 'delete': existing(user, 'user'); return [deleted(command.ref)];
    case 'erase': return erase(user, command.ref);
    default: return unreachable(command);
  }
}

function create(user: User, ref: ResourceRef, body: CreateUser): UserEvent[] {
  requireNew(user, 'user');
  const { tenant: _tenant, userName, displayName, email, path = DEFAULT_PATH, tags = {}, permissionsBoundary, inlinePolicies, ...rest } = body;
  const boundary = permissionsBoundary === undefined ? {} : { permissionsBoundary: policyIdIn(permissionsBoundary) };
  return [about(ref, { type: 'wami.user.created.v1', data: { path, tags, ...boundary, ...rest }, personal: { userName, displayName, email } }), ...inlineChanged(ref, changedInlinePolicies('user', inlinePolicies))];
}

function patch(current: UserDocument, ref: ResourceRef, body: PatchUser): UserEvent[] {
  const events: UserEvent[] = [];
  if (body.userName !== undefined && body.userName !== current.userName) {
    events.push(about(ref, { type: 'wami.user.renamed.v1', data: {}, personal: { userName: body.userName, previousUserName: current.userName } }));
  }
  const wanted = body.permissionsBoundary ? { ...body, permissionsBoundary: policyIdIn(body.permissionsBoundary) } : body;
  const data = {
    ...changedPath(body.path, current.path), ...changedTags(body.tags, current.tags),
    ...changedMembers(wanted, current, ['permissionsBoundary', 'syncToProviders']),
  };
  const personal = changedMembers(body, current, ['displayName', 'email']);
  if (!saysNothing(data, personal)) events.push(about(ref, { type: 'wami.user.updated.v1', data, personal }));
  events.push(...inlineChanged(ref, changedInlinePolicies('user', body.inlinePolicies, current.inlinePolicies)));
  return events;
}

function inlineChanged(ref: ResourceRef, inlinePolicies: ReturnType<typeof changedInlinePolicies>): UserEvent[] {
  return inlinePolicies === undefined ? [] : [about(ref, { type: 'wami.user.inline-policies-changed.v1', data: {}, personal: { inlinePolicies } })];
}

function erase(user: User, ref: ResourceRef): UserStreamEvent[] {
  if (user.status === 'erased') return [];
  if (user.status !== 'deleted') existing(user, 'user');
  const erased = eventAbout<SubjectEvent>('user', ref, { type: 'wami.subject.erased.v1', data: { kind: 'user' }, personal: {} });
  return user.status === 'deleted' ? [erased] : [deleted(ref), erased];
}

function evolve(user: User, event: UserStreamEvent): User {
  switch (event.type) {
    case 'wami.user.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.user.deleted.v1': return { status: 'deleted' };
    case 'wami.subject.erased.v1': return { status: 'erased' };
    case 'wami.user.renamed.v1': return withChanges(user, { userName: event.personal.userName });
    case 'wami.user.updated.v1': return withChanges(user, { ...event.data, ...event.personal });
    case 'wami.user.inline-policies-changed.v1':
      return user.status === 'active' ? withChanges(user, { inlinePolicies: partsAfter(user.document.inlinePolicies, event.personal.inlinePolicies) }) : user;
    default: return unreachable(event);
  }
}

export const userDecider = { initialState: { status: 'none' } as User, decide, evolve } satisfies Decider<User, UserCommand, UserStreamEvent>;
