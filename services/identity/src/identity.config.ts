import { portSchema, serviceConfigSchema } from '@wami/platform';
import type { z } from 'zod';
import { masterKeyShape } from './subject-keys/master-key.config';

/** What identity reads from its environment when it runs on its own. */
export const identityConfigSchema = serviceConfigSchema.extend({
  WAMI_HTTP_PORT: portSchema.default(8081),
  ...masterKeyShape,
});
export type IdentityConfig = z.infer<typeof identityConfigSchema>;
