import { type CreateGroup, type GroupEvent, type PatchGroup } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { DomainError } from '../domain-error';
import { mergeMap, sameJson, sameMap } from '../merge-patch';
import { eventAbout, type ResourceRef } from '../resource-ref';

export interface GroupDocument {
  readonly groupName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly displayName?: string;
  readonly syncToProviders?: readonly string[];
}
export type Group = { readonly status: 'none' | 'deleted' } | { readonly status: 'active'; readonly document: GroupDocument };

export type GroupCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: CreateGroup }
  | { readonly type: 'patch'; readonly ref: ResourceRef; readonly body: PatchGroup }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const about = (ref: ResourceRef, event: Pick<GroupEvent, 'type' | 'data' | 'personal'>): GroupEvent => eventAbout('group', ref, event);

function decide(group: Group, command: GroupCommand): GroupEvent[] {
  switch (command.type) {
    case 'create': return create(group, command.ref, command.body);
    case 'patch': return patch(existing(group), command.ref, command.body);
    case 'delete': existing(group); return [about(command.ref, { type: 'wami.group.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function existing(group: Group): GroupDocument {
  if (group.status !== 'active') throw new DomainError('NotFound', 'there is no such group');
  return group.document;
}

function create(group: Group, ref: ResourceRef, body: CreateGroup): GroupEvent[] {
  if (group.status !== 'none') throw new DomainError('ValidationFailed', 'the group exists already');
  const { tenant: _tenant, groupName, displayName, tags = {}, ...rest } = body;
  return [about(ref, { type: 'wami.group.created.v1', data: { tags, ...rest }, personal: { groupName, displayName } })];
}

function patch(current: GroupDocument, ref: ResourceRef, body: PatchGroup): GroupEvent[] {
  const events: GroupEvent[] = [];
  if (body.groupName !== undefined && body.groupName !== current.groupName) {
    events.push(about(ref, { type: 'wami.group.renamed.v1', data: {}, personal: { groupName: body.groupName, previousGroupName: current.groupName } }));
  }
  const tags = body.tags === undefined ? current.tags : mergeMap(current.tags, body.tags);
  const data = {
    ...(sameMap(tags, current.tags) ? {} : { tags }),
    ...(body.syncToProviders !== undefined && !sameJson(body.syncToProviders ?? undefined, current.syncToProviders)
      ? { syncToProviders: body.syncToProviders } : {}),
  };
  const personal = body.displayName !== undefined && (body.displayName ?? undefined) !== current.displayName ? { displayName: body.displayName } : {};
  if (Object.keys(data).length + Object.keys(personal).length > 0) events.push(about(ref, { type: 'wami.group.updated.v1', data, personal }));
  return events;
}

function evolve(group: Group, event: GroupEvent): Group {
  switch (event.type) {
    case 'wami.group.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.group.deleted.v1': return { status: 'deleted' };
    case 'wami.group.renamed.v1': return withChanges(group, { groupName: event.personal.groupName });
    case 'wami.group.updated.v1': return withChanges(group, { ...event.data, ...event.personal });
    default: return unreachable(event);
  }
}

function withChanges(group: Group, changes: { [K in keyof GroupDocument]?: GroupDocument[K] | null }): Group {
  if (group.status !== 'active') return group;
  const merged = Object.entries({ ...group.document, ...changes }).filter(([, value]) => value !== null && value !== undefined);
  return { status: 'active', document: Object.fromEntries(merged) as unknown as GroupDocument };
}

export const groupDecider = { initialState: { status: 'none' } as Group, decide, evolve } satisfies Decider<Group, GroupCommand, GroupEvent>;
