import { randomBytes } from 'node:crypto';
import { idFrom, type IdKind } from '@wami/contracts';

export function newId(kind: IdKind): string {
  return idFrom(kind, Date.now(), randomBytes(10));
}
