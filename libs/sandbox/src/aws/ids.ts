import { randomBytes } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A unique id as IAM writes it. Never seeded: an id must not come again after a restart. */
export const newUserId = (): string => `AIDA${base32(17)}`;
export const newGroupId = (): string => `AGPA${base32(17)}`;
export const newRoleId = (): string => `AROA${base32(17)}`;
export const newPolicyId = (): string => `ANPA${base32(17)}`;
export const newAccessKeyId = (): string => `AKIA${base32(16)}`;
export const newSecretAccessKey = (): string => randomBytes(30).toString('base64');

function base32(length: number): string {
  return Array.from(randomBytes(length), (byte) => BASE32.charAt(byte & 31)).join('');
}
