import { randomInt } from 'node:crypto';

/** IAM's own limit: no password policy can ask for more, so this one meets each without its being read. */
const LENGTH = 128;
/** The classes that a password policy can ask for. Of the symbols that IAM counts those by which an error that quotes it is still masked as something opaque (aws.errors.ts). */
const CLASSES = ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '0123456789', '+=%'] as const;
const ALPHABET = CLASSES.join('');

/** A password that nobody can guess and every password policy of an account allows. */
export function newPassword(): string {
  for (;;) {
    const password = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
    if (CLASSES.every((letters) => [...letters].some((letter) => password.includes(letter)))) return password;
  }
}
