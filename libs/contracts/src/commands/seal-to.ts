import { z } from 'zod';

/** Whom a secret is told that arises at a cloud. */
export const sealToSchema = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'an X25519 public key is 32 bytes in base64').describe('X25519 public key, 32 bytes in base64. The secret is sealed to it: only who has the private key can read it.');
