/** What of `wami.v1` the routes of identity stand for. */
export const IDENTITY_GRPC: readonly string[] = [
  'Users', 'Groups', 'Tenants', 'Policies', 'Roles', 'ServiceAccounts', 'Memberships', 'Attachments', 'SyncVerbs',
].map((name) => `wami.v1.${name}`);
