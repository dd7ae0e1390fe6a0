import { createHash } from 'node:crypto';
import { partAt } from '@wami/provider-port';

const FIELDS = 'fields/';

/** The name of an inline policy or a federated credential may be about a person: what is said of it in the open, after that person was erased too, is this. */
export const nameInTheOpen = (name: string): string => createHash('sha256').update(name).digest('base64url').slice(0, 22);

/** Where a difference is, as it may stand in the open. */
export function placeInTheOpen(at: string): string {
  const part = at.startsWith(FIELDS) ? partAt(at.slice(FIELDS.length)) : undefined;
  return part ? `${FIELDS}${part.part}/${nameInTheOpen(part.name)}` : at;
}
