import type { SyncErrorCode } from '@wami/contracts';
import type { Applied } from './provider-adapter';
import { isProviderError, ProviderError } from './provider-error';

export interface RelationStep {
  readonly facet: string;
  readonly name: string;
  apply(): Promise<void>;
}

/** These are about the account or the connection, not about one relation: the next call would fare no better. */
const STOPPING: ReadonlySet<SyncErrorCode> = new Set(['Throttled', 'AuthExpired', 'Unavailable', 'NetworkError', 'Timeout']);

/** Applies one after the other; says which were refused, what was not tried among them. */
export async function applyRelations(steps: readonly RelationStep[]): Promise<Applied['rejected']> {
  const rejected: Applied['rejected'][number][] = [];
  let stopped: ProviderError | undefined;
  for (const { facet, name, apply } of steps) {
    if (stopped !== undefined) {
      rejected.push({
        facet,
        name,
        error: new ProviderError(stopped.code, `not tried: ${stopped.message}`, { ...stopped.options, effect: 'none' }),
      });
      continue;
    }
    const error = await errorOf(apply());
    if (error === undefined) continue;
    rejected.push({ facet, name, error });
    if (STOPPING.has(error.code)) stopped = error;
  }
  return rejected;
}

async function errorOf(call: Promise<void>): Promise<ProviderError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (isProviderError(error)) return error;
    throw error;
  }
}
