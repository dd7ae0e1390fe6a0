import { hkdfSync } from 'node:crypto';
import type { Secret } from '@wami/platform';

/** What the logs are sealed with: of the pepper, which every service has and no database. */
export const sealKeyOf = (pepper: Secret): Buffer => Buffer.from(hkdfSync('sha256', pepper.reveal(), '', 'wami log seals v1', 32));
