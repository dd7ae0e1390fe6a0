import { OPEN_SCHEMA, secureTable, tenantInScope, type Migration } from '@wami/event-store';

/** A relation is where the user or the owner of the policy is; the group or the policy may be above. */
const ofOwner = (column: string): string => `EXISTS (SELECT 1 FROM directory_resources r WHERE r.id = ${column} AND ${tenantInScope('r.tenant')})`;

const ABOVE = `starts_with(current_setting('wami.from'), tenant || '/')`;

/** Row-level security for what requests read of identity's tables; runs once those of the store are there. Housekeeping and relay own the tables and pass. */
export const IDENTITY_REQUEST_SCOPE: readonly Migration[] = [{
  id: '001-row-level-security',
  up: [
    OPEN_SCHEMA,
    // Settings are inherited: what tenants above say of themselves is read with one's own.
    secureTable('events', `${tenantInScope('tenant')} OR (stream_id LIKE 'ten\\_%' AND ${ABOVE})`),
    // Paths of tenants are unique over all tenants; their names hold a digest and an opaque id.
    secureTable('names', `${tenantInScope('tenant')} OR (tenant = '' AND kind = 'tenant')`),
    secureTable('idempotency', tenantInScope('tenant')),
    secureTable('directory_tenants', tenantInScope('path')),
    // Groups and policies above count for what is below: that they are there, no more stands here.
    secureTable('directory_resources', `${tenantInScope('tenant')} OR ${ABOVE}`),
    secureTable('directory_memberships', ofOwner('user_id')),
    secureTable('directory_attachments', ofOwner('owner_id')),
    secureTable('directory_boundaries', ofOwner('owner_id')),
  ].join(''),
}, {
  id: '002-pauses',
  // A pause of a tenant above, or of all, holds what is below: that it is there, and what it selects, no more stands here.
  up: secureTable('directory_pauses', `${tenantInScope('tenant')} OR tenant = '' OR ${ABOVE}`),
}, {
  id: '003-access-keys',
  up: secureTable('directory_access_keys', ofOwner('owner_id')),
}];
