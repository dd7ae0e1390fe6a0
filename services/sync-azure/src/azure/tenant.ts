import { ProviderError, type CallContext, type CallerIdentity } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import type { AzureSettings } from './azure.config';
import { answered } from './pages';

interface Organization {
  readonly id?: string;
  readonly verifiedDomains?: readonly { readonly name?: string }[];
}

/** GET /organization: which tenant the credentials lead to. @throws ProviderError `AuthExpired` naming both where it is not the one of the account */
export async function whoAmI(client: AzureClient, { tenant }: AzureSettings, account: string, context: CallContext): Promise<CallerIdentity> {
  const answer = await client.graph<{ readonly value?: readonly Organization[] }>('GET', '/organization', { query: { $select: 'id,verifiedDomains' } }, context);
  const { id = '', verifiedDomains = [] } = answered(answered(answer.value, 'value')[0], 'organization');
  const names = [id, ...verifiedDomains.flatMap(({ name }) => name ?? [])];
  if (!names.some((name) => name.toLowerCase() === tenant.toLowerCase()))
    throw new ProviderError('AuthExpired', `the credentials belong to the Entra tenant ${names.join(', ')}, the connection is for ${account}`);
  return { account, principal: (await client.principal(context)) ?? `/organization/${id}` };
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What stands behind the @ of users' names: the tenant's name in the account, where that is a domain and no id. */
export function domainOf({ tenant }: AzureSettings): string | undefined {
  return GUID.test(tenant) ? undefined : tenant;
}
