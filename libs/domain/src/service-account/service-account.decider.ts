import type { CreateServiceAccount, PatchServiceAccount, ServiceAccountEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { partsAfter } from '../named-parts';
import { changedInlinePolicies, type InlinePolicies } from '../policy/inline-policies';
import { eventAbout, type ResourceRef } from '../resource-ref';
import { changedMembers, changedPath, changedTags, DEFAULT_PATH, existing, requireNew, saysNothing, withChanges, type ResourceState } from '../resource-state';
import { changedFederation, type Federation } from './federation';

export interface ServiceAccountDocument {
  readonly accountName: string;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly displayName?: string;
  readonly description?: string;
  readonly inlinePolicies?: InlinePolicies;
  readonly federation?: Federation;
  readonly syncToProviders?: readonly string[];
}
export type ServiceAccount = ResourceState<ServiceAccountDocument>;

export type ServiceAccountCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: CreateServiceAccount }
  | { readonly type: 'patch'; readonly ref: ResourceRef; readonly body: PatchServiceAccount }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const KIND = 'service account';
const about = (ref: ResourceRef, event: Pick<ServiceAccountEvent, 'type' | 'data' | 'personal'>): ServiceAccountEvent => eventAbout('service-account', ref, event);

function decide(account: ServiceAccount, command: ServiceAccountCommand): ServiceAccountEvent[] {
  switch (command.type) {
    case 'create': return create(account, command.ref, command.body);
    case 'patch': return patch(existing(account, KIND), command.ref, command.body);
    case 'delete': existing(account, KIND); return [about(command.ref, { type: 'wami.service-account.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function create(account: ServiceAccount, ref: ResourceRef, body: CreateServiceAccount): ServiceAccountEvent[] {
  requireNew(account, KIND);
  const { tenant: _tenant, accountName, displayName, description, path = DEFAULT_PATH, tags = {}, inlinePolicies, federation, ...rest } = body;
  return [
    about(ref, { type: 'wami.service-account.created.v1', data: { path, tags, ...rest }, personal: { accountName, displayName, description } }),
    ...inlineChanged(ref, changedInlinePolicies('service-account', inlinePolicies)), ...federationChanged(ref, changedFederation(federation)),
  ];
}

function patch(current: ServiceAccountDocument, ref: ResourceRef, body: PatchServiceAccount): ServiceAccountEvent[] {
  const events: ServiceAccountEvent[] = [];
  if (body.accountName !== undefined && body.accountName !== current.accountName) {
    events.push(about(ref, {
      type: 'wami.service-account.renamed.v1', data: {}, personal: { accountName: body.accountName, previousAccountName: current.accountName },
    }));
  }
  const data = { ...changedPath(body.path, current.path), ...changedTags(body.tags, current.tags), ...changedMembers(body, current, ['syncToProviders']) };
  const personal = changedMembers(body, current, ['displayName', 'description']);
  if (!saysNothing(data, personal)) events.push(about(ref, { type: 'wami.service-account.updated.v1', data, personal }));
  events.push(...inlineChanged(ref, changedInlinePolicies('service-account', body.inlinePolicies, current.inlinePolicies)), ...federationChanged(ref, changedFederation(body.federation, current.federation)));
  return events;
}

function inlineChanged(ref: ResourceRef, inlinePolicies: ReturnType<typeof changedInlinePolicies>): ServiceAccountEvent[] {
  return inlinePolicies === undefined ? [] : [about(ref, { type: 'wami.service-account.inline-policies-changed.v1', data: {}, personal: { inlinePolicies } })];
}

function federationChanged(ref: ResourceRef, federation: ReturnType<typeof changedFederation>): ServiceAccountEvent[] {
  return federation === undefined ? [] : [about(ref, { type: 'wami.service-account.federation-changed.v1', data: {}, personal: { federation } })];
}

function evolve(account: ServiceAccount, event: ServiceAccountEvent): ServiceAccount {
  switch (event.type) {
    case 'wami.service-account.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.service-account.deleted.v1': return { status: 'deleted' };
    case 'wami.service-account.renamed.v1': return withChanges(account, { accountName: event.personal.accountName });
    case 'wami.service-account.updated.v1': return withChanges(account, { ...event.data, ...event.personal });
    case 'wami.service-account.inline-policies-changed.v1':
      return account.status === 'active' ? withChanges(account, { inlinePolicies: partsAfter(account.document.inlinePolicies, event.personal.inlinePolicies) }) : account;
    case 'wami.service-account.federation-changed.v1':
      return account.status === 'active' ? withChanges(account, { federation: partsAfter(account.document.federation, event.personal.federation) }) : account;
    default: return unreachable(event);
  }
}

export const serviceAccountDecider = {
  initialState: { status: 'none' } as ServiceAccount, decide, evolve,
} satisfies Decider<ServiceAccount, ServiceAccountCommand, ServiceAccountEvent>;
