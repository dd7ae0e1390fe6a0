import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem-error';

const TYPES = ['application/json', 'application/merge-patch+json'];
const MAX_DEPTH = 16;
const MAX_KEYS = 1000;
/** A batch of 1000 operations of 200 values each. */
const MAX_VALUES = 200_000;

/** What PostgreSQL keeps in no text. */
const UNSTORABLE = /\u0000|\p{Surrogate}/u;

/** Reads JSON bodies within limits of depth, of keys per object and of values in all; anything that is no JSON media type is 415. */
export function acceptJsonBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(TYPES, { parseAs: 'buffer' }, (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    try {
      const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body as Buffer));
      checkSize(value, 1, { left: MAX_VALUES });
      done(null, value);
    } catch (error) {
      done(error instanceof ProblemError ? error : new ProblemError('MalformedRequest', { detail: 'the body is not valid JSON in UTF-8' }), undefined);
    }
  });
}

function checkSize(value: unknown, depth: number, values: { left: number }): void {
  if (--values.left < 0) throw new ProblemError('MalformedRequest', { detail: `the body holds more than ${MAX_VALUES} values` });
  if (typeof value === 'string') return checkText(value);
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw new ProblemError('MalformedRequest', { detail: `the body is nested deeper than ${MAX_DEPTH} levels` });
  const keys = Object.keys(value);
  if (!Array.isArray(value)) {
    if (keys.length > MAX_KEYS) throw new ProblemError('MalformedRequest', { detail: `an object of the body has more than ${MAX_KEYS} keys` });
    if (keys.includes('__proto__')) throw new ProblemError('MalformedRequest', { detail: 'a key of the body is not allowed' });
    keys.forEach(checkText);
  }
  for (const part of Object.values(value)) checkSize(part, depth + 1, values);
}

function checkText(text: string): void {
  if (UNSTORABLE.test(text)) throw new ProblemError('MalformedRequest', { detail: 'a text of the body holds U+0000 or half of a surrogate pair' });
}
