import { z } from 'zod';
import { conflictStrategySchema, targetSchema } from '../sync-config';
import { syncErrorCodeSchema, syncStateNameSchema } from '../sync-state';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/** Which bindings a job is about; every condition given must hold. `tenant` includes its children. */
export const syncFilterSchema = z.strictObject({
  tenant: z.string().optional(), kind: z.string().optional(), state: syncStateNameSchema.optional(), code: syncErrorCodeSchema.optional(),
}).meta({ id: 'SyncFilter' });
export type SyncFilter = z.infer<typeof syncFilterSchema>;

/**
 * Somebody asked for work on bindings: `sync` looks at all that match now, `retry` at the Failed ones, `resolve` settles one conflict,
 * `apply` carries out the operations of `plan` (and of the `hash` that was approved) as far as nothing moved since.
 * `scope` is the tenant that the caller may touch ('' is every tenant); an engine never goes beyond it.
 */
export const syncJobRequested = defineEvent('wami.sync-job.requested.v1', z.strictObject({
  verb: z.enum(['sync', 'retry', 'resolve', 'apply']), scope: z.string(), resources: z.array(z.string()).optional(), filter: syncFilterSchema.optional(),
  /** The engines that answer: each tells in `wami.sync.job-accepted.v1` how many bindings it took on. */
  targets: z.array(targetSchema), maxRetries: z.number().int().optional(), strategy: conflictStrategySchema.optional(),
  plan: z.string().optional(), hash: z.string().optional(),
}), noPersonal);

export const SYNC_JOB_EVENTS = [syncJobRequested] as const;
export type SyncJobEvent = NewEventOf<(typeof SYNC_JOB_EVENTS)[number]>;
export type RecordedSyncJobEvent = RecordedEventOf<(typeof SYNC_JOB_EVENTS)[number]>;
