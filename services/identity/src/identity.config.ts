import { portSchema, serviceConfigSchema } from '@wami/platform';
import { SYNC_SOURCES } from '@wami/service-runtime';
import { z } from 'zod';

/** Names of the sync services whose outcomes are waited for. */
const sourcesSchema = z.string().transform((text, context) => {
  const sources = text.split(',').map((source) => source.trim()).filter(Boolean);
  if (!sources.every((source) => /^sync-[a-z][a-z0-9-]{0,31}$/.test(source))) {
    context.addIssue({ code: 'custom', message: 'must be names of sync services like sync-aws, several separated by commas' });
  }
  return sources;
});

/** What identity reads from its environment when it runs on its own. */
export const identityConfigSchema = serviceConfigSchema.extend({
  WAMI_HTTP_PORT: portSchema.default(8081),
  WAMI_SYNC_SOURCES: sourcesSchema.default(SYNC_SOURCES),
});
export type IdentityConfig = z.infer<typeof identityConfigSchema>;
