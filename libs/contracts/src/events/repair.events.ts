import { z } from 'zod';
import { targetSchema } from '../sync-config';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/**
 * Somebody wants store, engines, read model and clouds compared, and what disagrees put right unless `dryRun`. Stream and key: the repair's id;
 * tenant: the one that it is about, with its children. `scope` is the tenant that the caller may touch. It counts as unanswered after `expiresAt`.
 */
export const repairRequested = defineEvent('wami.repair.requested.v1', z.strictObject({
  scope: z.string(), dryRun: z.boolean(), targets: z.array(targetSchema), expiresAt: z.iso.datetime(),
}), noPersonal);

const document = z.record(z.string(), z.unknown());

/**
 * A resource as the store has it at `version`, whole. Stream: the repair's; key: the resource's id, so that it comes in order with the resource's own
 * events and moves no version of it. `groups` and `policies` are complete up to the place `upTo` of the log, and may be newer. Of a deleted resource
 * only that it is. `within`: the repair's tenant.
 */
export const repairStated = defineEvent('wami.repair.stated.v1', z.strictObject({
  repair: z.string(), within: z.string(), dryRun: z.boolean(), kind: z.string(), version: z.number().int().min(1), deleted: z.boolean(), upTo: z.string(),
  groups: z.array(z.string()), policies: z.array(z.string()), document: document,
}), z.strictObject({ document: document.optional() }));

/** So many statements were made: there are no more. Key: the repair's id. */
export const repairTold = defineEvent('wami.repair.told.v1', z.strictObject({ stated: z.number().int().min(0) }), noPersonal);

/**
 * What an engine found when it compared its own with a statement: the fields that differ (none: it agrees), whether they are right now, and how many
 * events it has written about each binding of the resource. Key: the resource's id.
 */
export const repairCompared = defineEvent('wami.sync.repair-compared.v1', z.strictObject({
  repair: z.string(), dryRun: z.boolean(), resource: z.string(), kind: z.string(), provider: z.string(), differs: z.array(z.string()), right: z.boolean(),
  held: z.array(z.strictObject({ account: z.string(), version: z.number().int().min(0) })),
}), noPersonal);

/** An engine has compared all that was stated. Key: the repair's id. */
export const repairAnswered = defineEvent('wami.sync.repair-answered.v1', z.strictObject({
  repair: z.string(), provider: z.string(), compared: z.number().int().min(0), differing: z.number().int().min(0),
}), noPersonal);

export const REPAIR_EVENTS = [repairRequested, repairStated, repairTold] as const;
export const SYNC_REPAIR_EVENTS = [repairCompared, repairAnswered] as const;
export type RepairEvent = NewEventOf<(typeof REPAIR_EVENTS)[number]>;
export type SyncRepairEvent = NewEventOf<(typeof SYNC_REPAIR_EVENTS)[number]>;
export type RecordedRepairEvent = RecordedEventOf<(typeof REPAIR_EVENTS)[number]>;
export type RecordedSyncRepairEvent = RecordedEventOf<(typeof SYNC_REPAIR_EVENTS)[number]>;
