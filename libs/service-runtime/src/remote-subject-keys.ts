import { KeysUnavailable, MOST_ASKED, PersonalData, type SubjectKey, type SubjectKeys } from '@wami/event-store';
import type { Secret } from '@wami/platform';
import { z } from 'zod';

export interface RemoteSubjectKeys {
  /** Where identity answers. */
  readonly identity: string;
  /** What services show each other. */
  readonly token: Secret;
}

export const SUBJECT_KEYS_PATH = '/internal/v1/subject-keys';
export const subjectKeysQuerySchema = z.strictObject({ subjects: z.array(z.string().min(1).max(255)).max(MOST_ASKED) });
/** Base64url, or that it was destroyed. Subjects that never had one are left out. */
export const subjectKeysAnswerSchema = z.object({ keys: z.record(z.string(), z.union([z.literal('gone'), z.string().regex(/^[A-Za-z0-9_-]{43}$/)])) });

const TIMEOUT_MS = 3000;
const TRIES = 2;

/** The keys, asked of identity: at most twice, 3 s each. */
export function remoteSubjectKeys({ identity, token }: RemoteSubjectKeys): SubjectKeys {
  const ask = async (subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> => {
    const response = await fetch(new URL(SUBJECT_KEYS_PATH, identity), {
      method: 'POST', redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' }, body: JSON.stringify({ subjects }),
    });
    if (response.status === 401) throw new KeysUnavailable('identity refuses our WAMI_SERVICE_TOKEN: it must be the same on every service');
    if (!response.ok) throw new KeysUnavailable(`identity answered ${response.status}`);
    const { keys } = subjectKeysAnswerSchema.parse(await response.json());
    return new Map(Object.entries(keys).map(([subject, key]) => [subject, key === 'gone' ? key : Buffer.from(key, 'base64url')]));
  };
  return {
    async find(subjects) {
      for (let tries = 1; ; tries++) {
        try {
          return await ask(subjects);
        } catch (error) {
          if (tries >= TRIES) throw error instanceof KeysUnavailable ? error : new KeysUnavailable(`identity at ${new URL(identity).host} does not answer`, { cause: error });
        }
      }
    },
  };
}

/** Personal data as every service but identity knows it. */
export function remotePersonalData(options: RemoteSubjectKeys): PersonalData {
  return new PersonalData({ keys: remoteSubjectKeys(options) });
}
