import { ProviderError, type Desired } from '@wami/provider-port';
import { markText } from './marks';
import { contains, isManagementGroup, type Place } from './place';

// Limits of the Microsoft Graph reference (user, group, application) and of Azure RBAC (custom roles).
const UPN_LOCAL = /^[A-Za-z0-9'._!#^~-]+$/;
const MAX = { local: 64, displayName: 256, applicationName: 256, roleName: 512, description: 1024, attribute: 1024, notes: 1024 } as const;
const NO_BOUNDARIES = 'permissionsBoundary: Azure has no permissions boundaries';
const NO_DATA = 'providerDocuments.azure: Azure assigns no roles with dataActions on a management group; a connection for a subscription or a resource group can hold it';
const NO_DOCUMENT =
  'providerDocuments.azure: Azure has no policies in the IAM language; give it {actions, notActions?, dataActions?, notDataActions?, assignableScopes?} and it becomes a custom role';

/** The first rule of Entra that the user breaks, with the field's name; undefined where Entra can hold it. */
export function checkUser({ name, document, mark }: Desired): ProviderError | undefined {
  if (document['permissionsBoundary'] !== undefined) return new ProviderError('Unsupported', NO_BOUNDARIES);
  return refusal(userNameProblem(name) ?? lengthProblem('displayName', displayNameOf(document, name), MAX.displayName) ?? markProblem(mark, MAX.attribute));
}

/** The first rule of Entra that the group breaks. */
export function checkGroup({ name, mark }: Desired): ProviderError | undefined {
  return refusal(lengthProblem('groupName', name, MAX.displayName) ?? markProblem(mark, MAX.description));
}

/** The first rule of Entra that the service account breaks, which is an application there. */
export function checkServiceAccount({ name, mark }: Desired): ProviderError | undefined {
  return refusal(lengthProblem('accountName', name, MAX.applicationName) ?? markProblem(mark, MAX.notes));
}

export interface RoleDocument {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
  readonly assignableScopes: readonly string[];
}
const LISTS = ['actions', 'notActions', 'dataActions', 'notDataActions', 'assignableScopes'] as const;

/** The first rule of Azure RBAC that the policy breaks, at this place. */
export function checkPolicy({ name, document, mark }: Desired, place: Place | undefined): ProviderError | undefined {
  if (place === undefined) return noPlace();
  const written = azureDocument(document);
  if (written === undefined) return new ProviderError('Unsupported', NO_DOCUMENT);
  if (place.kind === 'management group' && [written['dataActions'], written['notDataActions']].some((list) => Array.isArray(list) && list.length > 0)) return new ProviderError('Unsupported', NO_DATA);
  const description = typeof document['description'] === 'string' ? document['description'] : '';
  return refusal(
    lengthProblem('policyName', name, MAX.roleName)
      ?? lengthProblem('description', `${description} ${markText(mark)}`, MAX.description)
      ?? documentProblem(written)
      ?? scopesProblem(written['assignableScopes'], place),
  );
}

export function noPlace(): ProviderError {
  return new ProviderError('Unsupported', 'the connection says not where in Azure: give it a scope, <subscription>, <subscription>:resourceGroups:<name> or managementGroups:<name>, or an account that says it behind <tenant>:');
}

export function azureDocument(document: Desired['document']): Readonly<Record<string, unknown>> | undefined {
  return ((document['providerDocuments'] ?? {}) as { readonly azure?: Readonly<Record<string, unknown>> }).azure;
}

export function displayNameOf(document: Desired['document'], name: string): string {
  return typeof document['displayName'] === 'string' && document['displayName'] !== '' ? document['displayName'] : name;
}

const refusal = (problem: string | undefined): ProviderError | undefined => (problem === undefined ? undefined : new ProviderError('InvalidRequest', problem));

function userNameProblem(name: string): string | undefined {
  const [local = '', domain, ...more] = name.split('@');
  if (more.length > 0 || domain === '') return 'userName: of an address Entra allows one @, with a domain of the tenant behind it';
  if (local.length < 1 || local.length > MAX.local) return `userName: ${local.length} characters before the @ at the target, Entra allows 1 to ${MAX.local}`;
  if (local.startsWith('.') || local.endsWith('.')) return 'userName: Entra allows no dot at its beginning or end';
  return UPN_LOCAL.test(local) ? undefined : "userName: Entra allows letters without accents, digits and ' . - _ ! # ^ ~";
}

function lengthProblem(field: string, value: string, most: number): string | undefined {
  return value.length >= 1 && value.length <= most ? undefined : `${field}: ${value.length} characters at the target, Microsoft allows 1 to ${most}`;
}

function markProblem(mark: Desired['mark'], most: number): string | undefined {
  return lengthProblem('tenant', markText(mark), most);
}

function documentProblem(document: Readonly<Record<string, unknown>>): string | undefined {
  const stranger = Object.keys(document).find((key) => !LISTS.some((known) => known === key));
  if (stranger !== undefined) return `providerDocuments.azure.${stranger}: not known; known: ${LISTS.join(', ')}`;
  const faulty = LISTS.find((key) => document[key] !== undefined && !isTexts(document[key]));
  if (faulty !== undefined) return `providerDocuments.azure.${faulty}: a list of texts`;
  const allowed = [document['actions'], document['dataActions']].flatMap((list) => (isTexts(list) ? list : []));
  return allowed.length === 0 ? 'providerDocuments.azure: it allows nothing; give it actions or dataActions' : undefined;
}

/** What is attached is assigned at the place. */
function scopesProblem(scopes: unknown, { scope: wanted }: Place): string | undefined {
  if (!isTexts(scopes)) return undefined;
  if (scopes.filter(isManagementGroup).length > 1) return 'providerDocuments.azure.assignableScopes: Azure allows one management group among them';
  return scopes.some((scope) => contains(scope, wanted)) ? undefined : `providerDocuments.azure.assignableScopes: ${wanted} must be among them, where what is attached is assigned`;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}
