import type { Fields } from '../azure-state';
import { resourceNotFound } from '../errors';
import { graphRead } from './operation';
import type { GraphCall, GraphOperations } from './operation';

export const organizationOperations: GraphOperations = {
  'organization.list': graphRead('/v1.0/organization', (call) => ({
    status: 200, body: { '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#organization', value: [selected(call, organization(call))] },
  })),
  'organization.get': graphRead('/v1.0/organization/{key}', (call) => {
    if (call.path['key'] !== call.tenant.id) throw resourceNotFound(call.path['key'] ?? '');
    return { status: 200, body: { '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#organization/$entity', ...selected(call, organization(call)) } };
  }),
};

function organization({ tenant }: GraphCall): Fields {
  return {
    id: tenant.id, deletedDateTime: null, businessPhones: [], city: null, country: null, countryLetterCode: 'US', createdDateTime: '2024-01-01T00:00:00Z', displayName: 'WAMI sandbox',
    onPremisesSyncEnabled: null, preferredLanguage: 'en', tenantType: 'AAD', technicalNotificationMails: [],
    verifiedDomains: tenant.domains.map((name, index) => ({ capabilities: 'Email', isDefault: index === 0, isInitial: index === tenant.domains.length - 1, name, type: 'Managed' })),
  };
}

function selected({ query }: GraphCall, fields: Fields): Fields {
  const names = query.get('$select')?.split(',').map((name) => name.trim());
  return names === undefined ? fields : Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
}
