import { portSchema, serviceConfigSchema } from '@wami/platform';
import { z } from 'zod';

export const syncAwsConfigSchema = serviceConfigSchema.extend({
  WAMI_HTTP_PORT: portSchema.default(8090),
  WAMI_CONNECTIONS: z.string({ error: 'is required: the path of the connections file (YAML)' }).min(1),
});
export type SyncAwsConfig = z.infer<typeof syncAwsConfigSchema>;
