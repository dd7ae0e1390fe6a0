import type { EventLog } from '@wami/event-log';
import type { Append } from '@wami/event-store';
import type { Runtime, WriterRuntime } from '@wami/service-runtime';
import { isProviderError, type Desired, type ProviderAdapter, type ResourceHandler } from '@wami/provider-port';

/**
 * Mistakes that the judges must catch. `forgotten-key`: a repeat is a new command. `forgotten-command`: deletions are acknowledged and not
 * written. `forgotten-row`: renamed users are not projected. `blind-create`: see `blindAdapter`.
 */
export const BUGS = ['forgotten-key', 'forgotten-command', 'forgotten-row', 'blind-create'] as const;
export type Bug = (typeof BUGS)[number];

/** Those that WAMI_CHAOS_BUGS names, by commas. */
export function bugsIn(env: NodeJS.ProcessEnv): Bug[] {
  const named = (env['WAMI_CHAOS_BUGS'] ?? '').split(',');
  return BUGS.filter((bug) => named.includes(bug));
}

export function withBug<R extends Runtime>(runtime: R, bug: Bug): R {
  if (bug === 'blind-create') return runtime;
  if (bug === 'forgotten-row') return { ...runtime, log: withoutRenames(runtime.log) };
  if (!isWriter(runtime) || runtime.store.source !== 'identity') return runtime;
  const { store } = runtime;
  const append = (given: Append) => store.append(bug === 'forgotten-key' ? withoutKey(given) : withoutDeletion(given));
  const findRepeated = (key: Parameters<typeof store.findRepeated>[0]) => bug === 'forgotten-key' ? Promise.resolve(undefined) : store.findRepeated(key);
  const broken = new Proxy(store, {
    get(_, name) {
      if (name === 'append') return append;
      if (name === 'findRepeated') return findRepeated;
      const value: unknown = Reflect.get(store, name);
      return typeof value === 'function' ? value.bind(store) : value;
    },
  });
  return { ...runtime, store: broken };
}

const isWriter = (runtime: Runtime): runtime is WriterRuntime => 'store' in runtime;

function withoutRenames(log: EventLog): EventLog {
  const subscribe: EventLog['subscribe'] = (options) => log.subscribe(!options.group.startsWith('projection') ? options : {
    ...options, onBatch: (batch) => options.onBatch({ ...batch, events: batch.events.filter(({ type }) => type !== 'wami.user.renamed.v1'), savePosition: (client) => batch.savePosition(client) }),
  });
  return new Proxy(log, {
    get(_, name) {
      const value: unknown = name === 'subscribe' ? subscribe : Reflect.get(log, name);
      return typeof value === 'function' ? value.bind(log) : value;
    },
  });
}

function withoutKey({ idempotency: _, ...append }: Append): Append {
  return append;
}

function withoutDeletion(append: Append): Append {
  if (!append.events.some(({ type }) => type === 'wami.user.deleted.v1')) return append;
  const { closes: _, release: __, ...rest } = append;
  return { ...rest, events: [] };
}

/** Repeats a create blindly, and takes another name wherever its own is taken. */
export function blindAdapter(adapter: ProviderAdapter): ProviderAdapter {
  return {
    ...adapter,
    connect(connection) {
      const target = adapter.connect(connection);
      const blind = (handler: ResourceHandler | undefined): ResourceHandler | undefined => handler && blindHandler(handler);
      return {
        account: target.account, handler: (kind) => blind(target.handler(kind)),
        validateCredentials: (context) => target.validateCredentials(context), close: () => target.close(),
      };
    },
  };
}

function blindHandler(handler: ResourceHandler): ResourceHandler {
  return {
    kind: handler.kind, facets: handler.facets,
    shape: (desired) => handler.shape(desired), check: (desired) => handler.check(desired), list: (context) => handler.list(context),
    observe: async (reference, facets, context) => (reference.providerResourceId ? handler.observe(reference, facets, context) : undefined),
    async create(desired, context) {
      try {
        return await handler.create(desired, context);
      } catch (error) {
        if (!isProviderError(error) || error.code !== 'AlreadyExists') throw error;
        return handler.create(underAnotherName(desired), context);
      }
    },
    async update(desired, observed, changes, context) {
      try {
        return await handler.update(desired, observed, changes, context);
      } catch (error) {
        if (!isProviderError(error) || error.code !== 'AlreadyExists') throw error;
        const other = underAnotherName(desired);
        return handler.update(other, observed, { ...changes, fields: { ...changes.fields, name: other.name } }, context);
      }
    },
    delete: (observed, context) => handler.delete(observed, context),
  };
}

const underAnotherName = (desired: Desired): Desired => ({ ...desired, name: `${desired.name}-2` });
