import { type CreateUser, type PatchUser, type UserEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { DomainError } from '../domain-error';
import { mergeMap, sameJson, sameMap } from '../merge-patch';
import { eventAbout, type ResourceRef } from '../resource-ref';

export interface UserDocument {
  readonly userName: string;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly displayName?: string;
  readonly email?: string;
  readonly permissionsBoundary?: string;
  readonly syncToProviders?: readonly string[];
}
export type User = { readonly status: 'none' | 'deleted' } | { readonly status: 'active'; readonly document: UserDocument };

export type UserCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: CreateUser }
  | { readonly type: 'patch'; readonly ref: ResourceRef; readonly body: PatchUser }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const DEFAULT_PATH = '/';
const about = (ref: ResourceRef, event: Pick<UserEvent, 'type' | 'data' | 'personal'>): UserEvent => eventAbout('user', ref, event);

function decide(user: User, command: UserCommand): UserEvent[] {
  switch (command.type) {
    case 'create': return create(user, command.ref, command.body);
    case 'patch': return patch(existing(user), command.ref, command.body);
    case 'delete': existing(user); return [about(command.ref, { type: 'wami.user.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function existing(user: User): UserDocument {
  if (user.status !== 'active') throw new DomainError('NotFound', 'there is no such user');
  return user.document;
}

function create(user: User, ref: ResourceRef, body: CreateUser): UserEvent[] {
  if (user.status !== 'none') throw new DomainError('ValidationFailed', 'the user exists already');
  const { tenant: _tenant, userName, displayName, email, path = DEFAULT_PATH, tags = {}, ...rest } = body;
  return [about(ref, { type: 'wami.user.created.v1', data: { path, tags, ...rest }, personal: { userName, displayName, email } })];
}

function patch(current: UserDocument, ref: ResourceRef, body: PatchUser): UserEvent[] {
  const events: UserEvent[] = [];
  if (body.userName !== undefined && body.userName !== current.userName) {
    events.push(about(ref, { type: 'wami.user.renamed.v1', data: {}, personal: { userName: body.userName, previousUserName: current.userName } }));
  }
  const data = {
    ...(body.path !== undefined && (body.path ?? DEFAULT_PATH) !== current.path ? { path: body.path ?? DEFAULT_PATH } : {}),
    ...changedTags(current.tags, body.tags),
    ...(body.syncToProviders !== undefined && !sameJson(body.syncToProviders ?? undefined, current.syncToProviders)
      ? { syncToProviders: body.syncToProviders } : {}),
  };
  const personal = {
    ...(body.displayName !== undefined && (body.displayName ?? undefined) !== current.displayName ? { displayName: body.displayName } : {}),
    ...(body.email !== undefined && (body.email ?? undefined) !== current.email ? { email: body.email } : {}),
  };
  if (Object.keys(data).length + Object.keys(personal).length > 0) events.push(about(ref, { type: 'wami.user.updated.v1', data, personal }));
  return events;
}

function changedTags(current: UserDocument['tags'], body: PatchUser['tags']): { tags?: Record<string, string> } {
  if (body === undefined) return {};
  const tags = mergeMap(current, body);
  return sameMap(tags, current) ? {} : { tags };
}

function evolve(user: User, event: UserEvent): User {
  switch (event.type) {
    case 'wami.user.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.user.deleted.v1': return { status: 'deleted' };
    case 'wami.user.renamed.v1': return withChanges(user, { userName: event.personal.userName });
    case 'wami.user.updated.v1': return withChanges(user, { ...event.data, ...event.personal });
    default: return unreachable(event);
  }
}

function withChanges(user: User, changes: { [K in keyof UserDocument]?: UserDocument[K] | null }): User {
  if (user.status !== 'active') return user;
  const merged = Object.entries({ ...user.document, ...changes }).filter(([, value]) => value !== null && value !== undefined);
  return { status: 'active', document: Object.fromEntries(merged) as unknown as UserDocument };
}

export const userDecider = { initialState: { status: 'none' } as User, decide, evolve } satisfies Decider<User, UserCommand, UserEvent>;
