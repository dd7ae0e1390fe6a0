import { tracingConfigShape } from '@wami/tracing';
import { z } from 'zod';
import { oidcConfigShape } from '../auth/oidc/oidc-config';
import { httpLimitsShape } from '../limits/http-limits';
import { kafkaConfigShape } from './kafka-config';
import { Secret } from './secret';

export const portSchema = z.coerce.number({ error: 'must be a port number from 0 (any free one) to 65535' }).int().min(0).max(65_535);

export const secretSchema = z.string().min(1).transform((value) => new Secret(value));

/** Long enough that nobody finds it by trying. */
export const pepperSchema = z.string().min(32, 'must have at least 32 characters').transform((value) => new Secret(value));

/** 32 random bytes in base64, as `openssl rand -base64 32` prints them. The message says what is wrong and never what was given. */
export const masterKeySchema = z.string().transform((text, context) => {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32 || !/^[A-Za-z0-9+/_-]{43}=?$/.test(text.trim())) context.addIssue({ code: 'custom', message: 'must be 32 bytes in base64 (openssl rand -base64 32)' });
  return new Secret(key);
});

/** The shared secret of the services, and where identity answers: what a service needs to ask for keys. */
export const identityAddressShape = {
  WAMI_IDENTITY_URL: z.string({ error: 'is required: where identity answers, http://host:port' })
    .regex(/^https?:\/\/[^\s/]+\/?$/, 'must be http://host:port'),
};

/** What every service reads from its environment. */
export const commonConfigSchema = z.object({
  WAMI_INSTANCE: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and hyphens').default('local'),
  WAMI_HOST: z.string().default('127.0.0.1'),
  WAMI_GRPC_PORT: portSchema.optional(),
  WAMI_METRICS_PORT: portSchema.optional(),
  WAMI_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  ...httpLimitsShape,
  ...tracingConfigShape,
});

/** Where gRPC listens: as was said, else where it usually does, but at any free port where HTTP does so too. */
export function grpcPortOf({ WAMI_HTTP_PORT, WAMI_GRPC_PORT }: { readonly WAMI_HTTP_PORT: number; readonly WAMI_GRPC_PORT?: number | undefined }, usual: number): number {
  return WAMI_GRPC_PORT ?? (WAMI_HTTP_PORT === 0 ? 0 : usual);
}

/** No host stands between `@` and `/` where it is in the query: `?host=/run/postgresql`. */
const isAddress = (text: string): boolean => URL.canParse(text.replace('@/', '@localhost/'));

/** Where PostgreSQL is. What is no address would else be tried again and again as if a server were away. */
export const databaseUrlSchema = z.string({ error: 'is required: postgres://user:password@host:port/database' })
  .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// address')
  .refine(isAddress, 'must be postgres://user:password@host:port/database, with what else stands in the password percent-encoded')
  .transform((value) => new Secret(value));

/** What a service on its own needs beside: database, log, token. */
export const serviceConfigSchema = commonConfigSchema.extend({
  WAMI_DATABASE_URL: databaseUrlSchema,
  ...kafkaConfigShape,
  WAMI_ADMIN_TOKEN: z.string({ error: 'is required: the token that callers present, at least 20 characters' })
    .min(20, 'must have at least 20 characters').transform((value) => new Secret(value)),
  WAMI_KEY_PEPPER: z.string({ error: 'is required: the secret under which API keys are hashed, the same for every service, at least 32 characters' }).pipe(pepperSchema),
  WAMI_SERVICE_TOKEN: z.string({ error: 'is required: the secret that the services show each other, the same for every service, at least 32 characters' }).pipe(pepperSchema),
  ...oidcConfigShape,
});
