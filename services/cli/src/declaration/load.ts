import { declarationSchema, type DeclarationFile } from '@wami/contracts';
import { CliError, EXIT } from '../exit-codes';
import { resolveDocuments } from './document-files';
import { mistaken, mistakesIn, type Mistake } from './mistakes';
import { keyOf, labelOf, type Declaration, type DeclaredThing, type Reference, type ThingKind } from './model';
import { lineOf, readSources, type Path, type Place, type Source } from './source';

type TenantContent = NonNullable<DeclarationFile['tenants'][string]>;
type RawReference = string | { readonly name: string; readonly tenant: string };

const SECTIONS = { users: 'user', groups: 'group', roles: 'role', policies: 'policy', serviceAccounts: 'service-account', identityProviders: 'identity-provider' } as const satisfies Record<string, ThingKind>;
const TENANT_FIELDS = ['name', 'providerAccounts', 'quotas', 'metadata', 'syncConfig'] as const;

/** One declaration, of all these files together. @throws CliError with every mistake and where it is */
export function loadDeclaration(files: readonly string[]): Declaration {
  const read = readSources(files).map((source) => ({ source, content: parse(source) }));
  const [first] = read;
  if (!first) throw new CliError(EXIT.usage, 'No file is named.', 'Name one with -f.');
  const name = first.content.declaration;
  const mistakes: Mistake[] = [];
  for (const { source, content } of read) {
    if (content.declaration !== name) mistakes.push({ at: { source, path: ['declaration'] }, what: `one apply is of one declaration, and ${first.source.file} is of ${name}` });
  }
  const things = new Map<string, DeclaredThing>();
  for (const thing of read.flatMap(({ source, content }) => thingsOf(source, content, mistakes))) {
    const before = things.get(keyOf(thing));
    if (!before) things.set(keyOf(thing), thing);
    else if (thing.kind === 'tenant') things.set(keyOf(thing), together(before, thing, mistakes));
    else mistakes.push({ at: thing.at, what: `${labelOf(before)} is declared twice, first in ${lineOf(before.at)}` });
  }
  if (mistakes.length > 0) throw mistaken(mistakes);
  return { name, mark: name, things };
}

function parse(source: Source): DeclarationFile {
  const value: unknown = source.document.toJS();
  const parsed = declarationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw mistaken(mistakesIn(source, value, parsed.error.issues));
}

function thingsOf(source: Source, { tenants }: DeclarationFile, mistakes: Mistake[]): DeclaredThing[] {
  return Object.entries(tenants).flatMap(([path, given]) => {
    const content: TenantContent = given ?? {};
    const at = (...rest: Path): Place => ({ source, path: ['tenants', path, ...rest] });
    const fields = Object.fromEntries(TENANT_FIELDS.flatMap((field) => (content[field] === undefined ? [] : [[field, content[field]]])));
    const tenant: DeclaredThing = { kind: 'tenant', tenant: path, name: path, fields, policies: [], members: [], at: at() };
    const inside = (Object.keys(SECTIONS) as (keyof typeof SECTIONS)[]).flatMap((section) =>
      Object.entries(content[section] ?? {}).map(([name, body]) => resource(SECTIONS[section], path, name, body ?? {}, at(section, name), mistakes)));
    return [tenant, ...inside];
  });
}

function resource(kind: ThingKind, tenant: string, name: string, body: object, at: Place, mistakes: Mistake[]): DeclaredThing {
  const { policies = [], members = [], permissionsBoundary, ...rest } = body as Record<string, unknown> & {
    policies?: readonly RawReference[]; members?: readonly RawReference[]; permissionsBoundary?: RawReference;
  };
  const within = (...path: Path): Place => ({ source: at.source, path: [...at.path, ...path] });
  return {
    kind, tenant, name, at, fields: resolveDocuments(rest, at, mistakes),
    policies: policies.map((policy, index) => reference(policy, within('policies', index))),
    members: members.map((member, index) => reference(member, within('members', index))),
    ...(permissionsBoundary === undefined ? {} : { boundary: reference(permissionsBoundary, within('permissionsBoundary')) }),
  };
}

function reference(raw: RawReference, at: Place): Reference {
  return typeof raw === 'string' ? { name: raw, at } : { ...raw, at };
}

/** Files may share a tenant, but each of its own fields is said once. */
function together(before: DeclaredThing, after: DeclaredThing, mistakes: Mistake[]): DeclaredThing {
  for (const field of Object.keys(after.fields)) {
    if (field in before.fields) mistakes.push({ at: { ...after.at, path: [...after.at.path, field] }, what: `is said twice, first in ${lineOf(before.at)}` });
  }
  return { ...before, fields: { ...before.fields, ...after.fields } };
}
