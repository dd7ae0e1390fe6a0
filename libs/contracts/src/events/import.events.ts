import { z } from 'zod';
import { syncErrorCodeSchema } from '../sync-state';
import { defineEvent, type NewEventOf, type RecordedEventOf } from './define-event';

/** Kinds that can be imported. */
export const IMPORTABLE_KINDS = ['user', 'group'] as const;
export const importableKindSchema = z.enum(IMPORTABLE_KINDS);
export type ImportableKind = z.infer<typeof importableKindSchema>;

/**
 * Somebody wants to know what stands at a target that nobody manages, and with `adopt` to have it managed from now on. Stream and key: the
 * job's id; tenant: the one that it imports into. `scope` is the tenant that the caller may touch. What the import finds is sealed under the key of
 * the job, which is made by this event: `reason` is there even where none was given.
 */
export const importRequested = defineEvent('wami.import.requested.v1', z.strictObject({
  provider: z.string(), account: z.string(), kinds: z.array(importableKindSchema), adopt: z.boolean(), scope: z.string(),
}), z.strictObject({ reason: z.string() }));

/** What became of the things of one `import-found`. `code`: of the problem for which it was refused. */
export const importDecided = defineEvent('wami.import.decided.v1', z.strictObject({
  chunk: z.number().int().min(1),
  items: z.array(z.strictObject({ item: z.string(), outcome: z.enum(['imported', 'refused']), resource: z.string().optional(), code: z.string().optional() })),
}), z.strictObject({ details: z.record(z.string(), z.string()) }));

/**
 * Why a thing cannot be imported: it carries the mark of something that this installation does not know; it is what WAMI itself signs in
 * as; tags of it are in the place of our marks; its name does not fit how names are made at this target.
 */
export const importObstacleSchema = z.enum(['marked', 'own-principal', 'tags', 'naming']).meta({ id: 'ImportObstacle' });
export type ImportObstacle = z.infer<typeof importObstacleSchema>;

/** A thing as it stands at the target. `name`: what it would be called here. `related`: relations whose other ends are managed or found too. */
export const foundThingSchema = z.strictObject({
  providerResourceId: z.string(), nativeArn: z.string(), nativeName: z.string(), name: z.string(), path: z.string().optional(), tags: z.record(z.string(), z.string()),
  related: z.array(z.strictObject({ facet: z.string(), resource: z.string().optional(), item: z.string().optional() })),
});
export type FoundThing = z.infer<typeof foundThingSchema>;

/** Things that nobody manages, of one kind; `chunk` counts them from 1 on within a job. Key: the job's id. */
export const importFound = defineEvent('wami.sync.import-found.v1', z.strictObject({
  job: z.string(), provider: z.string(), account: z.string(), kind: importableKindSchema, chunk: z.number().int().min(1),
  items: z.array(z.strictObject({ item: z.string(), obstacle: importObstacleSchema.optional() })),
}), z.strictObject({ things: z.record(z.string(), foundThingSchema) }));

/** The target was read to its end; of the kinds in `problems` it could not be. Key: the job's id. */
export const importListed = defineEvent('wami.sync.import-listed.v1', z.strictObject({
  job: z.string(), provider: z.string(), account: z.string(),
  /** Things at the target; those among them that are managed already; those that can be imported. */
  seen: z.number().int().min(0), managed: z.number().int().min(0), found: z.number().int().min(0),
  problems: z.array(z.strictObject({ kind: z.string(), code: syncErrorCodeSchema })),
}), z.strictObject({ messages: z.record(z.string(), z.string()) }));

export const IMPORT_EVENTS = [importRequested, importDecided] as const;
export const SYNC_IMPORT_EVENTS = [importFound, importListed] as const;
export type ImportEvent = NewEventOf<(typeof IMPORT_EVENTS)[number]>;
export type RecordedImportEvent = RecordedEventOf<(typeof IMPORT_EVENTS)[number]>;
export type RecordedSyncImportEvent = RecordedEventOf<(typeof SYNC_IMPORT_EVENTS)[number]>;
