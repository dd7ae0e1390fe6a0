import { readJson } from './fidelity';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly readOnly?: boolean;
}
interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly schema?: Schema;
}
interface Operation {
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
}
interface Swagger {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly definitions: Readonly<Record<string, Schema>>;
  readonly parameters?: Readonly<Record<string, Parameter>>;
}

const FILES = ['authorization-RoleAssignmentsCalls', 'authorization-RoleDefinitionsCalls'];
const VERSION = '2022-04-01';

/** What Azure's own description of its authorization API says of requests and answers. */
export class RbacDescription {
  private readonly documents = FILES.map((file) => readJson(`api/azure-rbac/${file}.${VERSION}.json`) as Swagger);

  faultsOfRequest(method: string, path: string, query: URLSearchParams, body: unknown): string[] {
    const found = this.operation(method, path);
    if (found === undefined) return [`no operation ${method} ${path}`];
    const parameters = found.operation.parameters.map((one) => found.swagger.parameters?.[one.$ref?.replace('#/parameters/', '') ?? ''] ?? one);
    const known = new Set(['api-version', ...parameters.flatMap(({ in: where, name = '' }) => (where === 'query' ? [name] : []))]);
    const queries = [...query.keys()].filter((key) => !known.has(key)).map((key) => `the operation knows no ${key}`);
    const version = query.get('api-version') === VERSION ? [] : [`api-version ${query.get('api-version')}`];
    const schema = parameters.find(({ in: where }) => where === 'body')?.schema;
    return [...queries, ...version, ...(schema === undefined ? [] : this.faultsOf(found.swagger, schema, body, 'body'))];
  }

  /** Of an answer only what the adapters read is told to be wrong: a recording may come from another version. */
  faultsOfAnswer(method: string, path: string, status: number, body: unknown): string[] {
    const found = this.operation(method, path);
    const schema = found?.operation.responses[String(status)]?.schema;
    return found === undefined || schema === undefined ? [] : this.faultsOf(found.swagger, schema, body, 'answer');
  }

  private operation(method: string, path: string) {
    const all = this.documents.flatMap((swagger) => Object.entries(swagger.paths).map(([template, operations]) => ({ swagger, template, operation: operations[method.toLowerCase()] })));
    // `/{roleAssignmentId}` matches every path.
    const closestFirst = all.sort((a, b) => b.template.length - a.template.length);
    const found = closestFirst.find(({ operation, template }) => operation !== undefined && patternOf(template).test(path));
    return found?.operation === undefined ? undefined : { swagger: found.swagger, operation: found.operation };
  }

  private faultsOf(swagger: Swagger, schema: Schema, value: unknown, at: string): string[] {
    if (schema.$ref !== undefined) {
      const name = /^#\/definitions\/(.+)$/.exec(schema.$ref)?.[1];
      const target = name === undefined ? undefined : swagger.definitions[name];
      return target === undefined ? [] : this.faultsOf(swagger, target, value, at);
    }
    if (value === null || value === undefined) return [];
    if (schema.type === 'array') return Array.isArray(value) ? value.flatMap((item, index) => this.faultsOf(swagger, schema.items ?? {}, item, `${at}[${index}]`)) : [`${at}: no list`];
    if (schema.enum !== undefined && !schema.enum.includes(String(value))) return [`${at}: ${String(value)} is none of ${schema.enum.join(', ')}`];
    if (schema.properties === undefined) return schema.type === undefined || schema.type === 'object' || typeof value === schema.type ? [] : [`${at}: no ${schema.type}`];
    const missing = (schema.required ?? []).filter((key) => !(key in (value as object))).map((key) => `${at}: no ${key}`);
    const parts = Object.entries(value as object).flatMap(([key, part]) => {
      const property = schema.properties?.[key];
      if (property === undefined) return at.startsWith('body') ? [`${at}: ${key} is not known`] : [];
      return this.faultsOf(swagger, property, part, `${at}.${key}`);
    });
    return [...missing, ...parts];
  }
}

/** A parameter stands for one part of a path, the scope and what is called by its whole id for many. */
function patternOf(template: string): RegExp {
  const pattern = template.replace(/\{(\w+)\}/g, (_, name: string) => (/^(scope|roleId|roleAssignmentId)$/.test(name) ? '.+' : '[^/]+'));
  return new RegExp(`^${pattern}$`, 'i');
}
