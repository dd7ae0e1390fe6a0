import { type Adoption, type CreateGroup, type GroupEvent, type PatchGroup } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { partsAfter } from '../named-parts';
import { changedInlinePolicies, type InlinePolicies } from '../policy/inline-policies';
import { eventAbout, type ResourceRef } from '../resource-ref';
import { changedMembers, changedTags, existing, requireNew, saysNothing, withChanges, type ResourceState } from '../resource-state';

export interface GroupDocument {
  readonly groupName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly displayName?: string;
  readonly inlinePolicies?: InlinePolicies;
  readonly syncToProviders?: readonly string[];
  /** It was imported: what it stands for at the target where it was found. */
  readonly adopts?: Adoption;
}
export type Group = ResourceState<GroupDocument>;

export type GroupCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: CreateGroup }
  | { readonly type: 'patch'; readonly ref: ResourceRef; readonly body: PatchGroup }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const about = (ref: ResourceRef, event: Pick<GroupEvent, 'type' | 'data' | 'personal'>): GroupEvent => eventAbout('group', ref, event);

function decide(group: Group, command: GroupCommand): GroupEvent[] {
  switch (command.type) {
    case 'create': return create(group, command.ref, command.body);
    case 'patch': return patch(existing(group, 'group'), command.ref, command.body);
    case 'delete': existing(group, 'group'); return [about(command.ref, { type: 'wami.group.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function create(group: Group, ref: ResourceRef, body: CreateGroup): GroupEvent[] {
  requireNew(group, 'group');
  const { tenant: _tenant, groupName, displayName, tags = {}, inlinePolicies, ...rest } = body;
  return [about(ref, { type: 'wami.group.created.v1', data: { tags, ...rest }, personal: { groupName, displayName } }), ...inlineChanged(ref, changedInlinePolicies('group', inlinePolicies))];
}

function patch(current: GroupDocument, ref: ResourceRef, body: PatchGroup): GroupEvent[] {
  const events: GroupEvent[] = [];
  if (body.groupName !== undefined && body.groupName !== current.groupName) {
    events.push(about(ref, { type: 'wami.group.renamed.v1', data: {}, personal: { groupName: body.groupName, previousGroupName: current.groupName } }));
  }
  const data = { ...changedTags(body.tags, current.tags), ...changedMembers(body, current, ['syncToProviders']) };
  const personal = changedMembers(body, current, ['displayName']);
  if (!saysNothing(data, personal)) events.push(about(ref, { type: 'wami.group.updated.v1', data, personal }));
  events.push(...inlineChanged(ref, changedInlinePolicies('group', body.inlinePolicies, current.inlinePolicies)));
  return events;
}

function inlineChanged(ref: ResourceRef, inlinePolicies: ReturnType<typeof changedInlinePolicies>): GroupEvent[] {
  return inlinePolicies === undefined ? [] : [about(ref, { type: 'wami.group.inline-policies-changed.v1', data: {}, personal: { inlinePolicies } })];
}

function evolve(group: Group, event: GroupEvent): Group {
  switch (event.type) {
    case 'wami.group.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.group.deleted.v1': return { status: 'deleted' };
    case 'wami.group.renamed.v1': return withChanges(group, { groupName: event.personal.groupName });
    case 'wami.group.updated.v1': return withChanges(group, { ...event.data, ...event.personal });
    case 'wami.group.inline-policies-changed.v1':
      return group.status === 'active' ? withChanges(group, { inlinePolicies: partsAfter(group.document.inlinePolicies, event.personal.inlinePolicies) }) : group;
    default: return unreachable(event);
  }
}

export const groupDecider = { initialState: { status: 'none' } as Group, decide, evolve } satisfies Decider<Group, GroupCommand, GroupEvent>;
