import { readFileSync } from 'node:fs';
import { ProviderError, type Connection } from '@wami/provider-port';

/** The secret that a connection refers to by `env:NAME` or `file:PATH`, read anew. @throws ProviderError `AuthExpired`, naming `key`, where there is none */
export function secretOf({ provider, account }: Pick<Connection, 'provider' | 'account'>, key: string, reference: string): string {
  const value = reference.startsWith('env:') ? process.env[reference.slice(4)] : readSecretFile(reference.slice(5));
  if (value === undefined || value.trim() === '') throw new ProviderError('AuthExpired', `${provider}/${account}: ${key}: ${reference} holds nothing or cannot be read`);
  return value.trim();
}

function readSecretFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Told by the caller, which knows the key; the system's message adds nothing but the path again.
    return undefined;
  }
}
