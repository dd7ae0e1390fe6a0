import { z } from 'zod';

const SANDBOX_CLOUDS = ['aws', 'gcp', 'azure'] as const;
export type SandboxCloud = (typeof SANDBOX_CLOUDS)[number];

const isKnown = (name: string): name is SandboxCloud => SANDBOX_CLOUDS.some((known) => known === name);

/** Which clouds have a sandbox on this machine, separated by commas; every one unless said otherwise. */
export const sandboxesSchema = z.string().default(SANDBOX_CLOUDS.join(',')).transform((text, context) => {
  const names = [...new Set(text.split(',').map((name) => name.trim()).filter(Boolean))];
  const known = names.filter(isKnown);
  if (names.length === 0 || known.length < names.length) context.addIssue({ code: 'custom', message: `must be of ${SANDBOX_CLOUDS.join(', ')}, several separated by commas` });
  return known;
});
