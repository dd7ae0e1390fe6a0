import type { AzureState, DirectoryObject, Fields } from '../azure-state';
import { AzureError, badRequest, objectConflict } from '../errors';
import { invalidValue, missing } from './body';
import type { EntityType } from './entity-types';
import { withValue } from './operation';
import type { Tenant } from './operation';

/** What Entra requires of an object before it is kept; `before` is absent while it is being made. */
export function checkObject(entity: EntityType, sent: Fields, before: DirectoryObject | undefined, state: AzureState, tenant: Tenant): void {
  const absent = before === undefined ? entity.required.find((name) => sent[name] === undefined) : undefined;
  if (absent !== undefined) throw missing(entity, absent);
  if (entity.type === 'user') checkUser(entity, sent, tenant);
  if (entity.type === 'group') checkGroup(entity, sent);
  for (const property of entity.unique) checkUnique(entity, property, sent, before, state);
  if (entity.type === 'application') checkIdentifierUris(sent, before, state);
  if (entity.type === 'servicePrincipal' && before === undefined) checkBacking(String(sent['appId']), state);
}

const UPN_LOCAL = /^[A-Za-z0-9'._!#^~-]{1,64}$/;

function checkUser(entity: EntityType, sent: Fields, tenant: Tenant): void {
  const upn = sent['userPrincipalName'];
  if (typeof upn === 'string') {
    const [local = '', domain = '', ...more] = upn.split('@');
    if (more.length > 0 || !UPN_LOCAL.test(local) || /^\.|\.$/.test(local)) throw invalidValue(entity, 'userPrincipalName');
    if (!tenant.domains.includes(domain.toLowerCase())) {
      throw badRequest('The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.');
    }
  }
  if (typeof sent['mailNickname'] === 'string') checkNickname(entity, sent['mailNickname']);
  const password = (sent['passwordProfile'] as { readonly password?: string } | undefined)?.password;
  if (sent['passwordProfile'] !== undefined && password !== undefined && !isComplex(password)) {
    throw badRequest('The specified password does not comply with password complexity requirements. Please provide a different password.');
  }
}

/** Eight characters of three of the four classes (Password policies, Entra documentation). */
function isComplex(password: string): boolean {
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((characters) => characters.test(password));
  return password.length >= 8 && password.length <= 256 && classes.length >= 3;
}

function checkNickname(entity: EntityType, nickname: string): void {
  if (!/^[\x21-\x7E]+$/.test(nickname) || /[@()\\[\]";:<>,]/.test(nickname)) throw invalidValue(entity, 'mailNickname');
}

function checkGroup(entity: EntityType, sent: Fields): void {
  if (typeof sent['mailNickname'] === 'string') checkNickname(entity, sent['mailNickname']);
  const kinds = (sent['groupTypes'] ?? []) as readonly string[];
  if (kinds.some((kind) => !['Unified', 'DynamicMembership'].includes(kind))) throw invalidValue(entity, 'groupTypes');
  if (sent['mailEnabled'] === true && !kinds.includes('Unified')) {
    throw badRequest('The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.');
  }
}

function checkUnique({ type }: EntityType, property: string, sent: Fields, before: DirectoryObject | undefined, state: AzureState): void {
  const value = sent[property];
  const other = typeof value === 'string' ? withValue(state, type, property, value) : undefined;
  if (other !== undefined && other.id !== before?.id) throw objectConflict(property);
}

function checkIdentifierUris(sent: Fields, before: DirectoryObject | undefined, state: AzureState): void {
  const uris = (sent['identifierUris'] ?? []) as readonly string[];
  const others = state.ofType('application').filter(({ id }) => id !== before?.id).flatMap(({ fields }) => fields['identifierUris'] as readonly string[]);
  if (uris.some((uri) => others.includes(uri))) throw objectConflict('identifierUris');
}

/** One service principal per application of the tenant. */
function checkBacking(appId: string, state: AzureState): void {
  if (withValue(state, 'application', 'appId', appId) === undefined) {
    throw badRequest(`The appId '${appId}' of the service principal does not reference a valid application object.`);
  }
  if (withValue(state, 'servicePrincipal', 'appId', appId) !== undefined) {
    throw new AzureError(409, 'Request_MultipleObjectsWithSameKeyValue',
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`);
  }
}
