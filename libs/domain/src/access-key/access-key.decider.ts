import type { AccessKeyEvent, CreateAccessKey, KeyOwnerKind, KeyStatus, PatchAccessKey } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { eventAbout, type ResourceRef } from '../resource-ref';
import { existing, requireNew, withChanges, type ResourceState } from '../resource-state';

export interface AccessKeyDocument {
  readonly ownerId: string;
  readonly ownerKind: KeyOwnerKind;
  readonly status: KeyStatus;
  readonly sealTo: string;
  readonly syncToProviders?: readonly string[];
}
export type AccessKey = ResourceState<AccessKeyDocument>;

/** A key of somebody, in the tenant of whom it belongs to. */
export type NewAccessKey = CreateAccessKey & { readonly tenant: string; readonly ownerId: string; readonly ownerKind: KeyOwnerKind };

export type AccessKeyCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: NewAccessKey }
  | { readonly type: 'patch'; readonly ref: ResourceRef; readonly body: PatchAccessKey }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const KIND = 'access key';
const about = (ref: ResourceRef, event: Pick<AccessKeyEvent, 'type' | 'data' | 'personal'>): AccessKeyEvent => eventAbout('access-key', ref, event);

function decide(key: AccessKey, command: AccessKeyCommand): AccessKeyEvent[] {
  switch (command.type) {
    case 'create': return create(key, command.ref, command.body);
    case 'patch': return patch(existing(key, KIND), command.ref, command.body);
    case 'delete': existing(key, KIND); return [about(command.ref, { type: 'wami.access-key.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function create(key: AccessKey, ref: ResourceRef, { tenant: _tenant, sealTo, ...data }: NewAccessKey): AccessKeyEvent[] {
  requireNew(key, KIND);
  return [about(ref, { type: 'wami.access-key.created.v1', data, personal: { sealTo } })];
}

function patch({ status }: AccessKeyDocument, ref: ResourceRef, { status: wanted = status }: PatchAccessKey): AccessKeyEvent[] {
  if (wanted === status) return [];
  return [about(ref, { type: wanted === 'active' ? 'wami.access-key.activated.v1' : 'wami.access-key.deactivated.v1', data: {}, personal: {} })];
}

function evolve(key: AccessKey, event: AccessKeyEvent): AccessKey {
  switch (event.type) {
    case 'wami.access-key.created.v1': return { status: 'active', document: { ...event.data, ...event.personal, status: 'active' } };
    case 'wami.access-key.deactivated.v1': return withChanges(key, { status: 'inactive' });
    case 'wami.access-key.activated.v1': return withChanges(key, { status: 'active' });
    case 'wami.access-key.deleted.v1': return { status: 'deleted' };
    default: return unreachable(event);
  }
}

export const accessKeyDecider = { initialState: { status: 'none' } as AccessKey, decide, evolve } satisfies Decider<AccessKey, AccessKeyCommand, AccessKeyEvent>;
