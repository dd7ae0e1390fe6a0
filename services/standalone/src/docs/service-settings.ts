import { identityConfigSchema } from '@wami/identity';
import { projectionConfigSchema } from '@wami/projection';
import { SYNC_SERVICES } from '@wami/service-runtime';
import { customConfigShape } from '@wami/sync-custom';
import { syncServiceConfigSchema } from '@wami/sync-service';

/** What each sync service that runs apart reads from its environment, with its name. */
export const SYNC_SERVICE_SETTINGS = Object.values(SYNC_SERVICES).map(({ service, port }) => [service, service === SYNC_SERVICES.custom.service ? syncServiceConfigSchema(port).extend(customConfigShape) : syncServiceConfigSchema(port)] as const);
/** The same of every service, by its name. */
export const SERVICE_SETTINGS = { identity: identityConfigSchema, ...Object.fromEntries(SYNC_SERVICE_SETTINGS), projection: projectionConfigSchema };
