import { fieldErrors, ProblemError } from '@wami/platform';
import type { z } from 'zod';

/** A request of a stream, by the same schemas as the routes'. @throws ProblemError ValidationFailed */
export function parsed<S extends z.ZodType>(schema: S, request: unknown): z.infer<S> {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  throw new ProblemError('ValidationFailed', { errors: fieldErrors(result.error) });
}
