export { openIdentityAccess } from './api-keys/open-identity-access';
export { IDENTITY_MIGRATIONS } from './directory/directory.migrations';
export { IDENTITY_REQUEST_SCOPE } from './directory/request-scope.migrations';
export { identityConfigSchema, type IdentityConfig } from './identity.config';
export { IdentityModule, type IdentityModuleOptions } from './identity.module';
export { IDENTITY_SCHEMA, IDENTITY_SOURCE } from './identity.names';
export { startIdentity, type RunningIdentity } from './start-identity';
export { IDENTITY_GRPC } from './grpc-services';
