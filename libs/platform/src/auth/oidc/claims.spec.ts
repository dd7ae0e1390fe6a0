import { mapClaims } from './claims';

const settings = { tenantClaim: 'wami_tenant', roleClaim: 'wami_role' };

it.each([
  ['a tenant and a role', { wami_tenant: 'acme/eng', wami_role: 'editor' }, { tenant: 'acme/eng', role: 'editor' }],
  ['the first of several roles in the order of preference', { wami_tenant: 'acme', wami_role: ['x', 'viewer', 'operator'] }, { tenant: 'acme', role: 'operator' }],
  ['no tenant', { wami_role: 'admin' }, undefined],
  ['every tenant', { wami_tenant: '', wami_role: 'admin' }, undefined],
  ['a tenant that is none', { wami_tenant: '../acme', wami_role: 'admin' }, undefined],
  ['several tenants', { wami_tenant: ['acme', 'other'], wami_role: 'admin' }, undefined],
  ['no role', { wami_tenant: 'acme' }, undefined],
  ['an unknown role', { wami_tenant: 'acme', wami_role: 'Admin' }, undefined],
  ['roles in one text', { wami_tenant: 'acme', wami_role: 'viewer admin' }, undefined],
])('%s', (_name, claims, expected) => expect(mapClaims(claims, settings)).toEqual(expected));

it('finds a claim by its exact name first, then by the way that its dots describe', () => {
  const named = { tenantClaim: 'https://acme.test/tenant', roleClaim: 'realm_access.roles' };
  expect(mapClaims({ 'https://acme.test/tenant': 'acme', realm_access: { roles: ['viewer'] } }, named)).toEqual({ tenant: 'acme', role: 'viewer' });
  expect(mapClaims({ 'https://acme.test/tenant': 'acme', 'realm_access.roles': 'admin', realm_access: { roles: ['viewer'] } }, named)).toEqual({ tenant: 'acme', role: 'admin' });
  expect(mapClaims({}, { tenantClaim: 'constructor.name', roleClaim: '__proto__' })).toBeUndefined();
});
