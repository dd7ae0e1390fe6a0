import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { discoveryOf, fidelityFolder } from '@wami/testing';

const FIDELITY = fidelityFolder('sandbox clouds: answers by the vendors\' descriptions');
const FOLDER = join(FIDELITY ?? '', 'api');
export const hasDescriptions = FIDELITY !== undefined;

/** JSON schema as discovery documents and OpenAPI 2.0 write it. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly 'x-ms-enum'?: { readonly modelAsString?: boolean };
}
type Definitions = Readonly<Record<string, Schema>>;

/** What the live services answer beyond their descriptions (recordings of service principals, groups and custom roles). */
const BEYOND = ['createdDateTime', 'creationOptions', 'createdOn', 'updatedOn', 'createdBy', 'updatedBy'];

const readJson = (path: string): unknown => JSON.parse(readFileSync(join(FOLDER, path), 'utf8'));

/** What of an answer is not as described; nothing where all of it is. */
function faultsOf(definitions: Definitions, schema: Schema, value: unknown, at: string): readonly string[] {
  if (schema.$ref !== undefined) {
    const target = definitions[schema.$ref.replace('#/definitions/', '')];
    return target === undefined ? [] : faultsOf(definitions, target, value, at);
  }
  if (value === null || schema.type === 'any') return [];
  if (schema.type === 'array') {
    return Array.isArray(value) ? value.flatMap((item, index) => faultsOf(definitions, schema.items ?? {}, item, `${at}[${index}]`)) : [`${at}: no list`];
  }
  if (schema.enum !== undefined && schema['x-ms-enum']?.modelAsString !== true && !schema.enum.includes(String(value))) return [`${at}: ${String(value)} is none of ${schema.enum.join(', ')}`];
  if (schema.properties === undefined && schema.type !== 'object') return schema.type === undefined || jsonType(value) === schema.type ? [] : [`${at}: no ${schema.type}`];
  if (typeof value !== 'object') return [`${at}: no object`];
  return Object.entries(value).flatMap(([name, part]) => {
    const property = schema.properties?.[name] ?? schema.additionalProperties;
    if (property === undefined && BEYOND.includes(name)) return [];
    return property === undefined ? [`${at}: ${name} is not known`] : faultsOf(definitions, property, part, `${at}.${name}`);
  });
}

const jsonType = (value: unknown): string => (Number.isInteger(value) ? 'integer' : typeof value);

interface DiscoveryMethod {
  readonly id: string;
  readonly response?: Schema;
}
interface DiscoveryResource {
  readonly methods?: Readonly<Record<string, DiscoveryMethod>>;
  readonly resources?: Readonly<Record<string, DiscoveryResource>>;
}

/** Of Google's API: faults of what the method of this id answered. */
export function googleDescription(api: 'iam.v1' | 'iam.v2' | 'iam.v3' | 'cloudresourcemanager.v3' | 'cloudidentity.v1' | 'admin.directory_v1'): (method: string, answer: unknown) => readonly string[] {
  const document = (api === 'iam.v3' ? discoveryOf(join(FOLDER, 'google/iam.v3.protobuf.json'), 'google.iam.v3') : readJson(`google/${api}.discovery.json`)) as DiscoveryResource & { readonly schemas: Definitions };
  const methods = new Map(methodsOf(document).map((method) => [method.id, method]));
  return (id, answer) => {
    const method = methods.get(id);
    return method === undefined ? [`there is no method ${id}`] : faultsOf(document.schemas, method.response ?? {}, answer, id);
  };
}

const methodsOf = ({ methods = {}, resources = {} }: DiscoveryResource): readonly DiscoveryMethod[] =>
  [...Object.values(methods), ...Object.values(resources).flatMap(methodsOf)];

/** Of Azure RBAC: faults of an answer that is to be of this definition. */
export function rbacDescription(file: 'RoleAssignmentsCalls' | 'RoleDefinitionsCalls'): (definition: string, answer: unknown) => readonly string[] {
  const { definitions } = readJson(`azure-rbac/authorization-${file}.2022-04-01.json`) as { readonly definitions: Definitions };
  return (definition, answer) => (definition in definitions ? faultsOf(definitions, { $ref: `#/definitions/${definition}` }, answer, definition) : [`there is no ${definition}`]);
}

interface CsdlType {
  readonly base?: string;
  readonly properties: readonly { readonly name: string; readonly type: string }[];
}
const SIMPLE: Readonly<Record<string, string>> = { 'Edm.String': 'string', 'Edm.Boolean': 'boolean', 'Edm.Guid': 'string', 'Edm.DateTimeOffset': 'string', 'Edm.Int32': 'integer' };

/** Of Microsoft Graph: faults of an object of this type. Annotations are the protocol's own. */
export function graphDescription(): (type: string, answer: unknown) => readonly string[] {
  const { entityTypes, complexTypes } = readJson('microsoft-graph/graph.v1.0.directory.csdl.json') as Record<'entityTypes' | 'complexTypes', Readonly<Record<string, CsdlType>>>;
  const types = { ...complexTypes, ...entityTypes };
  const schemaOf = (type: string): Schema => {
    const item = /^Collection\((.*)\)$/.exec(type)?.[1];
    if (item !== undefined) return { type: 'array', items: schemaOf(item) };
    const simple = SIMPLE[type];
    if (simple !== undefined) return { type: simple };
    return type.replace('graph.', '') in types ? { $ref: type.replace('graph.', '') } : { type: 'any' };
  };
  const propertiesOf = ({ base, properties }: CsdlType): Readonly<Record<string, Schema>> => {
    const inherited = base === undefined ? undefined : types[base.replace('graph.', '')];
    return { ...(inherited === undefined ? {} : propertiesOf(inherited)), ...Object.fromEntries(properties.map(({ name, type }) => [name, schemaOf(type)])) };
  };
  const definitions: Definitions = Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type: 'object', properties: propertiesOf(type) }]));
  return (type, answer) => faultsOf(definitions, { $ref: type }, withoutAnnotations(answer), type);
}

const withoutAnnotations = (answer: unknown): unknown => Object.fromEntries(Object.entries(answer as object).filter(([name]) => !name.startsWith('@')));
