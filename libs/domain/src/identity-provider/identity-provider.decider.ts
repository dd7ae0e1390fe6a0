import type { CreateIdentityProvider, IdentityProviderEvent, OidcProvider, PatchIdentityProvider, SamlProvider } from '@wami/contracts';
import { unreachable, type Decider } from '../decider';
import { DomainError } from '../domain-error';
import { sameJson } from '../merge-patch';
import { eventAbout, type ResourceRef } from '../resource-ref';
import { changedMembers, changedTags, existing, requireNew, saysNothing, withChanges, type ResourceState } from '../resource-state';

/** Of `oidc` and `saml` it has one. */
export interface IdentityProviderDocument {
  readonly providerName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly oidc?: OidcProvider;
  readonly saml?: SamlProvider;
  readonly syncToProviders?: readonly string[];
}
export type IdentityProvider = ResourceState<IdentityProviderDocument>;

export type IdentityProviderCommand =
  | { readonly type: 'create'; readonly ref: ResourceRef; readonly body: CreateIdentityProvider }
  | { readonly type: 'patch'; readonly ref: ResourceRef; readonly body: PatchIdentityProvider }
  | { readonly type: 'delete'; readonly ref: ResourceRef };

const KIND = 'identity provider';
const about = (ref: ResourceRef, event: Pick<IdentityProviderEvent, 'type' | 'data' | 'personal'>): IdentityProviderEvent => eventAbout('identity-provider', ref, event);

function decide(provider: IdentityProvider, command: IdentityProviderCommand): IdentityProviderEvent[] {
  switch (command.type) {
    case 'create': return create(provider, command.ref, command.body);
    case 'patch': return patch(existing(provider, KIND), command.ref, command.body);
    case 'delete': existing(provider, KIND); return [about(command.ref, { type: 'wami.identity-provider.deleted.v1', data: {}, personal: {} })];
    default: return unreachable(command);
  }
}

function create(provider: IdentityProvider, ref: ResourceRef, body: CreateIdentityProvider): IdentityProviderEvent[] {
  requireNew(provider, KIND);
  const { tenant: _tenant, providerName, oidc, saml, tags = {}, ...rest } = body;
  if ((oidc === undefined) === (saml === undefined)) throw new DomainError('ValidationFailed', 'an identity provider has either oidc or saml', oidc ? '/saml' : '/oidc');
  return [about(ref, {
    type: 'wami.identity-provider.created.v1', data: { ...(oidc ? { oidc } : {}), tags, ...rest }, personal: { providerName, ...(saml ? { saml } : {}) },
  })];
}

function patch(current: IdentityProviderDocument, ref: ResourceRef, body: PatchIdentityProvider): IdentityProviderEvent[] {
  refuseOtherProtocol(current, body);
  const events: IdentityProviderEvent[] = [];
  if (body.providerName !== undefined && body.providerName !== current.providerName) {
    events.push(about(ref, {
      type: 'wami.identity-provider.renamed.v1', data: {}, personal: { providerName: body.providerName, previousProviderName: current.providerName },
    }));
  }
  const data = { ...changedOidc(body.oidc, current.oidc), ...changedTags(body.tags, current.tags), ...changedMembers(body, current, ['syncToProviders']) };
  const personal = body.saml === undefined || sameJson(body.saml, current.saml) ? {} : { saml: body.saml };
  if (!saysNothing(data, personal)) events.push(about(ref, { type: 'wami.identity-provider.updated.v1', data, personal }));
  return events;
}

/** Roles trust a provider by what it is: another protocol is another provider. */
function refuseOtherProtocol(current: IdentityProviderDocument, body: PatchIdentityProvider): void {
  for (const protocol of ['oidc', 'saml'] as const) {
    if (body[protocol] && !current[protocol]) throw new DomainError('ValidationFailed', `the identity provider has no ${protocol}, and its protocol stays; create another and delete this`, `/${protocol}`);
  }
}

/** Thumbprints of null are left to the cloud; in which order ids and thumbprints stand is no difference. */
function changedOidc(asked: PatchIdentityProvider['oidc'], current: OidcProvider | undefined): { oidc?: OidcProvider } {
  if (!asked || !current) return {};
  const { url = current.url, clientIds = current.clientIds, thumbprints = current.thumbprints } = asked;
  if (url !== current.url) throw new DomainError('ValidationFailed', 'the address of an identity provider stays; create another and delete this', '/oidc/url');
  const oidc = { url, clientIds, ...(thumbprints ? { thumbprints } : {}) };
  return sameJson(inOrder(oidc), inOrder(current)) ? {} : { oidc };
}

const inOrder = ({ url, clientIds, thumbprints = [] }: OidcProvider): object => ({ url, clientIds: [...clientIds].sort(), thumbprints: [...thumbprints].sort() });

function evolve(provider: IdentityProvider, event: IdentityProviderEvent): IdentityProvider {
  switch (event.type) {
    case 'wami.identity-provider.created.v1': return { status: 'active', document: { ...event.data, ...event.personal } };
    case 'wami.identity-provider.deleted.v1': return { status: 'deleted' };
    case 'wami.identity-provider.renamed.v1': return withChanges(provider, { providerName: event.personal.providerName });
    case 'wami.identity-provider.updated.v1': return withChanges(provider, { ...event.data, ...event.personal });
    default: return unreachable(event);
  }
}

export const identityProviderDecider = {
  initialState: { status: 'none' } as IdentityProvider, decide, evolve,
} satisfies Decider<IdentityProvider, IdentityProviderCommand, IdentityProviderEvent>;
