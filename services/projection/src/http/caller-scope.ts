import { parseArn, tenantPathSchema } from '@wami/contracts';
import { callerOf, ProblemError, queriedTenant } from '@wami/platform';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

export const tenantFilter = tenantPathSchema.optional().describe('Includes its children; by default your own.');

/** The tenant that the answer is limited to. */
export const scopeOf = (request: FastifyRequest, asked?: string): string => queriedTenant(callerOf(request), asked);

/** An id, or an ARN that names one. */
export interface Reference {
  readonly id: string;
  readonly arn?: string;
}

const referenceSchema = z.string().min(1).max(512).regex(/^[\x21-\x7e]+$/);

/** @throws ProblemError NotFound: what is neither an id nor an ARN cannot exist. */
export function referenceOf(text: string): Reference {
  if (!referenceSchema.safeParse(text).success) throw notFound();
  if (!text.startsWith('arn:')) return { id: text };
  const arn = parseArn(text);
  if (!arn) throw notFound();
  return { id: arn.id, arn: text };
}

export const notFound = (): ProblemError => new ProblemError('NotFound', { detail: 'there is no such resource' });
