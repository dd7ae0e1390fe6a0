import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { sealerFor } from './seal';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const url = (text: string): string => hex(text).toString('base64url');

/** RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, the first message. */
const VECTOR = {
  info: '4f6465206f6e2061204772656369616e2055726e', enc: '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431', skE: '52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736',
  pkR: '3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d', aad: '436f756e742d30', text: '4265617574792069732074727574682c20747275746820626561757479',
  ct: 'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
};

function ephemeral(): { publicKey: KeyObject; privateKey: KeyObject } {
  const key = { kty: 'OKP', crv: 'X25519', x: url(VECTOR.enc) };
  return { publicKey: createPublicKey({ format: 'jwk', key }), privateKey: createPrivateKey({ format: 'jwk', key: { ...key, d: url(VECTOR.skE) } }) };
}

describe('a seal', () => {
  it('is what RFC 9180 says', () => {
    const seal = sealerFor(hex(VECTOR.pkR).toString('base64'), ephemeral(), hex(VECTOR.info).toString());
    expect(Buffer.from(seal?.(hex(VECTOR.text).toString(), hex(VECTOR.aad).toString()) ?? '', 'base64').toString('hex')).toBe(VECTOR.enc + VECTOR.ct);
  });

  it('is another one each time, though the text is the same', () => {
    const to = hex(VECTOR.pkR).toString('base64');
    expect(sealerFor(to)?.('secret', 'a')).not.toBe(sealerFor(to)?.('secret', 'a'));
  });

  it.each([
    ['nothing', undefined], ['too short', Buffer.alloc(31, 9).toString('base64')], ['too long', Buffer.alloc(33, 9).toString('base64')],
    ['of low order, with which everybody agrees on the same', Buffer.alloc(32).toString('base64')], ['of low order, as well', Buffer.from([1, ...Buffer.alloc(31)]).toString('base64')],
  ])('is not made to a key that is %s', (_what, key) => expect(sealerFor(key)).toBeUndefined());
});
