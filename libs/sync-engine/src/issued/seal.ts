import { createCipheriv, createHmac, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** Seals a text; `aad` has to be named by who opens it. Base64 of the encapsulated key (32 bytes), the ciphertext, and its tag (16 bytes). */
export type Seal = (text: string, aad: string) => string;

/** What everything sealed here is meant for: a seal of another program does not open as one of ours. */
export const SEAL_INFO = 'wami sealed secret v1';

/** DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM: the suite of RFC 9180 that has published vectors and every library. */
const [KEM, KDF, AEAD] = [0x0020, 0x0001, 0x0001];
const [KEY_BYTES, NONCE_BYTES] = [16, 12];

/** HPKE (RFC 9180) in base mode, one message. Undefined where this is no public key that a secret can be agreed on with. */
export function sealerFor(publicKey: unknown, ephemeral: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = generateKeyPairSync('x25519'), info = SEAL_INFO): Seal | undefined {
  try {
    const recipient = Buffer.from(String(publicKey), 'base64');
    const encapsulated = rawOf(ephemeral.publicKey);
    const agreed = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: keyOf(recipient) });
    const { key, nonce } = schedule(sharedSecret(agreed, Buffer.concat([encapsulated, recipient])), Buffer.from(info));
    return (text, aad) => {
      const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(Buffer.from(aad));
      return Buffer.concat([encapsulated, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
    };
  } catch {
    return undefined;
  }
}

const rawOf = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
const keyOf = (raw: Buffer): KeyObject => createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: raw.toString('base64url') } });

const twoBytes = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const KEM_SUITE = Buffer.concat([Buffer.from('KEM'), twoBytes(KEM)]);
const SUITE = Buffer.concat([Buffer.from('HPKE'), twoBytes(KEM), twoBytes(KDF), twoBytes(AEAD)]);

function extract(suite: Buffer, salt: Buffer, label: string, material: Buffer): Buffer {
  return createHmac('sha256', salt).update(Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from(label), material])).digest();
}

/** Of at most 32 bytes, which is one block. */
function expand(suite: Buffer, key: Buffer, label: string, info: Buffer, length: number): Buffer {
  const labelled = Buffer.concat([twoBytes(length), Buffer.from('HPKE-v1'), suite, Buffer.from(label), info]);
  return createHmac('sha256', key).update(Buffer.concat([labelled, Buffer.from([1])])).digest().subarray(0, length);
}

const NOTHING = Buffer.alloc(0);

function sharedSecret(agreed: Buffer, context: Buffer): Buffer {
  return expand(KEM_SUITE, extract(KEM_SUITE, NOTHING, 'eae_prk', agreed), 'shared_secret', context, 32);
}

function schedule(shared: Buffer, info: Buffer): { readonly key: Buffer; readonly nonce: Buffer } {
  const context = Buffer.concat([Buffer.from([0]), extract(SUITE, NOTHING, 'psk_id_hash', NOTHING), extract(SUITE, NOTHING, 'info_hash', info)]);
  const secret = extract(SUITE, shared, 'secret', NOTHING);
  return { key: expand(SUITE, secret, 'key', context, KEY_BYTES), nonce: expand(SUITE, secret, 'base_nonce', context, NONCE_BYTES) };
}
