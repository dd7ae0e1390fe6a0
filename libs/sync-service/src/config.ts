import { identityAddressShape, portSchema, serviceConfigSchema } from '@wami/platform';
import { z } from 'zod';

const checkSeconds = z.coerce.number({ error: 'must be a number of seconds from 10 to 86400' }).min(10, 'must be from 10 to 86400').max(86_400, 'must be from 10 to 86400');
const leaseSeconds = z.coerce.number({ error: 'must be a number of seconds from 2 to 300' }).min(2, 'must be from 2 to 300').max(300, 'must be from 2 to 300');

/** What a sync service is told by its environment; `port`: where it listens unless told otherwise. */
export function syncServiceConfigSchema(port: number) {
  return serviceConfigSchema.extend({
    WAMI_HTTP_PORT: portSchema.default(port),
    ...identityAddressShape,
    WAMI_CONNECTIONS: z.string({ error: 'is required: the path of the connections file (YAML)' }).min(1),
    WAMI_LEASE_SECONDS: leaseSeconds.default(30),
    WAMI_CREDENTIAL_CHECK_SECONDS: checkSeconds.default(900),
  });
}

export type SyncServiceConfig = z.infer<ReturnType<typeof syncServiceConfigSchema>>;
