import { createHash, randomBytes, randomInt } from 'node:crypto';

/** 21 digits, as of a service account. Never seeded: an id must not come again after a restart. */
export const newUniqueId = (): string => `1${Array.from({ length: 20 }, () => randomInt(10)).join('')}`;
export const newEtag = (): string => randomBytes(8).toString('base64');

/** Twelve digits, the same for the same id. */
export const projectNumberOf = (project: string): string =>
  String(100_000_000_000 + createHash('sha256').update(project).digest().readUIntBE(0, 6) % 900_000_000_000);

/** Of the organisation that every sandbox project belongs to, and of the folder in it. */
export const ORGANIZATION = '100000000001';
export const FOLDER = '200000000002';

/** Of `example.com:web` the addresses end in `web.example.com.iam.gserviceaccount.com`. */
export const accountDomainOf = (project: string): string => `${project.split(':').reverse().join('.')}.iam.gserviceaccount.com`;

/** Fourteen small letters and digits, as of a group. */
export const newGroupId = (): string => `0${Array.from({ length: 13 }, () => randomInt(36).toString(36)).join('')}`;
