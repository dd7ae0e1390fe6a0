import { readFileSync } from 'node:fs';
import { secretReferenceSchema, type Connection } from '@wami/provider-port';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with the secrets that connections refer to, each with connection, field and remedy; never a value. */
export function missingSecrets(connections: readonly Connection[], env: Environment): string[] {
  return connections.flatMap((connection) => Object.entries(connection.credentials).flatMap(([field, reference]) => {
    const problem = secretReferenceSchema.safeParse(reference).success ? problemOf(String(reference), env) : undefined;
    return problem === undefined ? [] : [`connection ${connection.provider}/${connection.account}: credentials.${field}: ${problem}`];
  }));
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
