import { ProblemError } from '@wami/platform';
import type { Loaded } from './aggregate';

/** `If-Match`: `*` asks for any existing version, otherwise one of the listed versions must be the current one. */
export type IfMatch = '*' | ReadonlySet<number>;

/** @throws ProblemError MalformedRequest. A weak tag is well-formed and never matches (RFC 9110, 13.1.1). */
export function parseIfMatch(header: string | undefined): IfMatch | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => /^(W\/)?"[\x21\x23-\x7e]{0,100}"$/.test(tag))) {
    throw new ProblemError('MalformedRequest', { detail: 'If-Match must be * or the ETag of an answer, for example "3"' });
  }
  return new Set(tags.flatMap((tag) => /^"([1-9]\d{0,9})"$/.exec(tag)?.[1] ?? []).map(Number));
}

/** @throws ProblemError VersionConflict */
export function checkIfMatch(ifMatch: IfMatch | undefined, loaded: Loaded<unknown>, exists: boolean): void {
  if (ifMatch === undefined || (exists && (ifMatch === '*' || ifMatch.has(loaded.version)))) return;
  throw new ProblemError('VersionConflict', {
    detail: exists ? `the current version is ${loaded.version}` : 'there is nothing yet', params: { version: loaded.version },
    hint: 'read it again, decide anew, and send the new ETag as If-Match',
  });
}

export const etagOf = (version: number): string => `"${version}"`;

/** True where `If-None-Match` names the current version, so that the caller's copy is still good. */
export function isNotModified(header: string | undefined, version: number): boolean {
  return header !== undefined && header.split(',').some((tag) => ['*', etagOf(version)].includes(tag.trim().replace(/^W\//, '')));
}
