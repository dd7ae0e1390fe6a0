import type { RecordedEvent } from '@wami/contracts';
import type { EventBatch, EventLog } from '@wami/event-log';
import type { Append, EventStore } from '@wami/event-store';
import type { Runtime, WriterRuntime } from '@wami/service-runtime';
import { systemSeams, type KillPoint as EnginePoint, type Seams } from '@wami/sync-engine';
import type { KillPoint } from './kill-points';

type Reached = (point: KillPoint) => Promise<void>;

/** The parts of one service, with the points named around what commits. */
export function aroundRuntime<R extends Runtime>(runtime: R, reached: Reached): R {
  const log = aroundLog(runtime.log, reached);
  return isWriter(runtime) ? { ...runtime, log, store: aroundStore(runtime.store, reached) } : { ...runtime, log };
}

const isWriter = (runtime: Runtime): runtime is WriterRuntime => 'store' in runtime;

/** `target`, with some of its methods exchanged; the others keep their own `this`. */
function exchanging<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function aroundStore(store: EventStore, reached: Reached): EventStore {
  return exchanging(store, {
    async append(append) {
      await reached('append-before');
      const result = await store.append(append);
      await reached('append-after');
      return result;
    },
    async appendIn(client, appends) {
      const recorded = await store.appendIn(client, appends);
      for (const point of pointsOf(appends)) await reached(point);
      return recorded;
    },
  });
}

/** Which of the engine's transactions it is, by what it says. */
function pointsOf(appends: readonly Append[]): KillPoint[] {
  const says = (type: string): boolean => appends.some(({ events }) => events.some((event) => event.type === `wami.sync.${type}.v1`));
  return [...(says('started') ? ['claim-uncommitted'] as const : []), ...(says('succeeded') || says('failed') ? ['record-uncommitted'] as const : [])];
}

type Consumer = 'deliver' | 'project';

/** The engines' consumers are told from the projection's by the group; other groups only listen. */
function consumerOf(group: string): Consumer | undefined {
  if (group.startsWith('sync-')) return 'deliver';
  return group.startsWith('projection') ? 'project' : undefined;
}

function aroundLog(log: EventLog, reached: Reached): EventLog {
  return exchanging(log, {
    subscribe(options) {
      const consumer = consumerOf(options.group);
      if (consumer === undefined) return log.subscribe(options);
      return log.subscribe({ ...options, onBatch: (batch) => aroundBatch(batch, consumer, options.onBatch, reached) });
    },
  });
}

async function aroundBatch(batch: EventBatch, consumer: Consumer, handle: (batch: EventBatch) => Promise<void>, reached: Reached): Promise<void> {
  await reached(`${consumer}-before`);
  const events: readonly RecordedEvent[] = batch.events;
  await handle({
    events, atRest: batch.atRest,
    // The last that a handler does in its transaction.
    async savePosition(client) {
      await batch.savePosition(client);
      await reached(`${consumer}-uncommitted`);
    },
  });
  await reached(`${consumer}-after`);
}

const ENGINE_POINTS: Partial<Record<EnginePoint, KillPoint>> = {
  'before-started': 'claim-before', 'after-started': 'claim-after', 'before-call': 'call-before', 'after-call': 'call-after',
  'before-record': 'record-before', 'after-record': 'record-after',
};

export function aroundEngine(reached: Reached): Seams {
  return {
    ...systemSeams,
    reached: async (point) => {
      const ours = ENGINE_POINTS[point];
      if (ours !== undefined) await reached(ours);
    },
  };
}
