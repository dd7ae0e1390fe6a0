import { commonConfigSchema, databaseUrlSchema, kafkaConfigShape, masterKeySchema, oidcConfigShape, oidcSignInShape, pepperSchema, portSchema, secretSchema } from '@wami/platform';
import { customConfigShape } from '@wami/sync-custom';
import { z } from 'zod';
import { sandboxesSchema } from './sync-thread/sandbox-clouds';

/** What `npm start` reads from its environment. Everything has a default. */
export const standaloneConfigSchema = commonConfigSchema.extend({
  WAMI_HTTP_PORT: portSchema.default(8080),
  WAMI_LOG_LEVEL: commonConfigSchema.shape.WAMI_LOG_LEVEL.unwrap().default('warn'),
  WAMI_DATA_DIR: z.string().min(1).default('.wami'),
  WAMI_DATABASE_URL: databaseUrlSchema.optional(),
  ...kafkaConfigShape,
  WAMI_CONNECTIONS: z.string().min(1).optional(),
  WAMI_SANDBOXES: sandboxesSchema,
  WAMI_ADAPTER: customConfigShape.WAMI_ADAPTER.optional(),
  WAMI_ADMIN_TOKEN: z.string().min(20, 'must have at least 20 characters').pipe(secretSchema).optional(),
  WAMI_KEY_PEPPER: pepperSchema.optional(),
  WAMI_MASTER_KEY: masterKeySchema.optional(),
  WAMI_MASTER_KEY_PREVIOUS: masterKeySchema.optional(),
  ...oidcConfigShape,
  ...oidcSignInShape,
});
export type StandaloneConfig = z.infer<typeof standaloneConfigSchema>;
