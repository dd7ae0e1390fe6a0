import { policyIdIn, type CreateRole, type PatchRole, type RoleEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { DOCUMENT_SIZES, documentErrors, meansTheSame, refuseFaulty, type Document } from '../policy/policy-content';
import { partsAfter } from '../named-parts';
import { changedInlinePolicies, type InlinePolicies } from '../policy/inline-policies';
import { eventAbout, type ResourceRef } from '../resource-ref';
import { changedMembers, changedPath, changedTags, DEFAULT_PATH, existing, requireNew, saysNothing, withChanges, type ResourceState } from '../resource-state';

export interface RoleDocument {
  readonly roleName: string;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly description?: string;
  /** Who may assume it. */
  readonly trustPolicy: Document;
  /** Seconds. */
  readonly maxSessionDuration: number;
  /** Id of a policy. */
  readonly permissionsBoundary?: string;
  readonly inlinePolicies?: InlinePolicies;
  readonly syncToProviders?: readonly string[];
}
export type Role = ResourceState<RoleDocument>;

export type RoleCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: CreateRole }
  | { readonly type: 'patch'; readonly ref: ResourceRef; readonly body: PatchRole }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const DEFAULT_SESSION_SECONDS = 3600;
const about = (ref: ResourceRef, event: Pick<RoleEvent, 'type' | 'data' | 'personal'>): RoleEvent => eventAbout('role', ref, event);

function decide(role: Role, command: RoleCommand): RoleEvent[] {
  switch (command.type) {
    case 'create': return create(role, command.ref, command.body);
    case 'patch': return patch(existing(role, 'role'), command.ref, command.body);
    case 'delete': existing(role, 'role'); return [about(command.ref, { type: 'wami.role.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function create(role: Role, ref: ResourceRef, body: CreateRole): RoleEvent[] {
  requireNew(role, 'role');
  checkTrust(body.trustPolicy);
  const { tenant: _tenant, roleName, description, trustPolicy, path = DEFAULT_PATH, tags = {}, maxSessionDuration = DEFAULT_SESSION_SECONDS, permissionsBoundary, inlinePolicies, ...rest } = body;
  const boundary = permissionsBoundary === undefined ? {} : { permissionsBoundary: policyIdIn(permissionsBoundary) };
  return [about(ref, {
    type: 'wami.role.created.v1', data: { path, tags, maxSessionDuration, ...boundary, ...rest }, personal: { roleName, description, trustPolicy },
  }), ...inlineChanged(ref, changedInlinePolicies('role', inlinePolicies))];
}

function patch(current: RoleDocument, ref: ResourceRef, body: PatchRole): RoleEvent[] {
  if (body.trustPolicy) checkTrust(body.trustPolicy);
  const events: RoleEvent[] = [];
  if (body.roleName !== undefined && body.roleName !== current.roleName) {
    events.push(about(ref, { type: 'wami.role.renamed.v1', data: {}, personal: { roleName: body.roleName, previousRoleName: current.roleName } }));
  }
  const wanted = body.permissionsBoundary ? { ...body, permissionsBoundary: policyIdIn(body.permissionsBoundary) } : body;
  const data = {
    ...changedPath(body.path, current.path), ...changedTags(body.tags, current.tags), ...changedDuration(body, current),
    ...changedMembers(wanted, current, ['permissionsBoundary', 'syncToProviders']),
  };
  const personal = { ...changedMembers(body, current, ['description']), ...changedTrust(body, current) };
  if (!saysNothing(data, personal)) events.push(about(ref, { type: 'wami.role.updated.v1', data, personal }));
  events.push(...inlineChanged(ref, changedInlinePolicies('role', body.inlinePolicies, current.inlinePolicies)));
  return events;
}

function inlineChanged(ref: ResourceRef, inlinePolicies: ReturnType<typeof changedInlinePolicies>): RoleEvent[] {
  return inlinePolicies === undefined ? [] : [about(ref, { type: 'wami.role.inline-policies-changed.v1', data: {}, personal: { inlinePolicies } })];
}

function checkTrust(trustPolicy: Document): void {
  refuseFaulty(documentErrors(trustPolicy, 'trust', DOCUMENT_SIZES.trust, '/trustPolicy'));
}

/** Another spelling of the same is no change. */
function changedTrust({ trustPolicy }: PatchRole, current: RoleDocument): { trustPolicy?: Document } {
  return trustPolicy === undefined || meansTheSame(trustPolicy, current.trustPolicy, 'trust') ? {} : { trustPolicy };
}

function changedDuration({ maxSessionDuration }: PatchRole, current: RoleDocument): { maxSessionDuration?: number } {
  const wanted = maxSessionDuration === null ? DEFAULT_SESSION_SECONDS : maxSessionDuration;
  return wanted === undefined || wanted === current.maxSessionDuration ? {} : { maxSessionDuration: wanted };
}

function evolve(role: Role, event: RoleEvent): Role {
  switch (event.type) {
    case 'wami.role.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.role.deleted.v1': return { status: 'deleted' };
    case 'wami.role.renamed.v1': return withChanges(role, { roleName: event.personal.roleName });
    case 'wami.role.updated.v1': return withChanges(role, { ...event.data, ...event.personal });
    case 'wami.role.inline-policies-changed.v1':
      return role.status === 'active' ? withChanges(role, { inlinePolicies: partsAfter(role.document.inlinePolicies, event.personal.inlinePolicies) }) : role;
    default: return unreachable(event);
  }
}

export const roleDecider = { initialState: { status: 'none' } as Role, decide, evolve } satisfies Decider<Role, RoleCommand, RoleEvent>;
