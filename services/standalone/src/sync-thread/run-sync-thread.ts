import { parentPort } from 'node:worker_threads';
import { PersonalData, type SubjectKey } from '@wami/event-store';
import { HealthRegistry, Metrics, Secret, type Logger } from '@wami/platform';
import { Closing, openWriter, type WriterRuntime } from '@wami/service-runtime';
import { openSyncAws, SYNC_AWS, type SyncAwsParts } from '@wami/sync-aws';
import { openTracing } from '@wami/tracing';
import { SYNC_ENGINE_MIGRATIONS, type EngineOptions } from '@wami/sync-engine';
import { openClouds, targetsOpenTo } from './clouds';
import { Dialogue } from './dialogue';
import type { LogLine, OpenedSync, OpenSync, ProcessSide, ThreadSide } from './sides';

/** One machine restarts in place: the owner of a target is gone with its process, so its lease is short. */
const ENGINE: Partial<EngineOptions> = { leaseMs: 6_000, callTimeoutMs: 3_000 };
const KEYS_MS = 3_000;
const HEALTH_POLL_MS = 50;
const SIGN_OF_LIFE_MS = 1_000;

/** What a test puts around the ports of this thread, to break it at named places. */
export interface AroundSync {
  readonly runtime?: (runtime: WriterRuntime) => WriterRuntime;
  readonly engine?: Pick<SyncAwsParts, 'seams' | 'adapter' | 'options'>;
}

/** The sync service, and the sandbox clouds where there are no others, in a thread of the process: to be called by its entry. */
export function runSyncThread(around: AroundSync = {}): void {
  if (!parentPort) throw new Error('this is the entry of a thread');
  const closing = new Closing();
  const metrics = new Metrics();
  const dialogue: Dialogue<ProcessSide> = new Dialogue<ProcessSide>(parentPort, {
    open: (options: OpenSync) => closing.onFailure(() => open(options, { around, closing, metrics, dialogue })),
    metrics: () => metrics.registry.metrics(),
    close: () => closing.run(),
  } satisfies ThreadSide);
}

interface Within {
  readonly around: AroundSync;
  readonly closing: Closing;
  readonly metrics: Metrics;
  readonly dialogue: Dialogue<ProcessSide>;
}

async function open(options: OpenSync, { around, closing, metrics, dialogue }: Within): Promise<OpenedSync> {
  const { databaseUrl, kafkaBrokers, http, instance, folder } = options;
  const health = new HealthRegistry();
  const logger = loggerOver(dialogue);
  closing.before(await openTracing(SYNC_AWS.service, options.tracing, logger));
  const clouds = await openClouds(options.connections, folder, health, logger);
  closing.before(() => clouds.close());
  const personal = personalDataOver(dialogue);
  const { runtime: within = (runtime) => runtime } = around;
  const runtime = within(await openWriter({
    ...SYNC_AWS, migrations: SYNC_ENGINE_MIGRATIONS, databaseUrl: new Secret(databaseUrl), http, health, logger, metrics, personal: () => ({ personal }),
    ...(kafkaBrokers ? { kafkaBrokers } : {}),
  }));
  closing.before(() => runtime.close());
  const engine = await openSyncAws({ runtime, connections: clouds.connections, instance, health, metrics, logger, ...around.engine, options: { ...ENGINE, ...around.engine?.options } });
  closing.before(() => engine.close());
  closing.before(tellHealth(health, dialogue));
  return { sandboxes: clouds.sandboxes, openToDefault: targetsOpenTo(clouds.connections, 'default') };
}

function personalDataOver(dialogue: Dialogue<ProcessSide>): PersonalData {
  return new PersonalData({
    keys: {
      find: async (subjects) => new Map([...await dialogue.ask('keys', subjects, KEYS_MS)].map(([subject, key]): [string, SubjectKey] => [subject, key === 'gone' ? key : Buffer.from(key)])),
    },
  });
}

/** Lines are written by the process, in its own way. */
function loggerOver(dialogue: Dialogue<ProcessSide>, bound: object = {}): Logger {
  const at = (level: LogLine['level']) => (fields: object, message: string): void => dialogue.tell('log', { level, fields: { ...bound, ...fields }, message });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: (fields) => loggerOver(dialogue, { ...bound, ...fields }) };
}

function tellHealth(health: HealthRegistry, dialogue: Dialogue<ProcessSide>): () => void {
  let told = '';
  let toldAt = 0;
  const tell = (): void => {
    const { checks } = health.readiness();
    const now = performance.now();
    const text = JSON.stringify(checks);
    if (text === told && now - toldAt < SIGN_OF_LIFE_MS) return;
    told = text;
    toldAt = now;
    dialogue.tell('health', checks);
  };
  tell();
  const timer = setInterval(tell, HEALTH_POLL_MS);
  return () => clearInterval(timer);
}
