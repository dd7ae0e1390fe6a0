import type { SealedPersonal } from '@wami/contracts';
import { lock, unlock } from './box';

/** Where a sealed value belongs: it opens nowhere else. */
export interface SealedPlace {
  readonly subject: string;
  readonly eventId: string;
}

const contextOf = ({ subject, eventId }: SealedPlace): string => `wami personal v1\n${subject}\n${eventId}`;

/** @param personal JSON */
export function sealValue(key: Buffer, place: SealedPlace, personal: string): SealedPersonal {
  return { sealed: 'v1', value: lock(key, contextOf(place), personal).toString('base64url') };
}

/** Undefined where the value is not of this key and place, or was tampered with. */
export function openValue(key: Buffer, place: SealedPlace, { value }: SealedPersonal): unknown {
  const plain = unlock(key, contextOf(place), Buffer.from(value, 'base64url'));
  return plain && (JSON.parse(plain.toString('utf8')) as unknown);
}
