import { readFileSync } from 'node:fs';
import { ProviderError, secretReferenceSchema, type Connection } from '@wami/provider-port';

/** A connection in the directory's own terms. */
export interface DirectorySettings {
  readonly organization: string;
  readonly endpoint: string;
  /** Read anew at each call, so that a token that was replaced is noticed. @throws ProviderError `AuthExpired` where there is none */
  token(): string;
}

const ORGANIZATION = /^[a-z][a-z0-9-]{1,62}$/;

/** @throws ProviderError `InvalidRequest` naming the key that is wrong, never its value */
export function directorySettings(connection: Connection): DirectorySettings {
  const { account, endpoint, credentials } = connection;
  if (!ORGANIZATION.test(account)) throw wrong(connection, 'account', "an organization's id: 2 to 63 lower-case letters, digits and hyphens");
  if (endpoint === undefined) throw wrong(connection, 'endpoint', 'where the directory answers: https://...');
  if (credentials.type !== 'bearer') throw wrong(connection, 'credentials.type', 'bearer is what the directory takes');
  const unknown = Object.keys(credentials).find((key) => key !== 'type' && key !== 'token');
  if (unknown !== undefined) throw wrong(connection, `credentials.${unknown}`, 'not known here');
  const reference = secretReferenceSchema.safeParse(credentials['token']);
  if (!reference.success) throw wrong(connection, 'credentials.token', 'write env:NAME or file:PATH, never the secret itself');
  return { organization: account, endpoint: endpoint.replace(/\/$/, ''), token: () => secretAt(connection, reference.data) };
}

function secretAt(connection: Connection, reference: string): string {
  const value = reference.startsWith('env:') ? process.env[reference.slice(4)] : fileAt(reference.slice(5));
  if (value === undefined || value.trim() === '') throw new ProviderError('AuthExpired', `${nameOf(connection)}: credentials.token: ${reference} holds nothing or cannot be read`);
  return value.trim();
}

function fileAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Told by the caller, which knows the key; the system's message adds nothing but the path again.
    return undefined;
  }
}

const nameOf = ({ provider, account }: Connection): string => `connection ${provider}/${account}`;
const wrong = (connection: Connection, key: string, problem: string): ProviderError => new ProviderError('InvalidRequest', `${nameOf(connection)}: ${key}: ${problem}`);
