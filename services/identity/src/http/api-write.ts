import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, type ApiOperationOptions } from '@nestjs/swagger';
import { problemResponses } from './problem-responses';

const header = (name: string, description: string, schema: object = { type: 'string' }): MethodDecorator & ClassDecorator =>
  ApiHeader({ name, description, required: false, schema });

const answered = {
  'Wami-Position': { description: 'Opaque. Send it as `Wami-After` to read what was written.', schema: { type: 'string' } },
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
    header('Idempotency-Key', 'Done once per key and caller in 24 h; a repeat gets the same answer, another request with the key 422.', { type: 'string', maxLength: 255 }),
    header('Prefer', '`wait=N`: answer when every target settled, or after N seconds (at most 60); the body gains `sync`.', { type: 'string', example: 'wait=10' }),
    header('X-Correlation-Id', 'Written on every event of the command.'),
    ...(ifMatch ? [header('If-Match', 'The ETag that the change is based on, or `*`; stale is 412.', { type: 'string', example: '"3"' })] : []),
    ...Object.entries(success).map(([status, { description: text, type }]) =>
      ApiResponse({ status: Number(status), description: text, headers: answered, ...(type ? { type } : {}) })),
    ...problemResponses([400, 401, 409, 415, 422, ...(ifMatch ? [412] : []), ...refusals]),
  );
}
