import { z } from 'zod';
import { syncOperationSchema } from '../sync-state';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';
import { noPersonal } from './tenant.events';

/**
 * One difference between what a target was last made to hold and what stands there. `at`: `fields/path`, `tags/team`, `groups/grp_...` (a relation, by the id
 * of its other end), `mark`, or `thing` for all of it. Left out: it is not there.
 */
export const differenceSchema = z.strictObject({ at: z.string(), expected: z.string().optional(), found: z.string().optional() }).meta({ id: 'Difference' });
export type Difference = z.infer<typeof differenceSchema>;

/** The target was changed by somebody else: it is not any more as it was left, or it is not there at all. */
export const driftKindSchema = z.enum(['changed', 'missing']).meta({ id: 'DriftKind' });
export type DriftKind = z.infer<typeof driftKindSchema>;

/**
 * A look found that somebody else changed what was agreed at a target. In the stream of the binding, before anything is put right; the next
 * `wami.sync.succeeded.v1` of the same binding ends it. `differs`: where, without the values.
 */
export const syncDrifted = defineEvent('wami.sync.drifted.v1', z.strictObject({
  resource: z.string(), kind: z.string(), provider: z.string(), account: z.string(), intent: z.string(), version: z.number().int(), operation: syncOperationSchema,
  drift: driftKindSchema, differs: z.array(z.string()),
}), z.strictObject({ differences: z.array(differenceSchema).optional() }));

/**
 * What a target alone had when it was merged: it is to become intent, and identity makes it so as far as the tenant's rules allow. In the stream of the
 * binding, with its success. `relations`: by facet the ids of other ends.
 */
export const syncTakenOver = defineEvent('wami.sync.taken-over.v1', z.strictObject({
  resource: z.string(), kind: z.string(), provider: z.string(), account: z.string(), version: z.number().int(), relations: z.record(z.string(), z.array(z.string())),
}), z.strictObject({ tags: z.record(z.string(), z.string()).optional() }));

/**
 * What somebody changed at a target whose changes are to become intent (`direction` is pull or bidirectional): identity makes it so as far as the tenant's
 * rules allow, and where it is still as `expected` here. In the stream of the binding. `differences` are whole: of `fields/name` the name as it is here.
 */
export const syncPulled = defineEvent('wami.sync.pulled.v1', z.strictObject({
  resource: z.string(), kind: z.string(), provider: z.string(), account: z.string(), version: z.number().int(), differs: z.array(z.string()),
}), z.strictObject({ differences: z.array(differenceSchema).optional() }));

/**
 * A target was read to its end because of a tenant's schedule. `compared`: bindings of the tenant and its children that are compared with it; `found`: by
 * kind what stands there, and what of it carries no mark and is not held on record. Stream and key: the target and the tenant's id.
 */
export const syncSwept = defineEvent('wami.sync.swept.v1', z.strictObject({
  provider: z.string(), account: z.string(), schedule: z.string(), nextAt: z.iso.datetime(), compared: z.number().int().min(0),
  found: z.array(z.strictObject({ kind: z.string(), seen: z.number().int().min(0), unmanaged: z.number().int().min(0) })),
  /** Kinds that could not be read to their end, with the code of the provider's error. */
  problems: z.array(z.strictObject({ kind: z.string(), code: z.string() })),
}), noPersonal);

export const SYNC_DRIFT_EVENTS = [syncDrifted, syncTakenOver, syncPulled, syncSwept] as const;
export type SyncDriftEvent = NewEventOf<(typeof SYNC_DRIFT_EVENTS)[number]>;
export type RecordedSyncDriftEvent = RecordedEventOf<(typeof SYNC_DRIFT_EVENTS)[number]>;
