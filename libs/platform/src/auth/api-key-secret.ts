import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Secret } from '../config/secret';

/** What scanners of leaked secrets look for: `wami_pat_`, 40 characters of base 62 (238 random bits), `_`, and their CRC-32 in 6. */
export const API_KEY_PATTERN = /^wami_pat_([0-9A-Za-z]{40})_([0-9A-Za-z]{6})$/;

const PREFIX = 'wami_pat_';
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 40;
/** Greatest multiple of 62 that a byte holds: bytes from here on are thrown away, so that every character is as likely. */
const FAIR = 248;

export function newApiKeySecret(): Secret {
  let random = '';
  while (random.length < LENGTH) {
    for (const byte of randomBytes(LENGTH)) if (byte < FAIR && random.length < LENGTH) random += BASE62.charAt(byte % 62);
  }
  return new Secret(`${PREFIX}${random}_${checksum(random)}`);
}

/** Whether a text can be one of our secrets, without asking anybody: mistyped and invented ones have no checksum. */
export function looksLikeApiKey(text: string): boolean {
  const [, random, sum] = API_KEY_PATTERN.exec(text) ?? [];
  return random !== undefined && sum === checksum(random);
}

/** What is kept of a secret: useless without the pepper, which is in no database. */
export function hashApiKey(pepper: Secret, secret: string): string {
  return createHmac('sha256', pepper.reveal()).update(secret).digest('base64url');
}

function checksum(text: string): string {
  let out = '';
  for (let rest = crc32(text); out.length < 6; rest = Math.floor(rest / 62)) out = BASE62.charAt(rest % 62) + out;
  return out;
}
