import { PROBLEMS, problemSchema, type ProblemCode } from '@wami/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { exampleOf, type JsonSchema } from './example-of';
import { pathParameterSchema } from './path-parameters';

/** Open to everyone, as the routes test lists them. */
const PUBLIC = /^\/health\//;
const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
/** What any operation can answer; `PATHS`, `QUERIES` and `BODIES` come with what it takes. */
const ALWAYS = [400, 408, 429, 431, 500, 503];
const BEHIND_TOKEN = [401, 403];
const PATHS = [404, 414];
const QUERIES = [422];
const BODIES = [413, 415, 422];

const text = { type: 'string' };
const REQUEST_ID = { 'x-request-id': { description: 'Names this request in our log.', required: true, schema: text } };
const RETRY_AFTER = { 'retry-after': { description: 'Seconds until it makes sense to ask again.', required: true, schema: { type: 'integer', minimum: 1 } } };
const HEADERS_OF: Readonly<Record<number, object>> = {
  401: { 'www-authenticate': { description: 'The scheme.', required: true, schema: text } },
  405: { allow: { description: 'Methods that the path has.', required: true, schema: text } },
  429: { ...RETRY_AFTER, ratelimit: { description: 'What is left to the caller and when there is more.', schema: { type: 'string', example: '"caller";r=0;t=1' } } },
};

interface WithContent {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** Says of every operation what holds for all of them, so that no controller can forget it: refusals, headers, security, path parameters. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...problemSchemas() }, responses: problemResponses() };
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) completeOperation(document, path, operation);
    }
  }
  return document;
}

function completeOperation(document: OpenAPIObject, path: string, operation: Operation): void {
  const isPublic = PUBLIC.test(path);
  if (isPublic) operation.security = [];
  const parameters = (operation.parameters ?? []).filter((one) => 'in' in one);
  for (const parameter of parameters) {
    if (parameter.in === 'path') parameter.schema = { ...parameter.schema, ...pathParameterSchema(path, parameter.name) };
  }
  const has = (place: string): boolean => parameters.some((parameter) => parameter.in === place);
  if (operation.requestBody && 'content' in operation.requestBody && isOptional(document, operation.requestBody.content)) operation.requestBody.required = false;
  if (operation.requestBody) operation.requestBody = withExample(document, operation.requestBody as WithContent) as typeof operation.requestBody;
  const refusals = [
    ...ALWAYS, ...(isPublic ? [] : BEHIND_TOKEN), ...(has('path') ? PATHS : []), ...(has('query') ? QUERIES : []), ...(operation.requestBody ? BODIES : []),
    ...Object.keys(operation.responses).map(Number).filter((status) => status >= 400),
  ];
  const successes = Object.entries(operation.responses).filter(([status, response]) => Number(status) < 400 || isAnswerOfItsOwn(response ?? {}));
  operation.responses = Object.fromEntries([
    ...refusals.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
    ...successes.map(([status, response]) => [status, withExample(document, withRequestId(response ?? {}))]),
  ]) as Operation['responses'];
}

/** A value is easier read than its schema. Where the schema says an example itself, that is shown. */
function withExample(document: OpenAPIObject, holder: WithContent): object {
  const components = (document.components?.schemas ?? {}) as Readonly<Record<string, JsonSchema>>;
  const media = Object.entries(holder.content ?? {}).filter(([type, { schema }]) => schema && /^application\/(.*\+)?json$/.test(type) && !says(schema, components))
    .map(([type, one]) => [type, { example: exampleOf(one.schema ?? {}, components), ...one }]);
  return media.length === 0 ? holder : { ...holder, content: { ...holder.content, ...Object.fromEntries(media) as object } };
}

const says = ({ examples, $ref }: JsonSchema, components: Readonly<Record<string, JsonSchema>>): boolean =>
  examples !== undefined || components[$ref?.split('/').at(-1) ?? '']?.examples !== undefined;

function withRequestId(response: object): object {
  return { ...response, headers: { ...('headers' in response ? response.headers as object : {}), ...REQUEST_ID } };
}

/** A status of refusal whose body is no problem, such as that of health. */
function isAnswerOfItsOwn(response: object): boolean {
  return 'content' in response && typeof response.content === 'object' && response.content !== null && !('application/problem+json' in response.content);
}

/** A body whose schema has a default may be left out. */
function isOptional(document: OpenAPIObject, content: object): boolean {
  return Object.values(content).some(({ schema }: { schema?: { $ref?: string } }) => {
    const name = schema?.$ref?.split('/').at(-1);
    return name !== undefined && 'default' in (document.components?.schemas?.[name] ?? {});
  });
}

/** `Problem` and what it refers to. */
function problemSchemas(): Record<string, never> {
  const { $defs } = z.toJSONSchema(problemSchema) as { $defs: Record<string, object> };
  return JSON.parse(JSON.stringify($defs).replaceAll('#/$defs/', '#/components/schemas/')) as Record<string, never>;
}

/** One answer for each status, with the codes that go with it. */
function problemResponses(): Record<string, never> {
  const statuses = [...new Set(Object.values(PROBLEMS).map(([status]) => status))];
  return Object.fromEntries(statuses.map((status) => [`Problem${status}`, problemResponse(status)])) as Record<string, never>;
}

function problemResponse(status: number): object {
  const codes = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => PROBLEMS[code][0] === status);
  const examples = Object.fromEntries(codes.map((code) => [code, { value: {
    type: `https://wami.dev/problems/${code}`, title: PROBLEMS[code][1], status, code, requestId: 'req_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y', retryable: status === 429 || status === 503,
  } }]));
  return {
    description: codes.map((code) => `${code}: ${PROBLEMS[code][1]}.`).join(' '), headers: { ...REQUEST_ID, ...HEADERS_OF[status] },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, examples } },
  };
}
