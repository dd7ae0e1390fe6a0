import type { ResumeSync } from '@wami/contracts';
import type { Client } from '../api/client';

/** What a pause is about; the tenant is the command's. */
export interface SelectionFlags {
  readonly provider?: string;
  readonly account?: string;
  readonly resource?: string;
}
export type Selection = Omit<ResumeSync, 'reason'>;

interface Count { readonly provider: string; readonly account: string; readonly count: number }

export function selectedBy({ settings: { tenant } }: Client, { provider, account }: SelectionFlags, resource: string | undefined): Selection {
  return {
    ...(tenant === undefined ? {} : { tenant }), ...(provider === undefined ? {} : { provider }), ...(account === undefined ? {} : { account }),
    ...(resource === undefined ? {} : { resource }),
  };
}

/** How much is selected now, in words; what is made later is selected too. */
export async function countSelected(client: Client, { tenant, provider, account }: Selection): Promise<string> {
  const { body: { counts } } = await client.call<{ readonly counts: readonly Count[] }>('GET', '/v1/sync-summary', { query: { tenant } });
  const chosen = counts.filter((one) => (provider === undefined || one.provider === provider) && (account === undefined || one.account === account));
  const targets = new Set(chosen.map((one) => `${one.provider}/${one.account}`)).size;
  const bindings = chosen.reduce((sum, { count }) => sum + count, 0);
  return `${bindings} ${bindings === 1 ? 'resource' : 'resources'} at ${targets} ${targets === 1 ? 'target' : 'targets'}`;
}
