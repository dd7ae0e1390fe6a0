import { readFileSync } from 'node:fs';

interface Field { readonly type: string; readonly rule?: 'repeated'; readonly keyType?: string }
interface Http { readonly get?: string; readonly post?: string; readonly patch?: string; readonly delete?: string; readonly body?: string; readonly additional_bindings?: Http | readonly Http[] }
interface Rpc { readonly requestType: string; readonly parsedOptions: readonly Readonly<Record<string, unknown>>[] }
interface Message {
  readonly fields?: Readonly<Record<string, Field>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly methods?: Readonly<Record<string, Rpc>>;
  readonly nested?: Readonly<Record<string, Message>>;
}
type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: 'string' };
const OBJECT: Schema = { type: 'object', additionalProperties: { type: 'any' } };
const SIMPLE: Readonly<Record<string, Schema>> = {
  string: TEXT, bool: { type: 'boolean' }, int32: { type: 'integer' }, 'google.protobuf.Timestamp': TEXT, 'google.protobuf.FieldMask': TEXT,
  'google.type.Expr': { type: 'object', properties: { expression: TEXT, title: TEXT, description: TEXT, location: TEXT } },
};
const VERBS = { get: 'GET', post: 'POST', patch: 'PATCH', delete: 'DELETE' } as const;
const NAMES: Readonly<Record<string, string>> = { Create: 'create', Get: 'get', Update: 'patch', Delete: 'delete', List: 'list' };

/** A description of an API of Google's in protobuf's own JSON, as the discovery document of it would say it. */
export function discoveryOf(file: string, service: string): Schema {
  const whole = JSON.parse(readFileSync(file, 'utf8')) as Message;
  const top = service.split('.').reduce((message, part) => message.nested?.[part] ?? message, whole).nested ?? {};
  const prefix = service.split('.').at(-2) ?? '';
  const methods = Object.values(top).flatMap((message) => Object.entries(message.methods ?? {})).flatMap(([name, rpc]) => methodsOf(prefix, name, rpc, top));
  return { parameters: { alt: TEXT }, schemas: schemasOf(top, ''), methods: Object.fromEntries(methods.map((method, index) => [String(index), method])) };
}

function schemasOf(messages: Readonly<Record<string, Message>>, outer: string): Readonly<Record<string, Schema>> {
  return Object.fromEntries(Object.entries(messages).flatMap(([name, { fields, nested = {} }]): [string, Schema][] => {
    const own = `${outer}${name}`;
    const properties = Object.entries(fields ?? {}).map(([field, { type, rule, keyType }]): [string, Schema] => {
      const schema = schemaOf(type, nested, messages, own, outer);
      return [field, keyType === undefined ? (rule === 'repeated' ? { type: 'array', items: schema } : schema) : { type: 'object', additionalProperties: schema }];
    });
    return [...(fields ? [[own, { type: 'object', properties: Object.fromEntries(properties) }] as [string, Schema]] : []), ...Object.entries(schemasOf(nested, `${own}.`))];
  }));
}

function schemaOf(type: string, nested: Readonly<Record<string, Message>>, siblings: Readonly<Record<string, Message>>, own: string, outer: string): Schema {
  const found = nested[type] ?? siblings[type];
  if (found === undefined) return SIMPLE[type] ?? OBJECT;
  return found.values ? { type: 'string', enum: Object.keys(found.values) } : { $ref: type in nested ? `${own}.${type}` : `${outer}${type}` };
}

function methodsOf(prefix: string, name: string, { requestType, parsedOptions }: Rpc, top: Readonly<Record<string, Message>>): Schema[] {
  const options = Object.assign({}, ...parsedOptions) as Readonly<Record<string, unknown>>;
  const http = options['(google.api.http)'] as Http;
  const made = (options['(google.longrunning.operation_info)'] as { readonly response_type?: string } | undefined)?.response_type;
  const fields = top[requestType]?.fields ?? {};
  const answer = made === undefined ? { $ref: requestType.replace(/^Get(.*)Request$/, '$1').replace(/Request$/, 'Response') } : operationOf(made, top);
  return [http, ...[http.additional_bindings ?? []].flat()].flatMap((one) => (Object.keys(VERBS) as (keyof typeof VERBS)[]).flatMap((verb) => {
    const template = one[verb];
    if (template === undefined) return [];
    const [, parameter = '', pattern = '', rest = ''] = /^\/v3\/\{([\w.]+)=([^}]+)\}(.*)$/.exec(template) ?? [];
    const collections = `${pattern}${rest}`.split(/[/:]/).filter((part) => part !== '*' && part !== '');
    const method = NAMES[/^[A-Z][a-z]+/.exec(name)?.[0] ?? ''];
    const inBody = one.body?.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
    const inPath = parameter.split('.')[0]?.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
    const query = Object.entries(fields).filter(([field]) => field !== inBody && field !== inPath).map(([field]) => [field, { ...TEXT, location: 'query' }]);
    return [{
      id: [prefix, ...collections, ...(method === undefined ? [] : [method])].join('.'), httpMethod: VERBS[verb], path: `v3/{+at}${rest}`, response: answer,
      parameters: { at: { ...TEXT, location: 'path', pattern: `^${pattern.replaceAll('*', '[^/]+')}$` }, ...Object.fromEntries(query) as object },
      ...(inBody === undefined ? {} : { request: { $ref: fields[inBody]?.type } }),
    }];
  }));
}

/** What an operation ends in is described with the method that begins it. */
function operationOf(made: string, top: Readonly<Record<string, Message>>): Schema {
  const { [made]: schema } = schemasOf(top, '');
  return { type: 'object', properties: { name: TEXT, done: { type: 'boolean' }, metadata: { type: 'object', properties: { '@type': TEXT, ...propertiesOf('OperationMetadata', top) } }, error: OBJECT, response: { type: 'object', properties: { '@type': TEXT, ...(schema ? propertiesOf(made, top) : {}) } } } };
}

const propertiesOf = (name: string, top: Readonly<Record<string, Message>>): object => (schemasOf(top, '')[name]?.['properties'] ?? {}) as object;
