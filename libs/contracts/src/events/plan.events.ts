import { z } from 'zod';
import { targetSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { syncFilterSchema } from './sync-job.events';
import { noPersonal } from './tenant.events';

/**
 * Somebody wants to know what a sync would do. Each of `targets` answers with what it would do to each binding and ends with
 * `wami.sync.plan-answered.v1`. `scope` is the tenant that the caller may touch ('' is every tenant); an engine never looks beyond it.
 */
export const planRequested = defineEvent('wami.plan.requested.v1', z.strictObject({
  scope: z.string(), resources: z.array(z.string()).optional(), filter: syncFilterSchema.optional(), targets: z.array(targetSchema), expiresAt: z.iso.datetime(),
}), noPersonal);

export const PLAN_EVENTS = [planRequested] as const;
export type PlanEvent = NewEventOf<(typeof PLAN_EVENTS)[number]>;
export type RecordedPlanEvent = RecordedEventOf<(typeof PLAN_EVENTS)[number]>;
