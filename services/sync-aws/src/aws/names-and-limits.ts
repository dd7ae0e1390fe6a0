import type { SamlProvider } from '@wami/contracts';
import { AWS_POLICY_SIZES, parsePolicy, policySize } from '@wami/domain';
import { ProviderError, type Desired } from '@wami/provider-port';
import { MARK_COUNT, type Tags } from './marks';

// Limits and patterns of the IAM API reference (2010-05-08): CreateUser, CreateGroup, CreatePolicy, CreateRole, CreateOpenIDConnectProvider, CreateSAMLProvider, Tag.
const NAME = /^[\w+=,.@-]+$/;
const SAML_NAME = /^[\w.-]+$/;
const ISSUER = /^https:\/\/[^\s/?#@:]+(\/[^\s?#]*)?$/;
const PATH = /^(\/|\/[\u0021-\u007E]+\/)$/;
/** Narrower than that of users. */
const POLICY_PATH = /^((\/[A-Za-z0-9.,+@=_-]+)*)\/$/;
const POLICY_DESCRIPTION = /^[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*$/u;
const ROLE_DESCRIPTION = /^[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*$/;
const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const MAX = { userName: 64, accountName: 64, groupName: 128, policyName: 128, roleName: 64, path: 512, description: 1000, tagKey: 128, tagValue: 256, tags: 50, url: 255, samlName: 128 } as const;
const SHORTEST_METADATA = 1000;
const NAME_CHARACTERS = 'AWS allows letters without accents, digits and + = , . @ _ -';

/** The first rule of AWS that the user breaks, with the field's name; undefined where AWS can hold it. */
export function checkUser({ name, document }: Desired): ProviderError | undefined {
  return refusal(nameProblem('userName', name) ?? pathProblem(pathOf(document)) ?? tagsProblem(tagsOf(document)));
}

/** The first rule of AWS that the service account breaks, which is a user there. */
export function checkServiceAccount({ name, document }: Desired): ProviderError | undefined {
  return refusal(nameProblem('accountName', name) ?? pathProblem(pathOf(document)) ?? tagsProblem(tagsOf(document)));
}

/** The first rule of AWS that the group breaks. Its path is ours and its tags stay here, so only the name can be wrong. */
export function checkGroup({ name }: Desired): ProviderError | undefined {
  return refusal(nameProblem('groupName', name));
}

/** The first rule of AWS that the policy breaks. */
export function checkPolicy({ name, document }: Desired): ProviderError | undefined {
  return refusal(
    nameProblem('policyName', name)
      ?? pathProblem(pathOf(document))
      ?? policyPathProblem(pathOf(document))
      ?? descriptionProblem(document['description'], POLICY_DESCRIPTION)
      ?? sizeProblem('document', documentAtAws(document), AWS_POLICY_SIZES.managed)
      ?? tagsProblem(tagsOf(document)),
  );
}

/** What AWS is to get of a policy: the document that was written for AWS, where there is one. */
export function documentAtAws(document: Desired['document']): unknown {
  const { aws } = (document['providerDocuments'] ?? {}) as { readonly aws?: unknown };
  return aws ?? document['document'];
}

/** The first rule of AWS that the role breaks. */
export function checkRole({ name, document }: Desired): ProviderError | undefined {
  return refusal(
    nameProblem('roleName', name)
      ?? pathProblem(pathOf(document))
      ?? descriptionProblem(document['description'], ROLE_DESCRIPTION)
      ?? sizeProblem('trustPolicy', document['trustPolicy'], AWS_POLICY_SIZES.trustRaised)
      ?? principalProblem(document['trustPolicy'])
      ?? tagsProblem(tagsOf(document)),
  );
}

/** The first rule of AWS that the identity provider breaks. */
export function checkIdentityProvider({ name, document }: Desired): ProviderError | undefined {
  const { saml } = document as { readonly saml?: SamlProvider };
  return refusal((saml === undefined ? issuerProblem(name) : samlProblem(name, saml)) ?? tagsProblem(tagsOf(document)));
}

export function pathOf(document: Desired['document']): string {
  return typeof document['path'] === 'string' ? document['path'] : '/';
}

export function tagsOf(document: Readonly<Record<string, unknown>>): Tags {
  return (document['tags'] ?? {}) as Tags;
}

const refusal = (problem: string | undefined): ProviderError | undefined =>
  problem === undefined ? undefined : new ProviderError('InvalidRequest', problem);

function nameProblem(field: 'userName' | 'accountName' | 'groupName' | 'policyName' | 'roleName', name: string): string | undefined {
  if (name.length < 1 || name.length > MAX[field])
    return `${field}: ${name.length} characters at the target, AWS allows 1 to ${MAX[field]}`;
  return NAME.test(name) ? undefined : `${field}: ${NAME_CHARACTERS}`;
}

/** The address is its name there (CreateOpenIDConnectProvider, API reference). */
function issuerProblem(url: string): string | undefined {
  if (url.length > MAX.url) return `oidc.url: ${url.length} characters, AWS allows ${MAX.url}`;
  return ISSUER.test(url) ? undefined : 'oidc.url: AWS takes an address that begins with https://, without port, query and fragment';
}

function samlProblem(name: string, { metadata }: SamlProvider): string | undefined {
  if (name.length < 1 || name.length > MAX.samlName) return `providerName: ${name.length} characters at the target, AWS allows 1 to ${MAX.samlName}`;
  if (!SAML_NAME.test(name)) return 'providerName: of a SAML provider AWS allows letters without accents, digits and . _ -';
  return metadata.length >= SHORTEST_METADATA ? undefined : `saml.metadata: ${metadata.length} characters, AWS takes no less than ${SHORTEST_METADATA}`;
}

function pathProblem(path: string): string | undefined {
  if (path.length > MAX.path) return `path: ${path.length} characters, AWS allows ${MAX.path}`;
  return PATH.test(path) ? undefined : 'path: it must begin and end with / and hold only printable ASCII characters without blanks';
}

function policyPathProblem(path: string): string | undefined {
  return POLICY_PATH.test(path) ? undefined : 'path: of a policy AWS allows letters without accents, digits and / + = , . @ _ -';
}

function descriptionProblem(description: unknown, pattern: RegExp): string | undefined {
  if (typeof description !== 'string') return undefined;
  if (description.length > MAX.description) return `description: ${description.length} characters, AWS allows ${MAX.description}`;
  return pattern.test(description) ? undefined : 'description: it holds characters that AWS does not allow, such as line ends';
}

function sizeProblem(field: string, document: unknown, most: number): string | undefined {
  const size = policySize(document);
  return size <= most ? undefined : `${field}: ${size} characters without white space, AWS allows ${most}`;
}

/** Identities that are kept here are known there by their native ARNs alone. */
function principalProblem(trustPolicy: unknown): string | undefined {
  const parsed = parsePolicy(trustPolicy, 'trust');
  const named = parsed.ok ? parsed.policy.statements.flatMap(({ principals }) => principals?.entries ?? []) : [];
  const stranger = named.find(({ value }) => /^arn:(?!aws)/.test(value));
  return stranger && `trustPolicy: AWS does not know ${stranger.value}; name the ARN that it has there`;
}

function tagsProblem(tags: Tags): string | undefined {
  const keys = Object.keys(tags);
  if (keys.length > MAX.tags - MARK_COUNT) return `tags: ${keys.length}, AWS allows ${MAX.tags}, of which the marks take ${MARK_COUNT}`;
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(tags)) {
    const problem =
      tagProblem(key, value)
      ?? (seen.has(key.toLowerCase()) ? 'another key differs only in case, which AWS takes for the same' : undefined);
    if (problem !== undefined) return `tags.${key}: ${problem}`;
    seen.add(key.toLowerCase());
  }
  return undefined;
}

function tagProblem(key: string, value: string): string | undefined {
  if (key.length > MAX.tagKey) return `the key has ${key.length} characters, AWS allows ${MAX.tagKey}`;
  if (!TAG_KEY.test(key)) return 'the key may hold letters, digits, blanks and _ . : / = + - @';
  if (key.toLowerCase().startsWith('aws:') || value.toLowerCase().startsWith('aws:')) return 'aws: at the beginning is reserved by AWS';
  if (value.length > MAX.tagValue) return `the value has ${value.length} characters, AWS allows ${MAX.tagValue}`;
  return TAG_VALUE.test(value) ? undefined : 'the value may hold letters, digits, blanks and _ . : / = + - @';
}
