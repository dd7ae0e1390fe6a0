import type { CreateLoginProfile, LoginProfileEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { eventAbout, type ResourceRef } from '../resource-ref';
import { existing, requireNew, type ResourceState } from '../resource-state';

export interface LoginProfileDocument {
  readonly ownerId: string;
  readonly ownerKind: 'user';
  readonly sealTo: string;
  readonly syncToProviders?: readonly string[];
}
export type LoginProfile = ResourceState<LoginProfileDocument>;

/** Of a user, in the user's tenant. */
export type NewLoginProfile = CreateLoginProfile & { readonly tenant: string; readonly ownerId: string };

/** Nothing of it changes: for another password it is deleted and created. */
export type LoginProfileCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: NewLoginProfile }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const KIND = 'login profile';
const about = (ref: ResourceRef, event: Pick<LoginProfileEvent, 'type' | 'data' | 'personal'>): LoginProfileEvent => eventAbout('login-profile', ref, event);

function decide(profile: LoginProfile, command: LoginProfileCommand): LoginProfileEvent[] {
  switch (command.type) {
    case 'create': return create(profile, command.ref, command.body);
    case 'delete': existing(profile, KIND); return [about(command.ref, { type: 'wami.login-profile.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function create(profile: LoginProfile, ref: ResourceRef, { tenant: _tenant, sealTo, ...data }: NewLoginProfile): LoginProfileEvent[] {
  requireNew(profile, KIND);
  return [about(ref, { type: 'wami.login-profile.created.v1', data: { ...data, ownerKind: 'user' }, personal: { sealTo } })];
}

function evolve(_profile: LoginProfile, event: LoginProfileEvent): LoginProfile {
  switch (event.type) {
    case 'wami.login-profile.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.login-profile.deleted.v1': return { status: 'deleted' };
    default: return unreachable(event);
  }
}

export const loginProfileDecider = { initialState: { status: 'none' } as LoginProfile, decide, evolve } satisfies Decider<LoginProfile, LoginProfileCommand, LoginProfileEvent>;
