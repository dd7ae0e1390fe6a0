import { commonConfigSchema, oidcConfigShape, oidcSignInShape, portSchema } from '@wami/platform';
import type { z } from 'zod';

/** What the console as a process of its own reads from its environment: no secret and no database. */
export const consoleConfigSchema = commonConfigSchema.extend({ WAMI_HTTP_PORT: portSchema.default(8080), ...oidcConfigShape, ...oidcSignInShape });
export type ConsoleConfig = z.infer<typeof consoleConfigSchema>;
