import { parentPort } from 'node:worker_threads';
import { PersonalData, type SubjectKey } from '@wami/event-store';
import { HealthRegistry, Metrics, Secret, type Logger } from '@wami/platform';
import { Closing, openWriter, SYNC_SERVICES, type WriterRuntime } from '@wami/service-runtime';
import { openSyncEngine, type SyncEngineParts } from '@wami/sync-service';
import { openTracing } from '@wami/tracing';
import { SYNC_ENGINE_MIGRATIONS, type EngineOptions, type SyncEngine } from '@wami/sync-engine';
import { providersOf, type Provided } from './adapters';
import { openClouds, targetsOpenTo } from './clouds';
import { Dialogue } from './dialogue';
import { Engines } from './engines';
import type { ConnectionSource } from '@wami/provider-port';
import type { LogLine, OpenedSync, OpenSync, ProcessSide, ThreadSide } from './sides';

/** One machine restarts in place: the owner of a target is gone with its process, so its lease is short. */
const ENGINE: Partial<EngineOptions> = { leaseMs: 6_000, callTimeoutMs: 3_000 };
const KEYS_MS = 3_000;
const HEALTH_POLL_MS = 50;
const SIGN_OF_LIFE_MS = 1_000;

/** What a test puts around the ports of this thread, to break it at named places; `adapter` stands in for that of AWS. */
export interface AroundSync {
  readonly runtime?: (runtime: WriterRuntime) => WriterRuntime;
  readonly engine?: Partial<Pick<SyncEngineParts, 'seams' | 'adapter' | 'options'>>;
}

/** The sync services, and the sandbox clouds where there are no others, in a thread of the process: to be called by its entry. */
export function runSyncThread(around: AroundSync = {}): void {
  if (!parentPort) throw new Error('this is the entry of a thread');
  const [opens, closing] = [new Closing(), new Closing()];
  const metrics = new Metrics();
  const dialogue: Dialogue<ProcessSide> = new Dialogue<ProcessSide>(parentPort, {
    open: (options: OpenSync) => closing.onFailure(() => open(options, { around, opens, closing, metrics, dialogue })),
    metrics: () => metrics.text(),
    close: () => opens.run().finally(() => closing.run()),
  } satisfies ThreadSide);
}

interface Within {
  readonly around: AroundSync;
  /** Ends what opens more. */
  readonly opens: Closing;
  readonly closing: Closing;
  readonly metrics: Metrics;
  readonly dialogue: Dialogue<ProcessSide>;
}

async function open(options: OpenSync, within: Within): Promise<OpenedSync> {
  const { opens, closing, dialogue } = within;
  const health = new HealthRegistry();
  const logger = loggerOver(dialogue);
  closing.before(await openTracing('sync', options.tracing, logger));
  const providers = await providersOf(options.adapter);
  const clouds = await openClouds(options, health, logger);
  closing.before(() => clouds.close());
  const opening: Opening = { ...within, options, health, logger, connections: clouds.connections };
  const engines = new Engines(providers, clouds.connections, (provided) => openEngine(provided, opening), logger);
  await engines.start();
  opens.before(() => engines.stop());
  closing.before(tellHealth(health, dialogue));
  return { sandboxes: clouds.sandboxes, openToDefault: targetsOpenTo(clouds.connections, 'default') };
}

interface Opening extends Within {
  readonly options: OpenSync;
  readonly health: HealthRegistry;
  readonly logger: Logger;
  readonly connections: ConnectionSource;
}

/** What was opened before a failure is closed again, and nothing of it is heard of. */
async function openEngine({ named, adapter: make }: Provided, { around, closing, metrics: all, dialogue, options, health: whole, logger, connections }: Opening): Promise<SyncEngine> {
  const { databaseUrl, sealKey, kafka, http, instance } = options;
  const { runtime: within = (runtime) => runtime, engine: { adapter: inStead, ...put } = {} } = around;
  const adapter = (named === SYNC_SERVICES.aws ? inStead : undefined) ?? make();
  const [own, health, metrics, personal] = [new Closing(), new HealthRegistry(), new Metrics(), personalDataOver(dialogue)];
  const engine = await own.onFailure(async () => {
    const runtime = within(await openWriter({
      ...named, migrations: SYNC_ENGINE_MIGRATIONS, databaseUrl: new Secret(databaseUrl), http, health, logger, metrics, personal: () => ({ personal }), sealKey: Buffer.from(sealKey),
      kafka,
    }));
    own.before(() => runtime.close());
    const opened = await openSyncEngine({ named, adapter, runtime, connections, instance, health, metrics, logger, ...put, options: { ...ENGINE, ...put.options } });
    own.before(() => opened.close());
    return opened;
  });
  closing.before(() => own.run());
  all.alsoFrom(() => metrics.registry.metrics());
  for (const name of Object.keys(health.readiness().checks)) whole.add(name, () => health.readiness().checks[name] ?? { ok: false, reason: `${named.service} does not know` });
  return engine;
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
