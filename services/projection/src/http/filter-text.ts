import { z } from 'zod';

/** Text that a caller filters by: PostgreSQL takes any but NUL. */
export const filterText = (longest: number, shortest = 0): z.ZodString =>
  z.string().min(shortest).max(longest).regex(/^[^\u0000]*$/, 'must not contain NUL');
