import { readFileSync } from 'node:fs';
import { masterKeySchema, StartupError, type Secret } from '@wami/platform';
import { z } from 'zod';
import { localMasterKey, type MasterKeys } from './master-key';

/** Where the master key comes from: the environment, or a file that it names. */
export const masterKeyShape = {
  WAMI_MASTER_KEY: masterKeySchema.optional(),
  WAMI_MASTER_KEY_FILE: z.string().min(1).optional(),
  WAMI_MASTER_KEY_PREVIOUS: masterKeySchema.optional(),
};
export type MasterKeyConfig = z.infer<z.ZodObject<typeof masterKeyShape>>;

/** @throws StartupError where there is none, or the file holds none */
export function masterKeysOf({ WAMI_MASTER_KEY: given, WAMI_MASTER_KEY_FILE: file, WAMI_MASTER_KEY_PREVIOUS: previous }: MasterKeyConfig): MasterKeys {
  if (given === undefined && file === undefined) {
    throw new StartupError('Bad configuration. WAMI_MASTER_KEY: is required (or WAMI_MASTER_KEY_FILE): 32 bytes in base64 (openssl rand -base64 32), under which the keys of personal data are kept.');
  }
  const current = given ?? masterKeyIn(file ?? '');
  return { current: localMasterKey(current), ...(previous ? { previous: localMasterKey(previous) } : {}) };
}

/** @throws StartupError */
export function masterKeyIn(file: string): Secret<Buffer> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartupError(`The master key in ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
  const key = masterKeySchema.safeParse(text);
  if (!key.success) throw new StartupError(`${file} holds no master key: 32 bytes in base64. Put back the one of before: without it the personal data in this database is lost.`);
  return key.data;
}
