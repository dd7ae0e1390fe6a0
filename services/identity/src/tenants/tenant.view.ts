import { formatArn, type TenantView } from '@wami/contracts';
import type { LoadedTenant } from './tenants';

export function tenantView({ id, version, state, document }: LoadedTenant, instance: string): TenantView {
  const { path, parent, name, providerAccounts, quotas, metadata } = document;
  return {
    id: path, arn: formatArn({ tenant: path, instance, type: 'tenant', id }), version, name, ...(parent === undefined ? {} : { parent }),
    status: state.status === 'deleting' ? 'deleting' : 'active', providerAccounts: [...providerAccounts], quotas: { ...quotas }, metadata: { ...metadata },
  };
}
