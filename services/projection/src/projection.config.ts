import { identityAddressShape, portSchema, serviceConfigSchema } from '@wami/platform';
import { z } from 'zod';

const SOURCE = /^[a-z][a-z0-9-]*$/;

/** `identity=http://127.0.0.1:8081,sync-aws=http://127.0.0.1:8090` */
const writersSchema = z.string().transform((text, context) => {
  const entries = text.split(',').map((entry) => entry.trim()).filter(Boolean).map((entry) => entry.split(/=(.*)/s, 2) as [string, string?]);
  if (!entries.every(([source, address]) => SOURCE.test(source) && /^https?:\/\/[^\s/]+\/?$/.test(address ?? ''))) {
    context.addIssue({ code: 'custom', message: 'must be name=http://host:port, several separated by commas' });
  }
  return Object.fromEntries(entries.map(([source, address = '']) => [source, address]));
});

export const projectionConfigSchema = serviceConfigSchema.extend({
  WAMI_HTTP_PORT: portSchema.default(8082),
  ...identityAddressShape,
  /** Where the writers are asked for their heads (`Wami-Consistency: strong`). Without it they must write to this database, and are looked up there. */
  WAMI_WRITERS: writersSchema.optional(),
});
export type ProjectionConfig = z.infer<typeof projectionConfigSchema>;
