import { randomBytes } from 'node:crypto';

const BYTES = 10;
const AT_ONCE = 400;

/** Ten random bytes at a time; drawn in blocks, because each draw costs as much as preparing an event. */
export function randomTens(): () => Uint8Array {
  let block = Buffer.alloc(0);
  let next = 0;
  return () => {
    if (next >= block.length) {
      block = randomBytes(BYTES * AT_ONCE);
      next = 0;
    }
    return block.subarray(next, next += BYTES);
  };
}
