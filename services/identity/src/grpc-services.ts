/** What of `wami.v1` the routes of identity stand for. */
export const IDENTITY_GRPC: readonly string[] = [
  'Access', 'ApiKeys', 'Users', 'Groups', 'Tenants', 'Policies', 'Roles', 'ServiceAccounts', 'IdentityProviders', 'AccessKeys', 'LoginProfiles', 'MfaDevices', 'Memberships', 'Attachments', 'Relations', 'Batches', 'SyncVerbs', 'Planning', 'Repairing', 'Approving', 'DeadLetterRequests',
].map((name) => `wami.v1.${name}`);
