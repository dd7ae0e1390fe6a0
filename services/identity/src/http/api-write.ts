import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, type ApiOperationOptions } from '@nestjs/swagger';
import { problemResponses } from './problem-responses';

const header = (name: string, description: string, schema: object = { type: 'string' }): MethodDecorator & ClassDecorator =>
  ApiHeader({ name, description, required: false, schema });

/** As this service writes them. Lists and weak tags are understood too (RFC 9110, 13.1.1). */
const IF_MATCH = '^(\\*|"[1-9][0-9]{0,9}")$';

const answered = {
  'Wami-Position': { description: 'Opaque. Send it as `Wami-After` to read what was written. Not on a dry run.', schema: { type: 'string' } },
  ETag: { description: 'The version in quotes; send it as `If-Match`.', schema: { type: 'string', example: '"3"' } },
  Location: { description: 'Of what was created.', schema: { type: 'string' } },
  'Idempotent-Replayed': { description: 'Where an earlier request with the same key did it: it may have been changed or deleted since.', schema: { type: 'string', example: 'true' } },
  'Preference-Applied': { description: 'Where the answer waited.', schema: { type: 'string', example: 'wait=10' } },
} as const;

export interface ApiWriteOptions {
  readonly summary: string;
  readonly description?: string;
  /** Statuses of success with what they mean, and the body where there is one. */
  readonly success: Readonly<Record<number, { readonly description: string; readonly type?: new () => object }>>;
  /** Statuses of refusal that this route can answer beside those of every write. */
  readonly refusals?: readonly number[];
  /** Whether `If-Match` means something here: not where something is made. */
  readonly ifMatch?: boolean;
}

/** Documents a write: its headers, what it answers and how it refuses. */
export function ApiWrite({ summary, description, success, refusals = [], ifMatch = true }: ApiWriteOptions): MethodDecorator & ClassDecorator {
  const operation: ApiOperationOptions = { summary, ...(description === undefined ? {} : { description }) };
  return applyDecorators(
    ApiOperation(operation),
    header('Idempotency-Key', 'Done once per key and caller in 24 h; a repeat gets the same answer, another request with the key 422.', {
      type: 'string', maxLength: 255, pattern: '^[\\x21-\\x7e]+$', example: 'create-ann-1',
    }),
    header('Prefer', '`wait=N`: answer when every target settled, or after N seconds (at most 60); the body gains `sync`. What cannot be read is ignored.', { type: 'string', example: 'wait=10' }),
    header('X-Correlation-Id', 'Written on every event of the command; ignored unless 1 to 128 printable ASCII characters.', { type: 'string', example: 'import-2026-07' }),
    ...(ifMatch ? [header('If-Match', 'The ETag that the change is based on, or `*`; stale is 412.', { type: 'string', pattern: IF_MATCH, example: '"3"' })] : []),
    ...Object.entries(success).map(([status, { description: text, type }]) =>
      ApiResponse({ status: Number(status), description: text, headers: type && status === '201' ? { ...answered, ETag: { ...answered.ETag, required: true } } : answered, ...(type ? { type } : {}) })),
    ...problemResponses([409, 422, ...(ifMatch ? [412] : []), ...refusals]),
  );
}
