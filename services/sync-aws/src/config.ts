import { identityAddressShape, portSchema, serviceConfigSchema } from '@wami/platform';
import { z } from 'zod';

export const syncAwsConfigSchema = serviceConfigSchema.extend({
  WAMI_HTTP_PORT: portSchema.default(8090),
  ...identityAddressShape,
  WAMI_CONNECTIONS: z.string({ error: 'is required: the path of the connections file (YAML)' }).min(1),
  WAMI_LEASE_SECONDS: z.coerce.number({ error: 'must be a number of seconds from 2 to 300' }).min(2, 'must be from 2 to 300').max(300, 'must be from 2 to 300').default(30),
});
export type SyncAwsConfig = z.infer<typeof syncAwsConfigSchema>;
