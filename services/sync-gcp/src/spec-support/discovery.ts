import { readFileSync } from 'node:fs';
import { discoveryOf } from '@wami/testing';

interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
}
interface Method {
  readonly id: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly parameters?: Readonly<Record<string, Schema & { readonly location: 'path' | 'query'; readonly required?: boolean }>>;
  readonly request?: Schema;
  readonly response?: Schema;
}
interface Resource {
  readonly methods?: Readonly<Record<string, Method>>;
  readonly resources?: Readonly<Record<string, Resource>>;
}

export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly requestBody?: unknown;
  readonly status: number;
  readonly responseBody?: unknown;
}
export interface Judged {
  /** `iam.projects.roles.get` */
  readonly operation: string;
  readonly problems: readonly string[];
}

/** A discovery document of Google's: what requests and answers of an API must be like. */
export class Discovery {
  private readonly document: Resource & { readonly parameters: Readonly<Record<string, Schema>>; readonly schemas: Readonly<Record<string, Schema>> };
  private readonly methods: readonly Method[];

  /** `file`: the document itself, or the protobuf description of IAM v3, of which there is none. */
  constructor(file: string) {
    this.document = file.endsWith('.protobuf.json') ? discoveryOf(file, 'google.iam.v3') as unknown as typeof this.document : JSON.parse(readFileSync(file, 'utf8'));
    this.methods = methodsOf(this.document);
  }

  /** Which operation this is, and all that is wrong about it; undefined where the API has no such operation. */
  judge({ method, url, requestBody, status, responseBody }: Exchange): Judged | undefined {
    const { pathname, searchParams } = new URL(url, 'http://google');
    const found = this.methods.find((one) => one.httpMethod === method && pathPattern(one).test(decodeURIComponent(pathname)));
    if (found === undefined) return undefined;
    const body = found.request ? this.problems(requestBody ?? {}, found.request, 'request') : requestBody === undefined ? [] : ['request: a body where none belongs'];
    const answer = status === 200 && found.response ? this.problems(responseBody, found.response, 'answer') : [];
    return { operation: found.id, problems: [...this.queryProblems(found, searchParams), ...body, ...answer] };
  }

  private queryProblems({ parameters = {} }: Method, query: URLSearchParams): string[] {
    const known = { ...this.document.parameters, ...parameters };
    return [...query].flatMap(([name, value]) => {
      const schema = known[name.replace(/^\$(?=alt$)/, '')];
      if (schema === undefined) return [`query: ${name} is no parameter`];
      return name.endsWith('alt') || schema.enum === undefined || schema.enum.includes(value) ? [] : [`query: ${name} cannot be ${value}`];
    });
  }

  private problems(value: unknown, schema: Schema, at: string): string[] {
    if (schema.$ref !== undefined) return this.problems(value, this.document.schemas[schema.$ref] ?? {}, at);
    switch (schema.type) {
      case 'object':
        return this.objectProblems(value, schema, at);
      case 'array':
        return Array.isArray(value) ? value.flatMap((item, index) => this.problems(item, schema.items ?? {}, `${at}[${index}]`)) : [`${at} is no list`];
      case 'integer':
        return Number.isInteger(value) ? [] : [`${at} is no whole number`];
      case 'boolean':
        return typeof value === 'boolean' ? [] : [`${at} is neither true nor false`];
      case 'string':
        // With `enum-encoding=int` values of enums are numbers.
        if (schema.enum !== undefined && typeof value === 'number') return [];
        if (typeof value !== 'string') return [`${at} is no text`];
        return schema.enum === undefined || schema.enum.includes(value) ? [] : [`${at} cannot be ${value}`];
      default:
        return [];
    }
  }

  private objectProblems(value: unknown, { properties = {}, additionalProperties }: Schema, at: string): string[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no object`];
    return Object.entries(value).flatMap(([name, part]) => {
      const schema = properties[name] ?? additionalProperties;
      return schema === undefined ? [`${at}.${name} does not exist`] : this.problems(part, schema, `${at}.${name}`);
    });
  }
}

function methodsOf({ methods = {}, resources = {} }: Resource): Method[] {
  return [...Object.values(methods), ...Object.values(resources).flatMap(methodsOf)];
}

/** `v1/{+name}` with the pattern that the parameter has. */
function pathPattern({ path, parameters = {} }: Method): RegExp {
  const text = path.replace(/[.:]/g, '\\$&').replace(/\{\+?(\w+)\}/g, (_, name: string) => `(?:${(parameters[name]?.pattern ?? '[^/]+').replace(/^\^|\$$/g, '')})`);
  return new RegExp(`^/${text}$`);
}
