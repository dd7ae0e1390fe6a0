export { createProjection, DEFAULT_SCHEMA, type Projection, type ProjectionOptions } from './create-projection';
export { headsOfStores, headsOverHttp, type HeadSource } from './position/head-source';
export { headsOfSchemas } from './position/heads-of-schemas';
export { projectionConfigSchema, type ProjectionConfig } from './projection.config';
export { ProjectionModule, type ProjectionModuleOptions } from './projection.module';
export { startProjection } from './start-projection';
export { resourceItemSchema, type ResourceItem } from './resources/resources.query';
export { syncSummarySchema, type SyncSummary } from './sync-states/sync-summary.query';
export { projectionStatusSchema, type ProjectionStatus } from './admin/projection-status';
