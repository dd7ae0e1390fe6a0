import { existsSync } from 'node:fs';
import type { BackupResult, CheckResult, InPlaceResult, RestoreResult, VerifyResult } from '@wami/contracts';
import { StartupError } from '@wami/platform';
import { z } from 'zod';
import { ArchiveReader, BadArchive } from './archive/archive-reader';
import { backup } from './backup';
import { openPlaces } from './places';
import { NotEmpty, restore } from './restore';
import { restoreInPlace } from './restore-in-place';
import { checkpointsIn, verifyLogs } from './verify';

/** What `wami admin` asks for, as JSON in the one argument. */
const jobSchema = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('backup'), file: z.string(), withSecrets: z.boolean() }),
  z.object({ verb: z.literal('restore'), file: z.string() }),
  z.object({ verb: z.literal('restore-in-place') }),
  z.object({ verb: z.literal('check'), file: z.string() }),
  z.object({ verb: z.literal('verify'), against: z.string().optional() }),
]);
type Job = z.infer<typeof jobSchema>;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

/** Works on the databases, beside the services: no service has to run. Answers with one line of JSON on stdout: `{result}` or `{error: {message, code}}`. */
async function main(): Promise<void> {
  const answer = await run(jobSchema.parse(JSON.parse(process.argv[2] ?? '{}'))).then((result) => ({ result }), (error: unknown) => ({ error: told(error) }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function run(job: Job): Promise<BackupResult | CheckResult | InPlaceResult | RestoreResult | VerifyResult> {
  const now = new Date();
  switch (job.verb) {
    case 'backup': return withPlaces({ free: false, make: false }, (places) => {
      if (existsSync(job.file)) throw new NotEmpty(`${job.file} is there already.`);
      const connections = process.env['WAMI_CONNECTIONS'];
      return backup(places, { ...job, now, tell, ...(connections === undefined ? {} : { connections }) });
    });
    case 'restore': return withArchive(job.file, (reader) => withPlaces({ free: true, make: true }, (places) => restore(reader, places, now, tell)));
    case 'restore-in-place': return withPlaces({ free: true, make: false }, (places) => restoreInPlace(places, now));
    case 'verify': {
      const checkpoints = job.against === undefined ? new Map() : await checkpointsIn(job.against);
      return withPlaces({ free: false, make: false }, (places) => verifyLogs(places, checkpoints, now));
    }
    case 'check': return withArchive(job.file, ({ manifest: { createdAt, release, schemas } }) => Promise.resolve({
      createdAt, release, rows: schemas.flatMap(({ tables }) => tables).reduce((sum, { rows }) => sum + rows, 0), events: schemas.reduce((sum, { store }) => sum + (store?.events ?? 0), 0),
    }));
  }
}

async function withPlaces<T>(how: Parameters<typeof openPlaces>[1], work: (places: Awaited<ReturnType<typeof openPlaces>>) => Promise<T>): Promise<T> {
  const places = await openPlaces(process.env, how);
  return work(places).finally(() => places.close());
}

/** All of it is read before anything is touched. */
async function withArchive<T>(file: string, work: (reader: ArchiveReader) => Promise<T>): Promise<T> {
  const reader = await ArchiveReader.open(file);
  try {
    await reader.verify();
    tell(`${file} is whole`);
    return await work(reader);
  } finally {
    await reader.close();
  }
}

function told(error: unknown): { readonly message: string; readonly code: string } {
  const { code = 'Failed', message, path } = error as NodeJS.ErrnoException;
  if (error instanceof NotEmpty) return { message, code: 'NotEmpty' };
  if (error instanceof StartupError || error instanceof BadArchive) return { message, code: 'Refused' };
  if (path?.endsWith('.unfinished') && code === 'EEXIST') return { message: `${path} is there: another backup writes it, or one was cut off. Where none runs remove it, and try again.`, code: 'Refused' };
  if (path !== undefined) return { message: `${path} cannot be used: ${code}.`, code: 'Refused' };
  return { message: message.split('\n')[0] ?? 'failed', code: 'Failed' };
}

void main();
