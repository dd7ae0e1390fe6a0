import { applyDecorators, type Type } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';

const CONSISTENCY = 'strong: all that was committed when the query arrived; max-lag=N: no older than N seconds. What cannot be met in 10 s is 503.';

export interface ApiReadModelOptions {
  readonly summary: string;
  readonly description?: string;
  readonly type: Type<unknown>;
}

/** Documents a query: the consistency that a reader may ask for, and the position that each answer carries. */
export function ApiReadModel({ summary, description, type }: ApiReadModelOptions): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ApiHeader({ name: 'Wami-After', required: false, description: 'The Wami-Position of a write, to read what it wrote.', schema: { type: 'string', maxLength: 4096 } }),
    ApiHeader({
      name: 'Wami-Consistency', required: false, description: CONSISTENCY,
      schema: { type: 'string', pattern: '^(strong|max-lag=[0-9]{1,6}([.][0-9]{1,3})?)$', example: 'max-lag=5' },
    }),
    ApiResponse({
      status: 200, description: 'What is there, as old as `Wami-Position` says.', type,
      headers: { 'Wami-Position': { description: 'How far the read models are. Opaque.', required: true, schema: { type: 'string' } } },
    }),
  );
}
