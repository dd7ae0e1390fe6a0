export { openIdentityAccess } from './api-keys/open-identity-access';
export { IDENTITY_MIGRATIONS } from './directory/directory.migrations';
export { identityConfigSchema, type IdentityConfig } from './identity.config';
export { IdentityModule, type IdentityModuleOptions } from './identity.module';
export { IDENTITY_SCHEMA, IDENTITY_SOURCE } from './identity.names';
export { startIdentity, type RunningIdentity } from './start-identity';
export { localMasterKey, type MasterKey, type MasterKeys } from './subject-keys/master-key';
export { masterKeyIn } from './subject-keys/master-key.config';
export { openSubjectKeys, type OpenSubjectKeys } from './subject-keys/open-subject-keys';
