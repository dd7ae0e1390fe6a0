import { portSchema, serviceConfigSchema } from '@wami/platform';
import type { z } from 'zod';

/** What identity reads from its environment when it runs on its own. */
export const identityConfigSchema = serviceConfigSchema.extend({
  WAMI_HTTP_PORT: portSchema.default(8081),
});
export type IdentityConfig = z.infer<typeof identityConfigSchema>;
