interface Schema {
  readonly $ref?: string;
  readonly example?: unknown;
}
interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: object;
}
interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, Media>>;
}
interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: { readonly pattern?: string } }[];
  readonly requestBody?: Answer;
  readonly responses: Readonly<Record<string, Answer>>;
}
export interface Document {
  readonly openapi: string;
  readonly security?: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly examples?: readonly unknown[] }>>;
    readonly responses: Readonly<Record<string, Answer>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

/** What the document fails to say, one line each. */
export function gapsIn(document: Document): string[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => gapsOf(document, path, operation).map((gap) => `${method.toUpperCase()} ${path}: ${gap}`)));
}

function gapsOf(document: Document, path: string, operation: Operation): string[] {
  const isPublic = path.startsWith('/health/');
  const wanted = ['400', '429', '431', '500', '503', ...(isPublic ? [] : ['401', '403']), ...(path.includes('{') ? ['404'] : []), ...(operation.requestBody ? ['413', '415', '422'] : [])];
  const answers = Object.entries(operation.responses).map(([status, answer]) => [status, resolved(document, answer)] as const);
  return [
    ...(operation.summary ? [] : ['no summary']),
    ...(operation.tags?.length ? [] : ['no tag']),
    ...(operation.operationId ? [] : ['no operationId']),
    ...((operation.security ?? document.security ?? []).length === (isPublic ? 0 : 1) ? [] : ['security is wrong']),
    ...wanted.filter((status) => !operation.responses[status]).map((status) => `no answer ${status}`),
    ...('default' in operation.responses ? ['anything may be answered'] : []),
    ...(operation.parameters ?? []).filter((parameter) => parameter.in === 'path' && !parameter.schema?.pattern).map(({ name }) => `${name} may be anything`),
    ...answers.filter(([, { headers }]) => !headers?.['x-request-id']?.required).map(([status]) => `${status} without x-request-id`),
    ...(operation.requestBody ? withoutExample(document, operation.requestBody).map((type) => `no example of the ${type} body`) : []),
    ...answers.flatMap(([status, answer]) => withoutExample(document, answer).map((type) => `no example of ${status} as ${type}`)),
  ];
}

const resolved = (document: Document, answer: Answer): Answer => document.components.responses[answer.$ref?.split('/').at(-1) ?? ''] ?? answer;

/** A stream has no one example. */
function withoutExample({ components }: Document, { content = {} }: Answer): string[] {
  return Object.entries(content).filter(([type, { schema, example, examples }]) => type !== 'text/event-stream'
    && (example ?? examples ?? schema?.example) === undefined && !components.schemas[schema?.$ref?.split('/').at(-1) ?? '']?.examples).map(([type]) => type);
}
