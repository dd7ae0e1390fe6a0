import type { ApiOperation, BodySchema } from './api-operations';
import { collectionOf, type Side } from './sides';

export interface BuiltRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
}

/** Says of which side the thing is that a request names in some place: `path:userId`, `body:tenant`, `query:tenant`. */
export type Pick = (place: string) => Side;

const QUERY_REFERENCES = ['tenant', 'parent'];
let number = 0;

/** The places in which requests of an operation can name something. */
export function placesOf(operation: ApiOperation, side: Side): string[] {
  const places: string[] = [];
  buildRequest(operation, (place) => { places.push(place); return side; });
  return [...new Set([...places, ...operation.queryParameters.filter((name) => QUERY_REFERENCES.includes(name)).map((name) => `query:${name}`)])];
}

/** The collections of which requests of an operation name a thing. */
export function collectionsNamed(operation: ApiOperation, side: Side): ReadonlySet<string> {
  const named = new Set<string>();
  const ids = new Proxy(side.ids, {
    get(known, collection: string) {
      named.add(collection);
      return known[collection];
    },
  });
  buildRequest(operation, () => ({ ...side, ids }));
  return named;
}

/** A request that the operation takes, with its references from the sides that are picked. Every request is another one: names are used once. */
export function buildRequest(operation: ApiOperation, pick: Pick, queried: readonly string[] = []): BuiltRequest {
  number++;
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => {
    const collection = collectionOf(operation.path, parameter);
    const id = pick(`path:${parameter}`).ids[collection];
    if (id === undefined) throw new Error(`${operation.name}: nothing is known of the collection ${collection}`);
    return encodeURIComponent(id);
  });
  const query = new URLSearchParams(queried.map((place): [string, string] => [place.slice('query:'.length), pick(place).tenant]));
  const asked = [operation.query ?? '', String(query)].filter((part) => part !== '').join('&');
  const url = `${operation.origin}${path}${asked === '' ? '' : `?${asked}`}`;
  const body = operation.body && sample(operation.body, operation, pick);
  return { method: operation.method, url, ...(body === undefined ? {} : { body }) };
}

type Hint = (pick: Pick) => unknown;

/** What a property of this name holds, wherever it stands. Optional ones are left out unless they name something. */
const REFERENCES: Readonly<Record<string, Hint>> = {
  tenant: (pick) => pick('body:tenant').tenant,
  filter: (pick) => ({ tenant: pick('body:filter').tenant }),
  resources: (pick) => [pick('body:resources').ids['users']],
  resource: (pick) => pick('body:resource').ids['users'],
  operations: (pick) => [
    { method: 'POST', path: '/v1/users', body: { tenant: pick('body:operations').tenant, userName: `batch-${number}` } },
    { method: 'PATCH', path: `/v1/users/${pick('body:operations').ids['users'] ?? ''}`, body: { displayName: `Batch ${number}` } },
  ],
};
const VALUES: Readonly<Record<string, Hint>> = { provider: () => 'aws', account: () => '000000000001', strategy: () => 'skip', role: () => 'viewer' };

function sample(schema: BodySchema, operation: ApiOperation, pick: Pick): unknown {
  const known = schema.$ref === undefined ? schema : operation.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {};
  if (known.allOf?.[0]) return sample(known.allOf[0], operation, pick);
  if (known.properties === undefined) return known.examples?.[0] ?? known.enum?.[0] ?? known.const ?? known.default ?? (known.anyOf?.[0] ? sample(known.anyOf[0], operation, pick) : plain(known));
  const given = typeof known.examples?.[0] === 'object' ? known.examples[0] as Readonly<Record<string, unknown>> : {};
  const names = Object.keys(known.properties).filter((name) => known.required?.includes(name) || name in given || name in REFERENCES);
  return Object.fromEntries(names.map((name) => [name, valueOf(name, operation, pick) ?? given[name] ?? sample(known.properties?.[name] ?? {}, operation, pick)]));
}

function valueOf(name: string, operation: ApiOperation, pick: Pick): unknown {
  if (name === 'id' && operation.path === '/v1/tenants') return `${pick('body:id').tenant}/t${number}x`;
  if (name === 'name' || name.endsWith('Name')) return `made-${number}`;
  return REFERENCES[name]?.(pick) ?? VALUES[name]?.(pick);
}

function plain({ type }: BodySchema): unknown {
  const values: Readonly<Record<string, unknown>> = { string: 'text', number: 1, integer: 1, boolean: true, array: [], object: {} };
  return values[String(Array.isArray(type) ? type[0] : type)] ?? 'text';
}
