import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SubjectKeys } from '@wami/event-store';
import { describeError, type HealthCheck, type HealthRegistry, type Logger, type Metrics } from '@wami/platform';
import { Dialogue } from './dialogue';
import type { OpenedSync, OpenSync, ProcessSide, ThreadSide } from './sides';

export interface SyncThread extends OpenedSync {
  /** Finishes what is in flight. */
  close(): Promise<void>;
}

export interface SyncThreadParts {
  readonly keys: SubjectKeys;
  readonly health: HealthRegistry;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** The compiled module that the thread runs. Default: the one beside this. */
  readonly entry?: string;
}

/** Compiled also where this runs from its source: a thread has no other loader. */
const SYNC_THREAD = join(__dirname, '..', '..', 'dist', 'sync-thread', 'sync-thread.js');
/** Twice what Node gives a thread: what lives as long as a call of a cloud is thrown away before it is moved to where collecting is dear. */
const YOUNG_MB = 96;
const OPEN_MS = 120_000;
const METRICS_MS = 2_000;
const CLOSE_MS = 20_000;
const SILENT_MS = 5_000;

/** @throws StartupError where a connection makes no sense, or the database is of a newer version */
export async function startSyncThread(options: OpenSync, { keys, health, metrics, logger, entry = SYNC_THREAD }: SyncThreadParts): Promise<SyncThread> {
  const worker = new Worker(entry, { env: { ...process.env }, name: 'sync', resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  const signs = new SignsOfLife();
  let isOpen = false;
  const dialogue = new Dialogue<ThreadSide>(worker, {
    keys: async (subjects: readonly string[]) => new Map([...await keys.find(subjects)].map(([subject, key]) => [subject, key === 'gone' ? key : Uint8Array.from(key)])),
    log: ({ level, fields, message }) => logger[level](fields, message),
    health: (checks) => signs.take(checks),
  } satisfies ProcessSide);
  worker.on('error', (error) => {
    dialogue.end(error);
    // What nobody waits for ends the process, as it would have without the thread.
    if (isOpen) throw error;
  });
  try {
    const opened = await dialogue.ask('open', options, OPEN_MS);
    isOpen = true;
    for (const name of signs.names()) health.add(name, () => signs.check(name));
    metrics.alsoFrom(() => dialogue.ask('metrics', null, METRICS_MS).catch((error: unknown) => {
      logger.warn(describeError(error), 'the metrics of the sync thread are left out');
      return '';
    }));
    return {
      ...opened,
      async close() {
        try {
          await dialogue.ask('close', null, CLOSE_MS);
        } finally {
          isOpen = false;
          await worker.terminate();
        }
      },
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  }
}

/** What the thread last said of itself, and when. */
class SignsOfLife {
  private checks: Readonly<Record<string, HealthCheck>> = {};
  private at = performance.now();

  take(checks: Readonly<Record<string, HealthCheck>>): void {
    this.checks = checks;
    this.at = performance.now();
  }

  names(): readonly string[] {
    return Object.keys(this.checks);
  }

  check(name: string): HealthCheck {
    const silentMs = performance.now() - this.at;
    if (silentMs > SILENT_MS) return { ok: false, reason: `the sync thread has not said anything for ${Math.round(silentMs / 1000)} s` };
    return this.checks[name] ?? { ok: false, reason: 'the sync thread does not know' };
  }
}
