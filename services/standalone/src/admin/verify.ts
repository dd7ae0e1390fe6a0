import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint, LogVerdict, VerifyResult } from '@wami/contracts';
import { verifyLog } from '@wami/event-store';
import { pepperSchema, StartupError, type Secret } from '@wami/platform';
import { sealKeyOf } from '@wami/service-runtime';
import { z } from 'zod';
import { ArchiveReader } from './archive/archive-reader';
import { connect } from './connection';
import type { OpenPlaces } from './places';

const noteSchema = z.object({ logs: z.array(z.object({ source: z.string(), checkpoint: z.object({ number: z.number(), seal: z.string() }).optional() })) });

/** Compares the logs of an instance with their seals. @throws StartupError where the key of the seals is not there */
export async function verifyLogs({ places, folder }: OpenPlaces, checkpoints: ReadonlyMap<string, Checkpoint>, now: Date): Promise<VerifyResult> {
  const key = sealKeyOf(pepperOf(folder));
  const logs: LogVerdict[] = [];
  for (const { url, parts } of places) {
    const client = await connect(url);
    try {
      // One moment, or what is sealed meanwhile would be missing.
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { rows } = await client.query<{ schema: string }>('SELECT nspname AS schema FROM pg_namespace');
      for (const { service, schema } of parts.filter((part) => part.writes && rows.some((row) => row.schema === part.schema))) {
        const checkpoint = checkpoints.get(service);
        logs.push(await verifyLog(client, { schema, source: service, key, ...(checkpoint ? { checkpoint } : {}) }));
      }
    } finally {
      await client.end();
    }
  }
  return { verifiedAt: now.toISOString(), logs: [...logs, ...missing(logs, checkpoints)] };
}

/** A log that is gone altogether. */
function missing(logs: readonly LogVerdict[], checkpoints: ReadonlyMap<string, Checkpoint>): LogVerdict[] {
  return [...checkpoints.keys()].filter((source) => !logs.some((log) => log.source === source)).map((source) => ({ source, seals: 0, events: 0, unsealed: 0, problems: [`${source}: there is no log of it any more`] }));
}

/** What was noted by `wami admin verify`, or a backup, which knows how far the logs were. @throws StartupError, BadArchive */
export async function checkpointsIn(file: string): Promise<ReadonlyMap<string, Checkpoint>> {
  if (file.endsWith('.json')) {
    const note = noteSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!note.success) throw new StartupError(`${file} is no note of \`wami admin verify\`.`);
    return new Map(note.data.logs.flatMap(({ source, checkpoint }) => (checkpoint ? [[source, checkpoint] as const] : [])));
  }
  const reader = await ArchiveReader.open(file);
  await reader.close();
  return new Map(reader.manifest.schemas.flatMap(({ store }) => (store?.checkpoint ? [[store.source, store.checkpoint] as const] : [])));
}

function pepperOf(folder: string | undefined): Secret {
  const file = folder === undefined ? undefined : join(folder, 'key.pepper');
  const text = process.env['WAMI_KEY_PEPPER'] ?? (file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
  const pepper = pepperSchema.safeParse(text);
  if (!pepper.success) throw new StartupError('The logs are sealed under WAMI_KEY_PEPPER, or key.pepper of the data directory: give the one that the services have.');
  return pepper.data;
}
