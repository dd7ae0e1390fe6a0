import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
export const KEY_BYTES = 32;

/** Random bytes are drawn for many at a time: that costs as much as for one. */
let drawn = Buffer.alloc(0);
let used = 0;

function freshIv(): Buffer {
  if (used >= drawn.length) [drawn, used] = [randomBytes(IV_BYTES * 512), 0];
  return drawn.subarray(used, used += IV_BYTES);
}

/**
 * AES-256-GCM: iv, ciphertext and tag. `context` is no secret and not kept; only who names the same one opens it, so that a box that was
 * moved to another place does not open there.
 */
export function lock(key: Buffer, context: string, plain: Buffer | string): Buffer {
  const iv = freshIv();
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const first = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  return Buffer.concat([iv, first, cipher.final(), cipher.getAuthTag()]);
}

/** Undefined where the key is another, the box was tampered with, or it was locked for another context. */
export function unlock(key: Buffer, context: string, box: Buffer): Buffer | undefined {
  if (box.length < IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, box.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(box.subarray(box.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(box.subarray(IV_BYTES, box.length - TAG_BYTES)), decipher.final()]);
  } catch {
    // All that GCM says of a box that is not as it was locked.
    return undefined;
  }
}
