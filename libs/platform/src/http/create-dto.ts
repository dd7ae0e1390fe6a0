import { createZodDto, type ZodDto } from 'nestjs-zod';
import type { z } from 'zod';

/**
 * A DTO class from a contract's schema; the class's own name becomes the schema's name in OpenAPI. The root's `id` is left out, because
 * nestjs-zod refuses a document in which a schema with an id stands both as a DTO and as a definition; nested ids stay and are shared.
 */
export function createDto<S extends z.ZodType>(schema: S): ZodDto<S, false> {
  const { id: _id, ...meta } = schema.meta() ?? {};
  return createZodDto(schema.clone().meta(meta) as S);
}
