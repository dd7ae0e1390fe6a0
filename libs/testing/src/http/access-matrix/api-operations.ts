/** Part of a JSON schema, as far as bodies are made from it. */
export interface BodySchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, BodySchema>>;
  readonly required?: readonly string[];
  readonly items?: BodySchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly BodySchema[];
  readonly allOf?: readonly BodySchema[];
}

interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: BodySchema }>> };
  readonly 'x-wami-access'?: NonNullable<ApiOperation['access']> & { readonly where?: Readonly<Record<string, string>> };
}

/** One route as its service describes it. */
export interface ApiOperation {
  /** `PATCH /v1/users/{id}` */
  readonly name: string;
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  /** What stands in every query of it: an operation that asks for more with a parameter is met once without it and once with it. */
  readonly query?: string;
  /** Whom it is for; undefined: it does not say. */
  readonly access?: { readonly permission: string; readonly of: string } | undefined;
  readonly pathParameters: readonly string[];
  readonly queryParameters: readonly string[];
  readonly body?: BodySchema;
  /** Schemas that the body refers to. */
  readonly schemas: Readonly<Record<string, BodySchema>>;
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

/** Every operation that the services describe of themselves. */
export async function apiOperations(origins: readonly string[]): Promise<ApiOperation[]> {
  const all = await Promise.all(origins.map(async (origin) => {
    const document = await (await fetch(`${origin}/openapi.json`)).json() as {
      paths: Record<string, Record<string, Described>>; components?: { schemas?: Record<string, BodySchema> };
    };
    return Object.entries(document.paths).flatMap(([path, verbs]) => METHODS.flatMap((method) => {
      const described = verbs[method];
      return described ? operationsOf(operationOf(origin, method.toUpperCase(), path, described, document.components?.schemas ?? {}), described['x-wami-access']?.where) : [];
    }));
  }));
  return all.flat();
}

function operationsOf(plain: ApiOperation, where: Readonly<Record<string, string>> = {}): ApiOperation[] {
  const asking = Object.entries(where).map(([parameter, permission]): ApiOperation => {
    const query = `${parameter}=true`;
    return { ...plain, name: `${plain.name}?${query}`, query, access: plain.access && { ...plain.access, permission } };
  });
  return [plain, ...asking];
}

function operationOf(origin: string, method: string, path: string, described: Described, schemas: ApiOperation['schemas']): ApiOperation {
  const parameters = (place: string): string[] => (described.parameters ?? []).filter((one) => one.in === place).map(({ name }) => name);
  const body = described.requestBody?.content['application/json']?.schema;
  return {
    name: `${method} ${path}`, origin, method, path, schemas, access: described['x-wami-access'],
    pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name), queryParameters: parameters('query'), ...(body ? { body } : {}),
  };
}
