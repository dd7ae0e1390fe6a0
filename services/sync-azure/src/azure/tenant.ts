import { ProviderError, type CallContext, type CallerIdentity } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import type { AzureSettings } from './azure.config';
import { answered } from './pages';

interface Organization {
  readonly id?: string;
  readonly verifiedDomains?: readonly { readonly name?: string; readonly isDefault?: boolean }[];
}

/** Which tenant the credentials lead to. @throws ProviderError `AuthExpired` naming both where it is not the one of the account */
export async function whoAmI(client: AzureClient, { tenant, credentials }: AzureSettings, account: string, context: CallContext): Promise<CallerIdentity> {
  const { id = '', verifiedDomains = [] } = await organization(client, context);
  const names = [id, ...verifiedDomains.flatMap(({ name }) => name ?? [])];
  if (!names.some((name) => name.toLowerCase() === tenant.toLowerCase()))
    throw new ProviderError('AuthExpired', `the credentials belong to the Entra tenant ${names.join(', ')}, the connection is for ${account}`);
  const expiresAt = 'expiresAt' in credentials ? credentials.expiresAt() : undefined;
  return { account, principal: (await client.principal(context)) ?? `/organization/${id}`, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** What Entra puts behind the @ of names. */
export async function defaultDomain(client: AzureClient, context: CallContext): Promise<string> {
  const { verifiedDomains = [] } = await organization(client, context);
  return answered(verifiedDomains.find(({ isDefault }) => isDefault)?.name, 'default domain');
}

/** The domain that the account names the tenant by; undefined where it names its id. */
export function domainOf({ tenant }: AzureSettings): string | undefined {
  return tenant.includes('.') ? tenant : undefined;
}

async function organization(client: AzureClient, context: CallContext): Promise<Organization> {
  const answer = await client.graph<{ readonly value?: readonly Organization[] }>('GET', '/organization', { query: { $select: 'id,verifiedDomains' } }, context);
  return answered(answered(answer.value, 'value')[0], 'organization');
}
