import { ProviderError, type Desired, type OwnershipMark } from '@wami/provider-port';
import type { Addresses } from './addresses';
import { digestIn, digestOf, recordText } from './deny-record';
import { denialsAtGoogle, EVERYBODY, isNameOfDenial, type Denial } from './deny-rules';
import { describe, describeGroup } from './marks';
import { roleAtGoogle, STAGES } from './policy-shape';
import { strangeWord } from './denial-words';
import { personName } from './user-shape';

// Limits of the IAM API reference (v1): projects.serviceAccounts.create, projects.roles.create.
const ACCOUNT_ID = /^[a-z]([-a-z0-9]*[a-z0-9])$/;
const ROLE_ID = /^[A-Za-z0-9_.]+$/;
const PERMISSION = /^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$/;
// Of the IAM API reference (v2): Policy, DenyRule; "Deny policies" of Google's documentation.
const DENY_POLICY_ID = /^[a-z][a-z0-9.-]*$/;
const DENIED_PERMISSION = /^[a-z0-9-]+(\.[a-z0-9-]+)+\/([A-Za-z0-9_-]+|\*)\.([A-Za-z0-9_-]+|\*)$/;
const PRINCIPAL = /^(deleted:)?principal(Set)?:\/\/\S+$/;
const MAX_DENY = { displayName: 63, description: 256, rules: 499 } as const;
const MAX = { displayName: 100, description: 256, title: 100, permissions: 3_000, definition: 65_536 } as const;
// Of Cloud Identity (Group resource; Name guidelines for users and groups), in characters.
const MAX_PART = 60;
const MAX_GROUP = { displayName: 73, description: 4_096 } as const;

/** Without it nothing can be given to Google: who may do what in the IAM language of AWS is no list of Google's permissions. */
const NO_GOOGLE_DOCUMENT =
  'providerDocuments.gcp: missing; a policy in the IAM language cannot be translated into permissions of Google. Give {"includedPermissions": ["service.resource.verb", ...]}, with title and stage if you like, or, of one that denies, {"rules": [{"denyRule": {"deniedPermissions": ["service.googleapis.com/resource.verb", ...]}}]}, or, of a principal access boundary, {"details": {"rules": [{"resources": ["//cloudresourcemanager.googleapis.com/projects/ID", ...], "effect": "ALLOW"}]}}';

/** The first rule of Google that the service account breaks, with the field's name; undefined where Google can hold it. */
export function checkServiceAccount({ name, document, mark }: Desired): ProviderError | undefined {
  const { displayName = '', description = '' } = document;
  return refusal(
    lengthProblem('accountName', name, 6, 30)
      ?? (ACCOUNT_ID.test(name) ? undefined : 'accountName: Google allows lower-case letters, digits and hyphens, a letter first and no hyphen last')
      ?? bytesProblem('displayName', String(displayName), MAX.displayName)
      ?? descriptionProblem(String(description), mark),
  );
}

/** The first rule of Google that the policy breaks, which is a custom role there. What else Google tells of a role (its name, its etag) may stand in the document, and says nothing. */
export function checkPolicy({ name, document, mark }: Desired): ProviderError | undefined {
  const role = roleAtGoogle(name, document);
  if (role === undefined) return new ProviderError('Unsupported', NO_GOOGLE_DOCUMENT);
  const { includedPermissions, title, stage, description } = role;
  return refusal(
    lengthProblem('policyName', name, 3, 64)
      ?? (ROLE_ID.test(name) ? undefined : "policyName: for a custom role's id Google allows letters without accents, digits, _ and .")
      ?? bytesProblem('providerDocuments.gcp.title', title, MAX.title)
      ?? (STAGES.includes(stage) ? undefined : `providerDocuments.gcp.stage: one of ${STAGES.join(', ')}`)
      ?? permissionsProblem(includedPermissions)
      ?? descriptionProblem(description, mark)
      ?? bytesProblem('providerDocuments.gcp', title + description + includedPermissions.join(''), MAX.definition),
  );
}

/** The first rule of Google that the policy breaks, which is a deny policy there. */
export function checkDenyPolicy({ name, document, mark }: Desired): ProviderError | undefined {
  const { displayName, rules } = denialsAtGoogle(name, document) ?? { displayName: name, rules: [] };
  return refusal(
    lengthProblem('policyName', name, 3, 63)
      ?? (DENY_POLICY_ID.test(name) ? undefined : 'policyName: of a deny policy Google allows lower-case letters, digits, - and ., a letter first')
      ?? (isNameOfDenial(name) ? undefined : 'policyName: one that denies has a hyphen in its name at Google, where no custom role has any, so that one is never taken for the other')
      ?? documentProblem(document)
      ?? charactersProblem('providerDocuments.gcp.displayName', displayName, MAX_DENY.displayName)
      ?? (rules.length > 0 && rules.length <= MAX_DENY.rules ? undefined : `providerDocuments.gcp.rules: ${rules.length}, Google and WAMI's own first rule allow 1 to ${MAX_DENY.rules}`)
      ?? firstOf(rules, ruleProblem)
      ?? charactersProblem('tenant: the description of our first rule, with our mark', describe(recordText(digestOf(rules)), mark), MAX_DENY.description),
  );
}

/** What both gives and denies, says itself who is denied, has words that are not known, or a condition that says nothing. */
function documentProblem(document: Desired['document']): string | undefined {
  const gcp = atGoogle(document) ?? {};
  if (gcp['includedPermissions'] !== undefined) return 'providerDocuments.gcp: a policy gives (includedPermissions) or denies (rules): make two';
  const { rules } = gcp as { readonly rules: unknown };
  const written = (Array.isArray(rules) ? rules : []) as readonly ({ readonly denyRule?: { readonly deniedPrincipals?: unknown; readonly denialCondition?: { readonly expression?: unknown } } | null } | null)[];
  return firstOf(written, (rule) => (rule?.denyRule?.deniedPrincipals === undefined ? undefined : 'denyRule.deniedPrincipals: leave it out, those are denied it whom the policy is attached to'))
    ?? strangeWord(gcp, 'providerDocuments.gcp')
    ?? firstOf(written, (rule) => (rule?.denyRule?.denialCondition && !String(rule.denyRule.denialCondition.expression ?? '').trim() ? 'denyRule.denialCondition.expression: none; without it the rule would hold in every case' : undefined));
}

function ruleProblem({ description, deniedPermissions, exceptionPermissions = [], exceptionPrincipals = [] }: Denial): string | undefined {
  if (deniedPermissions.length === 0) return 'denyRule.deniedPermissions: none';
  if (exceptionPermissions.some((permission) => deniedPermissions.includes(permission))) return 'denyRule.exceptionPermissions: what is excepted is not denied, so leave out what stands among deniedPermissions in the same words';
  if (digestIn(description) !== undefined) return "description: so WAMI's own first rule is described";
  if ([...deniedPermissions, ...exceptionPermissions].some((permission) => !DENIED_PERMISSION.test(permission)))
    return 'denyRule: permissions are service.googleapis.com/resource.verb here, such as iam.googleapis.com/roles.create; resource and verb may be *';
  return exceptionPrincipals.some((principal) => !PRINCIPAL.test(principal) || principal === EVERYBODY) ? 'denyRule.exceptionPrincipals: each is principal://… or principalSet://…, and never everybody' : charactersProblem('description', description ?? '', MAX_DENY.description);
}

const atGoogle = ({ providerDocuments }: Desired['document']): Readonly<Record<string, unknown>> | undefined => ((providerDocuments ?? {}) as { readonly gcp?: Readonly<Record<string, unknown>> }).gcp;

function firstOf<T>(rules: readonly T[], problem: (rule: T, index: number) => string | undefined): string | undefined {
  const found = rules.map(problem);
  const index = found.findIndex((one) => one !== undefined);
  return index < 0 ? undefined : `providerDocuments.gcp.rules.${index}.${found[index] ?? ''}`;
}

/** The first rule of Google that the group breaks. */
export function checkGroup({ name }: Desired, addresses: Addresses): ProviderError | undefined {
  const long = name.length <= MAX_GROUP.displayName ? undefined : `groupName: ${name.length} characters at the target, Google allows ${MAX_GROUP.displayName}`;
  return refusal(addresses.problem('groupName', name) ?? long);
}

/** The first rule of Google that the user breaks. */
export function checkUser(desired: Desired, addresses: Addresses): ProviderError | undefined {
  const { name } = desired;
  const capital = name === name.toLowerCase() ? undefined : 'userName: Google keeps addresses in small letters';
  return refusal(addresses.problem('userName', name) ?? capital ?? personNameProblem(personName(desired, name)));
}

function personNameProblem({ givenName, familyName }: { readonly givenName: string; readonly familyName: string }): string | undefined {
  const long = [givenName, familyName].find((part) => [...part].length > MAX_PART);
  if (long !== undefined) return `displayName: ${[...long].length} characters in one part, Google allows ${MAX_PART} in the last word and as many before it`;
  return /[<>]/.test(givenName + familyName) ? 'displayName: Google allows no < and no >' : undefined;
}

/** @throws ProviderError `InvalidRequest` where the description of a group has no room for the mark */
export function markableGroup(text: string, mark: OwnershipMark): void {
  if (describeGroup(text, mark).length > MAX_GROUP.description) throw new ProviderError('InvalidRequest', `description: Google allows ${MAX_GROUP.description} characters, which it has no room for our mark in`);
}

/** @throws ProviderError `InvalidRequest` where this description has no room for the marks */
export function markable(text: string, mark: OwnershipMark): void {
  const error = refusal(descriptionProblem(text, mark));
  if (error) throw error;
}

export const refusal = (problem: string | undefined): ProviderError | undefined => (problem === undefined ? undefined : new ProviderError('InvalidRequest', problem));

export function lengthProblem(field: string, name: string, least: number, most: number): string | undefined {
  return name.length >= least && name.length <= most ? undefined : `${field}: ${name.length} characters at the target, Google allows ${least} to ${most}`;
}

function bytesProblem(field: string, text: string, most: number): string | undefined {
  const size = Buffer.byteLength(text);
  return size <= most ? undefined : `${field}: ${size} bytes, Google allows ${most}`;
}

export function charactersProblem(field: string, text: string, most: number): string | undefined {
  return [...text].length <= most ? undefined : `${field}: ${[...text].length} characters, Google allows ${most}`;
}

function descriptionProblem(text: string, mark: OwnershipMark): string | undefined {
  const size = Buffer.byteLength(text);
  const marks = Buffer.byteLength(describe('', mark)) + (text === '' ? 0 : 1);
  return size + marks <= MAX.description ? undefined : `description: ${size} bytes, Google allows ${MAX.description}, of which the marks take ${marks}`;
}

function permissionsProblem(permissions: readonly string[]): string | undefined {
  if (permissions.length > MAX.permissions) return `providerDocuments.gcp.includedPermissions: ${permissions.length}, Google allows ${MAX.permissions}`;
  const wrong = permissions.find((permission) => !PERMISSION.test(permission));
  return wrong === undefined ? undefined : 'providerDocuments.gcp.includedPermissions: each is service.resource.verb, such as iam.roles.get; Google knows no wildcards there';
}
