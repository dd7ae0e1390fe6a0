import { createDecipheriv, createHmac, createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A pair of keys for one secret. The private one stays in this process and ends with it. */
export interface Recipient {
  /** What the secret is to be sealed to: `sealTo`. */
  readonly sealTo: string;
  /** @throws where it was not sealed to this recipient, as this `aad`, or was changed on the way */
  open(sealed: string, aad: string): string;
}

const ENCAPSULATED_BYTES = 32;
const TAG_BYTES = 16;
const INFO = Buffer.from('wami sealed secret v1');
/** DHKEM(X25519, HKDF-SHA256); HKDF-SHA256; AES-128-GCM. */
const KEM_SUITE = Buffer.from([...Buffer.from('KEM'), 0x00, 0x20]);
const SUITE = Buffer.from([...Buffer.from('HPKE'), 0x00, 0x20, 0x00, 0x01, 0x00, 0x01]);

export function newRecipient(): Recipient {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const own = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return { sealTo: own.toString('base64'), open: (sealed, aad) => openSealed(privateKey, own, Buffer.from(sealed, 'base64'), aad) };
}

/** HPKE (RFC 9180) in base mode, one message, as docs/access-keys.md says. */
function openSealed(privateKey: KeyObject, own: Buffer, sealed: Buffer, aad: string): string {
  const encapsulated = sealed.subarray(0, ENCAPSULATED_BYTES);
  const sender = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: encapsulated.toString('base64url') } });
  const agreed = extract(KEM_SUITE, Buffer.alloc(0), 'eae_prk', diffieHellman({ privateKey, publicKey: sender }));
  const shared = expand(KEM_SUITE, agreed, 'shared_secret', Buffer.concat([encapsulated, own]), 32);
  const context = Buffer.concat([Buffer.from([0]), extract(SUITE, Buffer.alloc(0), 'psk_id_hash', Buffer.alloc(0)), extract(SUITE, Buffer.alloc(0), 'info_hash', INFO)]);
  const secret = extract(SUITE, shared, 'secret', Buffer.alloc(0));
  const decipher = createDecipheriv('aes-128-gcm', expand(SUITE, secret, 'key', context, 16), expand(SUITE, secret, 'base_nonce', context, 12), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad)).setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(ENCAPSULATED_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}

function extract(suite: Buffer, salt: Buffer, label: string, material: Buffer): Buffer {
  return createHmac('sha256', salt).update(Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from(label), material])).digest();
}

/** Of at most 32 bytes. */
function expand(suite: Buffer, key: Buffer, label: string, info: Buffer, length: number): Buffer {
  const labelled = Buffer.concat([Buffer.from([0, length]), Buffer.from('HPKE-v1'), suite, Buffer.from(label), info, Buffer.from([1])]);
  return createHmac('sha256', key).update(labelled).digest().subarray(0, length);
}
