import type { ProviderTargetView } from '@wami/contracts';
import { STRONG, type Client } from '../api/client';
import { readAll } from '../api/pages';
import { CliError, EXIT } from '../exit-codes';

type Place = Pick<ProviderTargetView, 'provider' | 'account'>;

export const NO_TARGETS = 'No target may be used. The operator connects one in the connections file: docs/configuration.md.';
export const nameOf = ({ provider, account }: Place): string => `${provider}/${account}`;
export const heldOf = ({ capabilities }: Pick<ProviderTargetView, 'capabilities'>): string => capabilities.filter(({ supported }) => supported).map(({ kind }) => kind).join(', ');
export const endsOf = ({ credentials }: Pick<ProviderTargetView, 'credentials'>): string =>
  (credentials?.expiresAt === undefined ? '' : `${credentials.expiresAt.slice(0, 10)}${credentials.expiresSoon ? ' (soon)' : ''}`);

/** Why somebody should look at it; undefined where nobody need. */
export function sentenceOf(target: Place & Pick<ProviderTargetView, 'health' | 'reason' | 'credentials'>): string | undefined {
  const { health, reason, credentials } = target;
  if (health !== 'ok' && health !== 'unused' && health !== 'throttled') return `✗ ${nameOf(target)} ${health}: ${reason ?? ''}`;
  return credentials?.expiresSoon ? `✗ ${nameOf(target)}: the credentials end at ${credentials.expiresAt}` : undefined;
}

/** Those that may be used; the one of `name`, where one is named. @throws CliError where there is none of it, or more than one */
export async function targetsNamed(client: Client, name?: string): Promise<ProviderTargetView[]> {
  const cut = name?.indexOf('/') ?? -1;
  const query = name === undefined ? {} : { provider: cut < 0 ? name : name.slice(0, cut), account: cut < 0 ? undefined : name.slice(cut + 1) };
  const found = await readAll<ProviderTargetView>(client, '/v1/providers', { tenant: client.settings.tenant, ...query }, STRONG);
  if (name === undefined || found.length === 1) return found;
  throw new CliError(EXIT.notFound, found.length > 0 ? `There is more than one target of ${name}.` : `There is no target ${name}.`, 'See `wami provider list`.');
}
