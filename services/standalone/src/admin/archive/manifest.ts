import { z } from 'zod';

/** A backup's own description of itself, `manifest.json` in the archive: written last, so an archive without it was never finished. */
export const MANIFEST = 'manifest.json';
/** The SHA-256 of the manifest, hex: with the checksums in that, of all of it. */
export const MANIFEST_SUM = 'manifest.json.sha256';
export const FORMAT = 'wami-backup';
/** Raised when an older release could not read an archive any more. */
export const FORMAT_VERSION = 1;

const entry = z.object({ name: z.string(), sha256: z.string(), bytes: z.number() });

const table = z.object({
  table: z.string(),
  columns: z.array(z.string()),
  rows: z.number(),
  /** Of the rows in COPY's text format, in the order of the entries. */
  sha256: z.string(),
  /** gzip; each holds whole rows. */
  entries: z.array(entry),
});

const schema = z.object({
  schema: z.string(),
  /** What made the tables, in its order. */
  migrations: z.array(z.object({ tool: z.string(), id: z.string() })),
  /** Of those that write events. */
  store: z.object({
    source: z.string(), epoch: z.string(), head: z.string().optional(), events: z.number(),
    /** The newest seal of the log: see `wami admin verify`. */
    checkpoint: z.object({ number: z.number(), seal: z.string() }).optional(),
  }).optional(),
  tables: z.array(table),
});

export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  version: z.number().int(),
  createdAt: z.string(),
  release: z.string(),
  /** `WAMI_INSTANCE`, as the events carry it. */
  instance: z.string(),
  /** What identifies the master key that the personal data needs, where there is any; not the key. */
  masterKeys: z.array(z.string()),
  schemas: z.array(schema),
  /** Files of the data directory, where they were asked for. */
  secrets: z.array(entry),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type SavedSchema = z.infer<typeof schema>;
export type SavedTable = z.infer<typeof table>;
export type SavedEntry = z.infer<typeof entry>;
