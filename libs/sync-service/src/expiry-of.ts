import { readFileSync } from 'node:fs';
import { secretReferenceSchema } from '@wami/provider-port';
import { z } from 'zod';

const literal = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** When a secret ends that does not say so itself: a date, or `env:NAME` or `file:PATH` where it is rotated together with the secret. */
export const expirySchema = z.string().refine((text) => [literal, secretReferenceSchema].some((form) => form.safeParse(text).success), 'write a date such as 2027-01-31, or env:NAME or file:PATH where it stands');

/** As RFC 3339, read anew; undefined where nothing is said, or no date stands there now. */
export function expiryOf(expiresAt: string | undefined): string | undefined {
  const text = expiresAt === undefined || literal.safeParse(expiresAt).success ? expiresAt : textOf(expiresAt);
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function textOf(reference: string): string | undefined {
  if (reference.startsWith('env:')) return process.env[reference.slice(4)]?.trim();
  try {
    return readFileSync(reference.slice(5), 'utf8').trim();
  } catch {
    // Without a date nothing is warned of; the secret itself is told of where it cannot be read.
    return undefined;
  }
}
