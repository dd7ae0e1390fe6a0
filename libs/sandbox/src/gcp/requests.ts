import { readShape } from '../cloud/json-shape';
import type { MessageShape, ShapeErrors, ShapeOf } from '../cloud/json-shape';
import { invalidArgument } from './errors';

// The fields of google.iam.admin.v1, google.iam.v1 and google.apps.cloudidentity.groups.v1 (discovery documents of iam v1, cloudresourcemanager v3 and cloudidentity v1).
export const SERVICE_ACCOUNT = {
  name: 'string', projectId: 'string', uniqueId: 'string', email: 'string', displayName: 'string', etag: 'string', description: 'string',
  oauth2ClientId: 'string', disabled: 'boolean',
} as const;
export const ROLE = {
  name: 'string', title: 'string', description: 'string', includedPermissions: ['string'], stage: 'string', etag: 'string', deleted: 'boolean',
} as const;
const CONDITION = { expression: 'string', title: 'string', description: 'string', location: 'string' } as const;
const AUDIT_CONFIG = { service: 'string', auditLogConfigs: [{ logType: 'string', exemptedMembers: ['string'] }] } as const;
export const POLICY = {
  version: 'integer', bindings: [{ role: 'string', members: ['string'], condition: CONDITION }], auditConfigs: [AUDIT_CONFIG], etag: 'string',
} as const;
const ENTITY_KEY = { id: 'string', namespace: 'string' } as const;
export const GROUP = {
  name: 'string', groupKey: ENTITY_KEY, additionalGroupKeys: [ENTITY_KEY], parent: 'string', displayName: 'string', description: 'string', createTime: 'string',
  updateTime: 'string', labels: 'any',
} as const;
export const MEMBERSHIP = {
  name: 'string', preferredMemberKey: ENTITY_KEY, createTime: 'string', updateTime: 'string', roles: [{ name: 'string', expiryDetail: { expireTime: 'string' } }], type: 'string',
} as const;
/** Of the properties of a user those that can be written here (discovery document of admin directory_v1). */
export const USER = {
  id: 'string', primaryEmail: 'string', name: { givenName: 'string', familyName: 'string', fullName: 'string', displayName: 'string' }, password: 'string', externalIds: 'any',
  suspended: 'boolean', changePasswordAtNextLogin: 'boolean', kind: 'string', etag: 'string',
} as const;
/** Of google.iam.v2 (discovery document of iam v2). */
export const DENY_POLICY = {
  name: 'string', uid: 'string', kind: 'string', displayName: 'string', annotations: 'any', etag: 'string', createTime: 'string', updateTime: 'string', deleteTime: 'string',
  rules: [{
    description: 'string',
    denyRule: { deniedPrincipals: ['string'], exceptionPrincipals: ['string'], deniedPermissions: ['string'], exceptionPermissions: ['string'], denialCondition: CONDITION },
  }],
} as const;
const STANDING = { name: 'string', uid: 'string', etag: 'string', displayName: 'string', annotations: 'any', createTime: 'string', updateTime: 'string' } as const;
/** Of google.iam.v3 (its protobuf description). */
export const ACCESS_BOUNDARY = { ...STANDING, details: { rules: [{ description: 'string', resources: ['string'], effect: 'string' }], enforcementVersion: 'string' } } as const;
export const POLICY_BINDING = { ...STANDING, target: { principalSet: 'string' }, policyKind: 'string', policy: 'string', policyUid: 'string', condition: CONDITION } as const;
export type AccessBoundaryRequest = ShapeOf<typeof ACCESS_BOUNDARY>;
export type PolicyBindingRequest = ShapeOf<typeof POLICY_BINDING>;
export type DenyPolicyRequest = ShapeOf<typeof DENY_POLICY>;
export type PolicyRequest = ShapeOf<typeof POLICY>;

/** The request's body; an empty one is an empty message. */
export function readBody<S extends MessageShape>(body: string, shape: S): ShapeOf<S> {
  return readShape(body === '' ? {} : parse(body), shape, ERRORS);
}

const ERRORS: ShapeErrors = {
  unknownField: (at, field) => invalidArgument(
    `Invalid JSON payload received. Unknown name "${field}"${at === '' ? '' : ` at '${snake(at)}'`}: Cannot find field.`,
  ),
  wrongType: (at, expected, value) => invalidArgument(`Invalid value at '${snake(at)}' (${typeName(expected)}), ${JSON.stringify(value)}`),
};
const typeName = (expected: string): string => ({ string: 'TYPE_STRING', boolean: 'TYPE_BOOL', integer: 'TYPE_INT32' })[expected] ?? `expected ${expected}`;
const snake = (path: string): string => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw invalidArgument('Invalid JSON payload received. Unexpected token.');
  }
}

/** The fields that a mask names, spelled as in JSON or as in the proto; refuses those that are not among `allowed`. */
export function readMask<T extends string>(mask: string, allowed: readonly T[]): readonly T[] {
  return mask.split(',').filter((path) => path !== '').map((path) => {
    const name = path.trim().replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
    const field = allowed.find((known) => known === name);
    if (field === undefined) throw invalidArgument(`The update_mask contains an invalid field: ${path}`);
    return field;
  });
}

/** Of a deny policy, a principal access boundary or what binds one. */
export function displayNameFrom(displayName = ''): string {
  if ([...displayName].length > 63) throw invalidArgument('The display name must be at most 63 characters.');
  return displayName;
}

export function annotationsFrom(annotations: unknown, most: { readonly key: number; readonly value: number }): Readonly<Record<string, string>> {
  const entries = Object.entries((annotations ?? {}) as Readonly<Record<string, unknown>>);
  const wrong = entries.find(([key, value]) => typeof value !== 'string' || key.length > most.key || value.length > most.value);
  if (wrong !== undefined) throw invalidArgument(`The annotation ${wrong[0]} must have a key of at most ${most.key} characters and a value of at most ${most.value}.`);
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

export function withinBytes(value: string | undefined, field: string, most: number): string {
  const text = value ?? '';
  if (Buffer.byteLength(text) > most) throw invalidArgument(`The ${field} must be at most ${most} bytes.`);
  return text;
}

/** One page in the order given. The token is of the sandbox's own making; Google says only that it is opaque. */
export function pageOf<T>(query: URLSearchParams, items: readonly T[], keyOf: (item: T) => string, size: { readonly usual: number; readonly most: number }): {
  readonly items: readonly T[]; readonly nextPageToken?: string;
} {
  const asked = Number(query.get('pageSize') ?? 0);
  if (!Number.isInteger(asked) || asked < 0) throw invalidArgument('The page size must be a non-negative integer.');
  const limit = asked === 0 ? size.usual : Math.min(asked, size.most);
  const token = query.get('pageToken') ?? '';
  const after = token === '' ? undefined : decode(token);
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const answered = rest.slice(0, limit);
  const last = answered.at(-1);
  return { items: answered, ...(last === undefined || rest.length <= limit ? {} : { nextPageToken: Buffer.from(`after:${keyOf(last)}`).toString('base64url') }) };
}

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after:')) throw invalidArgument('The page token is invalid.');
  return text.slice('after:'.length);
}
