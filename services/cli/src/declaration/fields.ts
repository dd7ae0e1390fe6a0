import { DECLARED_BY } from '@wami/contracts';
import type { CliKind } from '../api/kinds';
import { isRecord, same } from './json';
import type { ActualThing, DeclaredThing, Fields, ThingKind } from './model';

export interface FieldChange {
  /** `displayName`, `tags.team`, `document.Statement[0].Action` */
  readonly field: string;
  /** Undefined where there was none. */
  readonly from?: unknown;
  readonly to?: unknown;
}

const NAME_FIELDS: Readonly<Record<CliKind, string>> = {
  user: 'userName', group: 'groupName', role: 'roleName', policy: 'policyName', 'service-account': 'accountName', 'identity-provider': 'providerName',
};
export const nameFieldOf = (kind: CliKind): string => NAME_FIELDS[kind];

/** What holds where a field is left out. A tenant has none: its fields stay as they are. */
const DEFAULTS: Readonly<Record<ThingKind, Fields>> = {
  tenant: {},
  user: { path: '/', displayName: undefined, email: undefined, tags: {}, inlinePolicies: {}, permissionsBoundary: undefined, syncToProviders: undefined },
  group: { displayName: undefined, tags: {}, inlinePolicies: {}, syncToProviders: undefined },
  role: { path: '/', description: undefined, trustPolicy: undefined, maxSessionDuration: 3600, tags: {}, inlinePolicies: {}, permissionsBoundary: undefined, syncToProviders: undefined },
  policy: { path: '/', description: undefined, document: undefined, providerDocuments: undefined, tags: {}, syncToProviders: undefined },
  'service-account': { path: '/', displayName: undefined, description: undefined, tags: {}, inlinePolicies: {}, federation: {}, syncToProviders: undefined },
  'identity-provider': { oidc: undefined, saml: undefined, tags: {}, syncToProviders: undefined },
};

/** Fields that a patch takes key by key. */
const MERGED: ReadonlySet<string> = new Set(['tags', 'metadata', 'providerDocuments', 'inlinePolicies', 'federation', 'oidc']);
/** Fields that the declaration's mark stands in. */
export const markFieldOf = (kind: ThingKind): 'metadata' | 'tags' => (kind === 'tenant' ? 'metadata' : 'tags');

/** Every field with the value that it shall have. `boundary`: the id of the policy, or what stands for it while it has none. */
export function wantedFields({ kind, name, fields }: DeclaredThing, boundary: string | undefined): Fields {
  if (kind === 'tenant') return fields;
  return { ...DEFAULTS[kind], ...fields, ...('permissionsBoundary' in DEFAULTS[kind] ? { permissionsBoundary: boundary } : {}), [NAME_FIELDS[kind]]: name };
}

export function fieldsOf({ kind, name, fields }: ActualThing): Fields {
  return kind === 'tenant' ? fields : { [NAME_FIELDS[kind]]: name, ...fields };
}

const isNothing = (value: unknown): boolean => value === undefined || (isRecord(value) && Object.keys(value).length === 0);

/** Fields that say more than the name and what would be so anyway. */
export function notable(kind: ThingKind, fields: Fields): string[] {
  return Object.keys(fields).filter((field) => !isNothing(fields[field]) && !same(fields[field], DEFAULTS[kind][field]) && (kind === 'tenant' || field !== NAME_FIELDS[kind]));
}

/** An actual thing without what would be so anyway. */
export function withoutDefaults({ kind, tenant, fields }: ActualThing): Fields {
  const said = notable(kind, fields).filter((field) => kind !== 'tenant' || !(same(fields[field], []) || (field === 'name' && fields[field] === tenant)));
  return Object.fromEntries(said.map((field) => [field, fields[field]]));
}

/** Names of the fields that differ. */
export function differing(actual: Fields, wanted: Fields): string[] {
  return Object.keys(wanted).filter((field) => !same(actual[field] ?? emptyOf(field), wanted[field] ?? emptyOf(field)));
}

const emptyOf = (field: string): unknown => (MERGED.has(field) ? {} : undefined);

/** Field by field, down to where the difference is. */
export function changesOf(field: string, from: unknown, to: unknown): FieldChange[] {
  if (same(from, to)) return [];
  if (isRecord(from) && isRecord(to)) {
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) => changesOf(`${field}.${key}`, from[key], to[key]));
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) return from.flatMap((part, index) => changesOf(`${field}[${index}]`, part, to[index]));
  return [{ field, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
}

/** JSON merge patch that brings the named fields to their wanted values. `mark` is set too where it is given. */
export function patchOf(kind: ThingKind, fields: readonly string[], actual: Fields, wanted: Fields, mark: string | undefined): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of fields) body[field] = MERGED.has(field) ? mergePatch(actual[field], wanted[field]) : wanted[field] ?? null;
  if (mark !== undefined) body[markFieldOf(kind)] = { ...(body[markFieldOf(kind)] as object | undefined), [DECLARED_BY]: mark };
  return body;
}

function mergePatch(from: unknown, to: unknown): Record<string, unknown> {
  const [before, after] = [isRecord(from) ? from : {}, isRecord(to) ? to : {}];
  return Object.fromEntries([...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => (same(before[key], after[key]) ? [] : [[key, after[key] ?? null]])));
}
