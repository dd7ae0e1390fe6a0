import { createHash } from 'node:crypto';
import { alreadyExists, invalidInput, limitExceeded } from '../errors';
import { tagsOf } from '../identities';
import type { IdentityProviderRecord, OidcTrust } from '../iam-state';
import { optionalText, requiredList, requiredText, RULES, tagList, textList } from '../validation';
import type { XmlRecord } from '../xml';
import { sortTags } from './iam-tags';
import { iamRead, iamWrite } from './operation';
import type { Call, Operations } from './operation';
import { arnIn, namedProvider, providerArn, viewedProvider, type Protocol } from './provider-records';

const PROVIDERS_QUOTA = 100;
const CLIENTS_QUOTA = 100;
const THUMBPRINTS = 5;
/** Without user, port, query and fragment (CreateOpenIDConnectProvider, API reference). */
const ISSUER = /^https:\/\/[^\s/?#@:]+(\/[^\s?#]*)?$/;
const METADATA = /^\s*(<\?xml[^>]*\?>\s*)?<(\w+:)?EntityDescriptor[\s>][^]*<\/(\w+:)?EntityDescriptor>\s*$/;
const VALID_YEARS = 100;

/** Identity providers of OpenID Connect and of SAML 2.0. Lists are not paged, and tell ARNs alone. */
export const identityProviderOperations: Operations = {
  CreateOpenIDConnectProvider: iamWrite(createOidc),
  GetOpenIDConnectProvider: iamRead((call) => oidcFields(viewedProvider('oidc', call))),
  ListOpenIDConnectProviders: iamRead(({ store }) => ({ OpenIDConnectProviderList: store.view().providers().filter(isOf('oidc')).map(({ id }) => ({ Arn: id })) })),
  AddClientIDToOpenIDConnectProvider: iamWrite((call) => changeClients(call, (ids, id) => (ids.includes(id) ? ids : [...ids, id]))),
  RemoveClientIDFromOpenIDConnectProvider: iamWrite((call) => changeClients(call, (ids, id) => ids.filter((one) => one !== id))),
  UpdateOpenIDConnectProviderThumbprint: iamWrite(changeThumbprints),
  DeleteOpenIDConnectProvider: iamWrite(deleteOidc),
  CreateSAMLProvider: iamWrite(createSaml),
  GetSAMLProvider: iamRead((call) => samlFields(viewedProvider('saml', call))),
  ListSAMLProviders: iamRead(({ store }) => ({
    SAMLProviderList: store.view().providers().filter(isOf('saml')).map(({ id, createdAt }) => ({ Arn: id, ValidUntil: validUntil(createdAt), CreateDate: createdAt })),
  })),
  UpdateSAMLProvider: iamWrite(changeMetadata),
  DeleteSAMLProvider: iamWrite((call) => void call.store.commit({ type: 'provider-deleted', id: namedProvider('saml', call).id })),
};

const isOf = (protocol: Protocol) => ({ id }: IdentityProviderRecord): boolean => id.includes(`:${protocol}-provider/`);

function createOidc(call: Call): XmlRecord {
  const { params } = call;
  const url = requiredText(params, 'Url', RULES.providerUrl);
  if (!ISSUER.test(url)) throw invalidInput('Invalid Open ID Connect Provider URL');
  const clientIds = checkClients(textList(params, 'ClientIDList', RULES.clientId));
  const thumbprints = checkThumbprints(textList(params, 'ThumbprintList', RULES.thumbprint));
  const arn = providerArn(call.account, 'oidc', url.slice('https://'.length));
  const provider = make(call, 'oidc', arn, url, { clientIds, thumbprints: thumbprints.length > 0 ? thumbprints : [foundThumbprint(url)] });
  return { OpenIDConnectProviderArn: arn, ...tagsOf(provider) };
}

function createSaml(call: Call): XmlRecord {
  const name = requiredText(call.params, 'Name', RULES.samlName);
  const metadata = checkMetadata(requiredText(call.params, 'SAMLMetadataDocument', RULES.samlMetadata));
  const arn = providerArn(call.account, 'saml', name);
  const provider = make(call, 'saml', arn, name, { metadata });
  return { SAMLProviderArn: arn, ...tagsOf(provider) };
}

function make(call: Call, protocol: Protocol, id: string, name: string, trusts: IdentityProviderRecord['trusts']): IdentityProviderRecord {
  const tags = sortTags(tagList(call.params));
  const { truth } = call.store;
  if (truth.provider(id) !== undefined) throw alreadyExists('Provider', name);
  if (truth.providers().filter(isOf(protocol)).length >= PROVIDERS_QUOTA) throw limitExceeded(protocol === 'oidc' ? 'OpenIdConnectProvidersPerAccount' : 'SAMLProvidersPerAccount', PROVIDERS_QUOTA);
  const provider: IdentityProviderRecord = { id, name: id, createdAt: call.now(), tags, trusts };
  call.store.commit({ type: 'provider-put', provider });
  return provider;
}

function changeOidc(call: Call, change: (trust: OidcTrust) => OidcTrust): undefined {
  const provider = namedProvider('oidc', call);
  call.store.commit({ type: 'provider-put', provider: { ...provider, trusts: change(provider.trusts) } });
  return undefined;
}

function changeClients(call: Call, change: (ids: readonly string[], id: string) => readonly string[]): undefined {
  const id = requiredText(call.params, 'ClientID', RULES.clientId);
  return changeOidc(call, (trust) => ({ ...trust, clientIds: checkClients(change(trust.clientIds, id)) }));
}

function changeThumbprints(call: Call): undefined {
  requiredList(call.params, 'ThumbprintList');
  const thumbprints = checkThumbprints(textList(call.params, 'ThumbprintList', RULES.thumbprint));
  return changeOidc(call, (trust) => ({ ...trust, thumbprints }));
}

function changeMetadata(call: Call): XmlRecord {
  const metadata = optionalText(call.params, 'SAMLMetadataDocument', RULES.samlMetadata);
  const provider = namedProvider('saml', call);
  if (metadata !== undefined) call.store.commit({ type: 'provider-put', provider: { ...provider, trusts: { metadata: checkMetadata(metadata) } } });
  return { SAMLProviderArn: provider.id };
}

/** Of one that is not there it succeeds (DeleteOpenIDConnectProvider, API reference). */
function deleteOidc(call: Call): undefined {
  const id = arnIn('oidc', call);
  if (call.store.truth.provider(id) !== undefined) call.store.commit({ type: 'provider-deleted', id });
  return undefined;
}

function oidcFields(provider: IdentityProviderRecord & { readonly trusts: OidcTrust }): XmlRecord {
  const { id, createdAt, trusts } = provider;
  return { Url: id.slice(id.indexOf('/') + 1), ClientIDList: trusts.clientIds, ThumbprintList: trusts.thumbprints, CreateDate: createdAt, ...tagsOf(provider) };
}

function samlFields(provider: IdentityProviderRecord & { readonly trusts: { readonly metadata: string } }): XmlRecord {
  const { id, createdAt, trusts } = provider;
  return {
    SAMLProviderUUID: `ASAM${createHash('sha256').update(`${id} ${createdAt}`).digest('hex').toUpperCase().slice(0, 18)}`, SAMLMetadataDocument: trusts.metadata, CreateDate: createdAt, ValidUntil: validUntil(createdAt), ...tagsOf(provider),
  };
}

const validUntil = (createdAt: string): string => createdAt.replace(/^\d{4}/, (year) => String(Number(year) + VALID_YEARS));

function checkClients(ids: readonly string[]): readonly string[] {
  if (ids.length > CLIENTS_QUOTA) throw limitExceeded('ClientIdsPerOpenIdConnectProvider', CLIENTS_QUOTA);
  return ids;
}

function checkThumbprints(thumbprints: readonly string[]): readonly string[] {
  if (thumbprints.length > THUMBPRINTS) throw invalidInput(`Thumbprint list must contain fewer than ${THUMBPRINTS} entries.`);
  return thumbprints;
}

function checkMetadata(metadata: string): string {
  if (!METADATA.test(metadata)) throw invalidInput('Could not parse metadata');
  return metadata;
}

/** Where none is named IAM asks the address for its certificate; the sandbox asks nobody. */
const foundThumbprint = (url: string): string => createHash('sha1').update(url).digest('hex');
