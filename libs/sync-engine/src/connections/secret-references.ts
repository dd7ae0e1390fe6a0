import { readFileSync } from 'node:fs';
import { secretReferenceSchema, type Connection } from '@wami/provider-port';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the secrets that connections refer to, each with connection, field and remedy; never a value. */
export function missingSecrets(connections: readonly Connection[], env: Environment): string[] {
  return connections.flatMap((connection) => textsIn(connection.credentials, 'credentials').flatMap(([at, reference]) => {
    const problem = secretReferenceSchema.safeParse(reference).success ? problemOf(reference, env) : undefined;
    return problem === undefined ? [] : [`connection ${connection.provider}/${connection.account}: ${at}: ${problem}`];
  }));
}

/** Credentials may be made of others (`source`), each text with its place. */
function textsIn(value: unknown, at: string): (readonly [at: string, text: string])[] {
  if (typeof value === 'string') return [[at, value]];
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, part]) => textsIn(part, `${at}.${key}`)) : [];
}

function problemOf(reference: string, env: Environment): string | undefined {
  const what = reference.slice(reference.indexOf(':') + 1);
  if (reference.startsWith('file:')) return problemOfFile(what);
  return env[what]?.trim() ? undefined : `the environment variable ${what} is not set or empty; set it, or refer to another one`;
}

function problemOfFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() === '' ? `the file ${path} is empty; write the secret into it, or refer to another file` : undefined;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    return `the file ${path} ${why}; put the secret there, readable for this process, or refer to another file`;
  }
}
