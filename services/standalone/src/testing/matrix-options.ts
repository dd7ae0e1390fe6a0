import type { AccessMatrixOptions } from '@wami/testing';

export const MATRIX_ADMINISTRATOR = 'the-administrator-of-this-test';

/** As contracts say, not as the code does. */
const ROLES = { viewer: ['read'], editor: ['read', 'change'], operator: ['read', 'sync'], admin: ['read', 'change', 'sync', 'configure'] };
const accessOf: AccessMatrixOptions['accessOf'] = ({ method, path, query }) => {
  if (path === '/v1/users/{id}' && query === 'erase=true') return 'configure of tenant';
  if (/^\/(metrics|internal)/.test(path)) return 'read of installation';
  if (path.startsWith('/v1/projection')) return 'configure of installation';
  if (path.startsWith('/v1/api-keys')) return 'configure of tenant';
  if (method === 'GET' || path === '/v1/batch' || path === '/v1/policies/simulate') return 'read of tenant';
  if (/^\/v1\/(sync|plans)(\/|$)/.test(path)) return 'sync of tenant';
  return path.startsWith('/v1/tenants') ? 'configure of tenant' : 'change of tenant';
};
/** The access matrix over one origin that is everything. */
export const MATRIX: Omit<AccessMatrixOptions, 'origins' | 'run'> = {
  administrator: MATRIX_ADMINISTRATOR, roles: ROLES, accessOf, publicOperations: ['GET /health/live', 'GET /health/ready'],
  targets: [{ provider: 'aws', account: '000000000001' }], unsuccessful: { 'POST /v1/sync/resolve': 422, 'POST /v1/sync/import': 422, 'GET /v1/imports/{id}/items': 404, 'POST /v1/policies/simulate': 404 },
};
