import { createHmac } from 'node:crypto';
import { ProviderError } from '@wami/provider-port';

const STEP_MS = 30_000;
const DIGITS = 6;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that a virtual device shows at that time (RFC 6238 with SHA-1): six digits, another one every thirty seconds. */
export function codeAt(seed: string, epochMs: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(epochMs / STEP_MS)));
  const digest = createHmac('sha1', fromBase32(seed)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** What somebody types who waited for the next code: the one before, and the one that is shown now. */
export function codesInARow(seed: string, epochMs: number): readonly [string, string] {
  return [codeAt(seed, epochMs - STEP_MS), codeAt(seed, epochMs)];
}

/** RFC 4648. @throws ProviderError `Internal` where it is none */
function fromBase32(text: string): Buffer {
  const digits = [...text.replace(/=+$/, '').toUpperCase()].map((letter) => BASE32.indexOf(letter));
  if (digits.length === 0 || digits.includes(-1)) throw new ProviderError('Internal', 'the seed that IAM answered is no text in base 32', { effect: 'unknown' });
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
