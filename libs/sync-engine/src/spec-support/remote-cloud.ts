import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ProviderError, isProviderError, type CallContext, type ProviderAdapter, type ProviderErrorOptions, type ResourceHandler } from '@wami/provider-port';
import type { SyncErrorCode } from '@wami/contracts';
import { CONNECTION } from './engine-under-test';
import { ModelCloud } from './model-cloud';

interface Question {
  readonly id: number;
  readonly kind?: string;
  readonly method: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: SyncErrorCode; readonly message: string; readonly options: ProviderErrorOptions };
}

const NEVER: CallContext = { signal: new AbortController().signal };

const HOOK = join(__dirname, '../../../../tools/swc-hook.cjs');

/** An engine in a process of its own, over the built libraries, waiting for its orders (`mortal-engine.ts`). It ends with the process that started it. */
export function engineProcess(): ChildProcess {
  return fork(join(__dirname, 'mortal-engine.ts'), [], { execArgv: ['-r', HOOK], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** Answers a child's calls out of the parent's cloud: what was asked is done, also if the child is dead by then. */
export function serveCloud(child: ChildProcess, cloud: ModelCloud): void {
  const target = cloud.adapter('child').connect(CONNECTION);
  const ask = ({ kind, method, args }: Question): Promise<unknown> => {
    if (kind === undefined) return target.validateCredentials(NEVER);
    const handler = target.handler(kind) as unknown as Record<string, (...given: unknown[]) => Promise<unknown>>;
    return handler[method]?.(...args, NEVER) ?? Promise.reject(new Error(`no ${method}`));
  };
  const answer = (message: Answer): void => {
    if (child.connected) child.send(message, () => undefined);
  };
  child.on('message', (question: Question | object) => {
    if (!('method' in question)) return;
    ask(question).then((result) => answer({ id: question.id, result }), (error: unknown) => {
      if (isProviderError(error)) answer({ id: question.id, error: { code: error.code, message: error.message, options: error.options } });
      else throw error;
    });
  });
}

/** The child's side: every call goes to the parent. Shapes and checks are pure and stay here. */
export function remoteAdapter(): ProviderAdapter {
  const waiting = new Map<number, (answer: Answer) => void>();
  let ids = 0;
  process.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer));
  const ask = <T>(kind: string | undefined, method: string, ...args: unknown[]): Promise<T> => new Promise((resolve, reject) => {
    const id = ++ids;
    waiting.set(id, ({ result, error }) => {
      waiting.delete(id);
      if (error) reject(new ProviderError(error.code, error.message, error.options));
      else resolve(result as T);
    });
    process.send?.({ id, kind, method, args } satisfies Question);
  });
  const local = new ModelCloud().adapter();
  const handlerOf = (kind: string): ResourceHandler | undefined => {
    const pure = local.connect(CONNECTION).handler(kind);
    return pure && {
      kind, facets: pure.facets, shape: pure.shape, check: pure.check,
      observe: (reference, facets) => ask(kind, 'observe', reference, facets),
      create: (desired) => ask(kind, 'create', desired),
      update: (desired, observed, changes) => ask(kind, 'update', desired, observed, changes),
      delete: (observed) => ask(kind, 'delete', observed),
      list: () => {
        throw new Error('a listing is not served');
      },
    };
  };
  return {
    provider: local.provider, capabilities: local.capabilities,
    connect: ({ account }) => ({ account, validateCredentials: () => ask(undefined, 'validateCredentials'), handler: handlerOf, close: () => Promise.resolve() }),
  };
}
