import { rolesWith, type Permission } from '@wami/platform';

/** What this page takes of an OpenAPI document. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
  readonly 'x-wami-access'?: { readonly permission: Permission; readonly of: string; readonly where?: Readonly<Record<string, Permission>> };
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** Whatever is called may be answered so. */
const ALWAYS = ['400', '401', '403', '408', '429', '431', '500', '503'];

const INTRODUCTION = `# Every call over HTTP

Written by \`npm run docs:api\` from the OpenAPI document that WAMI serves at \`/openapi.json\` (and to be read and tried at \`/docs\`), which has every schema and every answer besides; do not edit.
Who may call what: [configuration.md](configuration.md#who-may-call). Every refusal: [errors.md](errors.md). The same over gRPC: [grpc.md](grpc.md).

Lists answer \`{items, nextCursor?}\`; send \`nextCursor\` as \`cursor\` for the next page, with the same filters. Percent-encode tenant ids and ARNs in paths. Any call may answer ${ALWAYS.join(', ')}, which are not repeated below.
`;

/** Said once, above, of whatever takes them. */
const COMMON = ['dryRun', 'timeout', 'Idempotency-Key', 'Prefer', 'X-Correlation-Id', 'If-Match', 'If-None-Match', 'limit', 'cursor', 'Wami-After', 'Wami-Consistency'];

type Schemas = ApiDocument['components']['schemas'];

/** docs/api.md as the document has it. */
export function apiPage({ paths, components: { schemas } }: ApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })))
    .filter(({ operation }) => operation['x-wami-access']?.of !== 'services');
  const tags = [...new Set(operations.map(({ operation }) => tagOf(operation)))];
  return `${[
    INTRODUCTION, '## What many take', '', '| | where | |', '|---|---|---|', ...COMMON.flatMap((name) => commonRow(name, operations.map(({ operation }) => operation))), '',
    ...tags.flatMap((tag) => {
      const own = operations.filter(({ operation }) => tagOf(operation) === tag);
      return [`## ${tag}`, '', '| call | | role |', '|---|---|---|', ...own.map(({ name, operation }) => row(`[\`${name}\`](#${anchor(name)})`, operation.summary ?? '', roleOf(operation))), '', ...own.flatMap(({ name, operation }) => section(name, operation, schemas))];
    }),
  ].join('\n').trimEnd()}\n`;
}

const tagOf = ({ tags = [] }: Operation): string => tags[0] ?? 'other';
const anchor = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9 _-]/g, '').replaceAll(' ', '-');
const row = (...cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;

function commonRow(name: string, operations: readonly Operation[]): string[] {
  const found = operations.flatMap(({ parameters = [] }) => parameters).find((one) => one.name === name);
  return found && wordsOf(found.description, found.schema) !== '' ? [row(`\`${name}\``, found.in, wordsOf(found.description, found.schema))] : [];
}

/** The least role that may; what a parameter asks for beside. */
function roleOf({ 'x-wami-access': access }: Operation): string {
  if (!access) return 'no token';
  const beside = Object.entries(access.where ?? {}).map(([name, permission]) => `; with \`${name}\` ${leastOf(permission)}`);
  return access.of === 'installation' ? 'the administrator' : leastOf(access.permission) + beside.join('');
}
const leastOf = (permission: Permission): string => rolesWith(permission)[0] ?? '';

function section(name: string, { summary = '', parameters = [], requestBody, responses }: Operation, schemas: Schemas): string[] {
  const own = parameters.filter((one) => !COMMON.includes(one.name) && (one.in !== 'path' || one.description !== undefined));
  const common = parameters.filter((one) => COMMON.includes(one.name)).map((one) => `\`${one.name}\``);
  const [body] = Object.values(requestBody?.content ?? {});
  const fields = body ? fieldRows(body.schema, schemas) : [];
  return [
    `### ${name}`, '', `${summary}.${common.length > 0 ? ` Takes ${common.join(', ')}.` : ''}`, '',
    ...(own.length > 0 ? ['| parameter | where | |', '|---|---|---|', ...own.map((one) => row(`\`${one.name}\`${one.required && one.in !== 'path' ? ' (required)' : ''}`, one.in, wordsOf(one.description, one.schema))), ''] : []),
    ...(fields.length > 0 ? ['| field of the body | type | |', '|---|---|---|', ...fields, ''] : []),
    ...(body ? exampleOf(body, schemas) : []),
    `Answers ${Object.entries(responses).filter(([status]) => !ALWAYS.includes(status) || responses[status]?.description).map(([status, { description }]) => (description ? `${status} (${description.replace(/\.$/, '')})` : status)).join(', ')}.`, '',
  ];
}

function resolved(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.split('/').at(-1);
  const target = name === undefined ? undefined : schemas[name];
  return target ? resolved(target, schemas) : schema;
}

/** Of what is an object itself its fields too, one step down. */
function fieldRows(schema: Schema, schemas: Schemas, prefix = ''): string[] {
  const { properties = {}, required = [] } = resolved(schema, schemas);
  return Object.entries(properties).flatMap(([field, one]) => {
    const whole = resolved(one, schemas);
    const own = row(`\`${prefix}${field}\``, `${typeOf(one, schemas)}${required.includes(field) ? '' : ', optional'}`, wordsOf(one.description ?? whole.description, one, false));
    return prefix === '' && whole.properties ? [own, ...fieldRows(whole, schemas, `${field}.`)] : [own];
  });
}

function exampleOf({ schema, example }: { readonly schema: Schema; readonly example?: unknown }, schemas: Schemas): string[] {
  const value = example ?? resolved(schema, schemas).examples?.[0];
  return value === undefined ? [] : ['```json', JSON.stringify(value), '```', ''];
}

function typeOf(schema: Schema, schemas: Schemas): string {
  const { type, enum: values, const: only, anyOf, oneOf, items } = resolved(schema, schemas);
  if (values) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (only !== undefined) return `\`${String(only)}\``;
  const either = anyOf ?? oneOf;
  if (either) return [...new Set(either.map((one) => typeOf(one, schemas)))].join(' or ');
  if (type === 'array') return `list of ${typeOf(items ?? {}, schemas)}`;
  return type ?? 'anything';
}

function wordsOf(description = '', schema: Schema | undefined, values = true): string {
  const allowed = values && schema?.enum ? schema.enum.map((value) => `\`${String(value)}\``).join(', ') : '';
  const fallback = schema?.default === undefined ? '' : `default \`${JSON.stringify(schema.default)}\``.replaceAll('"', '');
  return [description, allowed, fallback].filter(Boolean).join(' ');
}
