import { queryClient } from '@wami/sandbox';
import { openMatrixWorld, type AccessMatrixOptions, type MatrixWorld } from '@wami/testing';
import type { Standalone } from '../start-standalone';

export const MATRIX_ADMINISTRATOR = 'the-administrator-of-this-test';

/** As contracts say, not as the code does. */
const ROLES = { viewer: ['read'], editor: ['read', 'change'], operator: ['read', 'sync'], admin: ['read', 'change', 'sync', 'configure', 'credentials'] };
const accessOf: AccessMatrixOptions['accessOf'] = ({ method, path, query }) => {
  if (path === '/v1/users/{id}' && query === 'erase=true') return 'configure of tenant';
  if (/^\/(metrics|internal)/.test(path)) return 'read of installation';
  if (/^\/v1\/(projection|dead-letter|event-replays)/.test(path)) return 'configure of installation';
  if (path.startsWith('/v1/api-keys')) return 'configure of tenant';
  if (path.endsWith('/login-profile') && method === 'POST') return 'credentials of tenant';
  if (/\/mfa-devices/.test(path) && method !== 'GET') return 'credentials of tenant';
  if (/\/access-keys/.test(path) && (method === 'POST' || method === 'PATCH')) return 'credentials of tenant';
  if (method === 'GET' || path === '/v1/batch' || path === '/v1/policies/simulate') return 'read of tenant';
  if (/^\/v1\/(sync|plans|approvals)(\/|$)/.test(path)) return 'sync of tenant';
  return path.startsWith('/v1/tenants') ? 'configure of tenant' : 'change of tenant';
};
/** The access matrix over one origin that is everything. */
export const MATRIX: Omit<AccessMatrixOptions, 'origins' | 'world'> = {
  administrator: MATRIX_ADMINISTRATOR, roles: ROLES, accessOf, publicOperations: ['GET /health/live', 'GET /health/ready'],
  onePaged: ['GET /v1/users/{id}/access-keys', 'GET /v1/users/{id}/mfa-devices', 'GET /v1/service-accounts/{id}/access-keys', 'GET /v1/approvals', 'GET /v1/conflicts', 'GET /v1/event-replays', 'GET /v1/projection/replayed', 'GET /v1/providers', 'GET /v1/reports/credentials', 'GET /v1/reports/drift', 'GET /v1/reports/sla'], unsuccessful: {
    // Users of the matrix have one.
    'POST /v1/users/{id}/login-profile': 409,
    'POST /v1/event-replays': 422, 'POST /v1/event-replays/{id}/cancel': 404, 'POST /v1/sync/resolve': 422, 'POST /v1/sync/import': 422, 'GET /v1/imports/{id}/items': 404,
    'GET /v1/approvals/{id}': 404, 'GET /v1/approvals/{id}/items': 404, 'POST /v1/approvals/{id}/approve': 404, 'POST /v1/approvals/{id}/reject': 404, 'POST /v1/policies/simulate': 404,
    // The key that is named is a user's.
    'GET /v1/service-accounts/{id}/access-keys/{key}': 404, 'PATCH /v1/service-accounts/{id}/access-keys/{key}': 404, 'DELETE /v1/service-accounts/{id}/access-keys/{key}': 404 },
};

/** The tenants that it is run on, made once for every run on one WAMI. */
export const matrixWorldIn = ({ url, sandboxes }: Pick<Standalone, 'url' | 'sandboxes'>): Promise<MatrixWorld> => openMatrixWorld({
  origins: [url], administrator: MATRIX_ADMINISTRATOR, targets: [{ provider: 'aws', account: '000000000001' }],
  async meddle(userNames) {
    const cloud = queryClient(sandboxes['aws/000000000001'] ?? '');
    for (const UserName of userNames) {
      const { status } = await cloud('TagUser', { UserName, 'Tags.member.1.Key': 'meddled', 'Tags.member.1.Value': 'x' });
      if (status !== 200) throw new Error(`${UserName} could not be tagged: ${status}`);
    }
  },
});
