import { decodePosition, type PositionVector } from '@wami/contracts';
import { ProblemError } from '@wami/platform';
import { EVENTS } from './applied';

/** What a reader asks of the read models' age. */
export interface Consistency {
  readonly after?: PositionVector;
  readonly strong: boolean;
  /** Seconds. */
  readonly maxLag?: number;
}

type Header = string | readonly string[] | undefined;

/** @throws ProblemError MalformedRequest */
export function parseConsistency(after: Header, consistency: Header, sources: readonly string[]): Consistency {
  const vector = after === undefined ? undefined : parseAfter(after, sources);
  return { ...(vector ? { after: vector } : {}), ...parseLevel(consistency) };
}

function parseAfter(header: Exclude<Header, undefined>, sources: readonly string[]): PositionVector {
  const vector = typeof header === 'string' ? decodePosition(header) : undefined;
  if (!vector || !Object.keys(vector).every((source) => source === EVENTS || sources.includes(source))) {
    throw new ProblemError('MalformedRequest', { detail: 'Wami-After must be the Wami-Position of an answer' });
  }
  return vector;
}

function parseLevel(header: Header): { readonly strong: boolean; readonly maxLag?: number } {
  if (header === undefined) return { strong: false };
  if (header === 'strong') return { strong: true };
  const seconds = typeof header === 'string' ? /^max-lag=(\d{1,6}(?:\.\d{1,3})?)$/.exec(header)?.[1] : undefined;
  if (seconds === undefined) throw new ProblemError('MalformedRequest', { detail: 'Wami-Consistency must be strong or max-lag=SECONDS' });
  return { strong: false, maxLag: Number(seconds) };
}
