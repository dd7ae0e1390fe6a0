import { Type } from 'protobufjs';
import { fits, methodRules, type MethodRule } from '../testing/grpc-methods';
import { standaloneForAll } from '../testing/standalone-for-all';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
}
interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Say in HTTP what a message says otherwise: dryRun in its options, the time to wait by the deadline. */
const NOT_IN_MESSAGES = ['dryRun', 'timeout'];
const RENAMED: Readonly<Record<string, string>> = { limit: 'pageSize', cursor: 'pageToken' };
/** Go on answering, which HTTP does as the other answer of `GET /v1/events`; states over HTTP are asked for again. */
const STREAMS = ['Events.WatchEvents', 'SyncStates.WatchSyncStates'];

jest.setTimeout(120_000);

describe('wami.v1 and /v1 say the same', () => {
  const standalone = standaloneForAll({ name: 'mirror', token: 'the-administrator-of-this-test' });
  const rules = methodRules();
  let document: Document;

  beforeAll(async () => {
    document = await (await fetch(`${standalone().url}/openapi.json`)).json() as Document;
  });

  const operations = (): { readonly name: string; readonly verb: string; readonly path: string; readonly operation: Operation }[] =>
    Object.entries(document.paths).filter(([path]) => path.startsWith('/v1/')).flatMap(([path, verbs]) =>
      Object.entries(verbs).map(([verb, operation]) => ({ name: `${verb.toUpperCase()} ${path}`, verb: verb.toUpperCase(), path, operation })));
  /** Every operation with the method that is it. */
  const pairs = (): { readonly name: string; readonly operation: Operation; readonly rule: MethodRule }[] =>
    operations().flatMap(({ name, verb, path, operation }) => rules.filter((rule) => fits(rule, verb, path)).map((rule) => ({ name, operation, rule })));

  const properties = (schema: Schema | undefined): string[] => {
    if (!schema) return [];
    const known = schema.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    const inner = [...known?.allOf ?? [], ...known?.anyOf ?? [], ...known?.oneOf ?? []].flatMap(properties);
    return [...new Set([...Object.keys(known?.properties ?? {}), ...inner])].sort();
  };
  const itemsOf = (schema: Schema | undefined): Schema | undefined => {
    const known = schema?.$ref === undefined ? schema : document.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    return known?.properties?.['items']?.items;
  };
  const json = (content: Content | undefined): Schema | undefined => content?.content?.['application/json']?.schema;
  const fieldsOf = (type: unknown): string[] => (type instanceof Type ? type.fieldsArray.map(({ name }) => name) : []);

  it('every route has one method, and every method a route or a reason', () => {
    const counted = operations().map(({ name, verb, path }) => [name, rules.filter((rule) => fits(rule, verb, path)).length]);
    expect(counted.length).toBeGreaterThan(50);
    expect(counted.filter(([, count]) => count !== 1)).toEqual([]);
    const without = rules.filter((rule) => !operations().some(({ verb, path }) => fits(rule, verb, path))).map(({ name }) => name);
    expect(without).toEqual(STREAMS);
  });

  it('a request has a field for every parameter and header of its route, and no other', () => {
    for (const { name, operation, rule } of pairs()) {
      const asked = rule.method.resolvedRequestType as Type;
      const inPath = [...(rule.path ?? '').matchAll(/\{(\w+)\}/g)].map(([, field = '']) => camel(field));
      const elsewhere = [...inPath, 'options', ...(rule.body === undefined ? [] : [camel(rule.body)])];
      const parameters = (place: string): string[] => (operation.parameters ?? []).filter((one) => one.in === place).map((one) => one.name);
      const inQuery = parameters('query').filter((one) => !NOT_IN_MESSAGES.includes(one)).map((one) => RENAMED[one] ?? one);
      expect([name, asked.fieldsArray.map((field) => field.name).filter((one) => !elsewhere.includes(one)).sort()]).toEqual([name, inQuery.sort()]);
      const headers = parameters('header').map((one) => one.toLowerCase());
      const options = headers.includes('wami-after') ? 'ReadOptions' : headers.includes('idempotency-key') ? 'WriteOptions' : undefined;
      expect([name, asked.fields['options']?.resolvedType?.name]).toEqual([name, options]);
    }
  });

  it('a body has a field for everything that the route takes', () => {
    for (const { name, operation, rule } of pairs()) {
      const schema = json(operation.requestBody);
      expect([name, rule.body !== undefined]).toEqual([name, schema !== undefined]);
      const body = rule.body === undefined ? undefined : (rule.method.resolvedRequestType as Type).fields[camel(rule.body)]?.resolvedType;
      if (!(body instanceof Type) || body.fullName === '.google.protobuf.Struct') continue;
      expect([name, properties(schema).filter((one) => !fieldsOf(body).includes(one))]).toEqual([name, []]);
    }
  });

  it('an answer has a field for everything that the route answers', () => {
    for (const { name, operation, rule } of pairs()) {
      const answered = rule.method.resolvedResponseType as Type;
      const first = answered.fieldsArray[0]?.resolvedType;
      const holds = [...fieldsOf(answered), ...(answered.fields['written'] || answered.fieldsArray[0]?.repeated ? fieldsOf(first) : [])];
      if (answered.name === 'GetResourceSyncResponse' || holds.includes('config')) continue;
      for (const status of ['200', '201', '202']) {
        const schema = json(operation.responses[status]);
        const told = itemsOf(schema) ? properties(itemsOf(schema)) : properties(schema).filter((one) => one !== 'sync');
        expect([name, status, told.filter((one) => !holds.includes(one))]).toEqual([name, status, []]);
      }
    }
  });
});

const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
