import type { z } from 'zod';
import { StartupError } from './startup-error';

/** Configuration is parsed once, at start. A message names every bad key and what is allowed, and never prints a value. @throws StartupError */
export function readConfig<S extends z.ZodType>(schema: S, env: Readonly<Record<string, string | undefined>>): z.infer<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'configuration'}: ${issue.message}`);
  throw new StartupError(`Bad configuration. ${problems.join('; ')}.`);
}
