import { ProviderError, type Desired, type OwnershipMark } from '@wami/provider-port';
import type { Addresses } from './addresses';
import { describe, describeGroup } from './marks';
import { roleAtGoogle, STAGES } from './policy-shape';
import { personName } from './user-shape';

// Limits of the IAM API reference (v1): projects.serviceAccounts.create, projects.roles.create.
const ACCOUNT_ID = /^[a-z]([-a-z0-9]*[a-z0-9])$/;
const ROLE_ID = /^[A-Za-z0-9_.]+$/;
const PERMISSION = /^[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+$/;
const MAX = { displayName: 100, description: 256, title: 100, permissions: 3_000, definition: 65_536 } as const;
// Of Cloud Identity (Group resource; Name guidelines for users and groups), in characters.
const MAX_PART = 60;
const MAX_GROUP = { displayName: 73, description: 4_096 } as const;

/** Without it nothing can be given to Google: who may do what in the IAM language of AWS is no list of Google's permissions. */
const NO_GOOGLE_DOCUMENT =
  'providerDocuments.gcp: missing; a policy in the IAM language cannot be translated into permissions of Google. Give {"includedPermissions": ["service.resource.verb", ...]}, with title and stage if you like';

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

/** The first rule of Google that the policy breaks, which is a custom role there. */
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

const refusal = (problem: string | undefined): ProviderError | undefined => (problem === undefined ? undefined : new ProviderError('InvalidRequest', problem));

function lengthProblem(field: string, name: string, least: number, most: number): string | undefined {
  return name.length >= least && name.length <= most ? undefined : `${field}: ${name.length} characters at the target, Google allows ${least} to ${most}`;
}

function bytesProblem(field: string, text: string, most: number): string | undefined {
  const size = Buffer.byteLength(text);
  return size <= most ? undefined : `${field}: ${size} bytes, Google allows ${most}`;
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
