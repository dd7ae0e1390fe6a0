import type { CreatePolicy, PatchPolicy, PolicyEvent } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { sameJson } from '../merge-patch';
import { eventAbout, type ResourceRef } from '../resource-ref';
import { changedMembers, changedPath, changedTags, DEFAULT_PATH, existing, requireNew, saysNothing, withChanges, type ResourceState } from '../resource-state';
import { DOCUMENT_SIZES, documentErrors, meansTheSame, providerDocumentErrors, refuseFaulty, type Document } from './policy-content';

export interface PolicyDocumentState {
  readonly policyName: string;
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly document: Document;
  /** From 1: how often the documents were changed. */
  readonly documentVersion: number;
  readonly providerDocuments?: Readonly<Record<string, Document>>;
  readonly syncToProviders?: readonly string[];
}
export type PolicyState = ResourceState<PolicyDocumentState>;

export type PolicyCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: CreatePolicy }
  | { readonly type: 'patch'; readonly ref: ResourceRef; readonly body: PatchPolicy }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const about = (ref: ResourceRef, event: Pick<PolicyEvent, 'type' | 'data' | 'personal'>): PolicyEvent => eventAbout('policy', ref, event);

function decide(policy: PolicyState, command: PolicyCommand): PolicyEvent[] {
  switch (command.type) {
    case 'create': return create(policy, command.ref, command.body);
    case 'patch': return patch(existing(policy, 'policy'), command.ref, command.body);
    case 'delete': existing(policy, 'policy'); return [about(command.ref, { type: 'wami.policy.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function create(policy: PolicyState, ref: ResourceRef, body: CreatePolicy): PolicyEvent[] {
  requireNew(policy, 'policy');
  refuseFaulty(faultsOf(body));
  const { tenant: _tenant, policyName, description, document, providerDocuments, path = DEFAULT_PATH, tags = {}, ...rest } = body;
  const own = nonEmpty(merged({}, providerDocuments ?? {}));
  return [about(ref, {
    type: 'wami.policy.created.v1', data: { path, tags, ...rest }, personal: { policyName, description, document, ...(own ? { providerDocuments: own } : {}) },
  })];
}

function patch(current: PolicyDocumentState, ref: ResourceRef, body: PatchPolicy): PolicyEvent[] {
  refuseFaulty(faultsOf(body));
  const events: PolicyEvent[] = [];
  if (body.policyName !== undefined && body.policyName !== current.policyName) {
    events.push(about(ref, { type: 'wami.policy.renamed.v1', data: {}, personal: { policyName: body.policyName, previousPolicyName: current.policyName } }));
  }
  const data = { ...changedPath(body.path, current.path), ...changedTags(body.tags, current.tags), ...changedMembers(body, current, ['syncToProviders']) };
  const personal = { ...changedMembers(body, current, ['description']), ...changedDocument(body, current), ...changedProviderDocuments(body, current) };
  if (!saysNothing(data, personal)) events.push(about(ref, { type: 'wami.policy.updated.v1', data, personal }));
  return events;
}

function faultsOf({ document, providerDocuments }: Pick<PatchPolicy, 'document' | 'providerDocuments'>) {
  return [
    ...(document ? documentErrors(document, 'identity', DOCUMENT_SIZES.policy, '/document') : []),
    ...providerDocumentErrors(providerDocuments ?? {}, '/providerDocuments'),
  ];
}

/** Another spelling of the same is no change. */
function changedDocument({ document }: PatchPolicy, current: PolicyDocumentState): { document?: Document } {
  return document === undefined || meansTheSame(document, current.document, 'identity') ? {} : { document };
}

function changedProviderDocuments({ providerDocuments }: PatchPolicy, current: PolicyDocumentState): { providerDocuments?: Record<string, Document> | null } {
  if (providerDocuments === undefined) return {};
  const before = current.providerDocuments ?? {};
  const after = providerDocuments === null ? {} : merged(before, providerDocuments);
  const same = sameJson(Object.keys(after).sort(), Object.keys(before).sort())
    && Object.entries(after).every(([provider, document]) => sameForProvider(provider, document, before[provider] ?? {}));
  return same ? {} : { providerDocuments: nonEmpty(after) ?? null };
}

function sameForProvider(provider: string, a: Document, b: Document): boolean {
  return provider === 'aws' ? meansTheSame(a, b, 'identity') : sameJson(a, b);
}

function merged(before: Readonly<Record<string, Document>>, changes: Readonly<Record<string, Document | null | undefined>>): Record<string, Document> {
  const after = { ...before };
  for (const [provider, document] of Object.entries(changes)) {
    if (document === null) delete after[provider];
    else if (document !== undefined) after[provider] = document;
  }
  return after;
}

const nonEmpty = (documents: Record<string, Document>): Record<string, Document> | undefined => (Object.keys(documents).length === 0 ? undefined : documents);

function evolve(policy: PolicyState, event: PolicyEvent): PolicyState {
  switch (event.type) {
    case 'wami.policy.created.v1': return { status: 'active', document: { ...event.data, ...event.personal, documentVersion: 1 } };
    case 'wami.policy.deleted.v1': return { status: 'deleted' };
    case 'wami.policy.renamed.v1': return withChanges(policy, { policyName: event.personal.policyName });
    case 'wami.policy.updated.v1': return withChanges(policy, { ...event.data, ...event.personal, ...nextVersion(policy, event.personal) });
    default: return unreachable(event);
  }
}

function nextVersion(policy: PolicyState, changed: object): { documentVersion?: number } {
  if (policy.status !== 'active' || !('document' in changed || 'providerDocuments' in changed)) return {};
  return { documentVersion: policy.document.documentVersion + 1 };
}

export const policyDecider = { initialState: { status: 'none' } as PolicyState, decide, evolve } satisfies Decider<PolicyState, PolicyCommand, PolicyEvent>;
