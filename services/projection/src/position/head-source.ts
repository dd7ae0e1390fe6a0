import type { LogPosition, PositionVector } from '@wami/contracts';
import { decodePosition } from '@wami/contracts';
import type { Secret } from '@wami/platform';

/** Says what the writers have committed by now. */
export interface HeadSource {
  /** Place of each writer's newest committed event. @throws where a writer does not answer. */
  heads(): Promise<PositionVector>;
}

const TIMEOUT_MS = 3000;

/** Writers elsewhere: `GET <address>/internal/head` answers `{position}`, an opaque position with the writer's own source in it. */
export function headsOverHttp(writers: Readonly<Record<string, string>>, token: Secret): HeadSource {
  const ask = async (source: string, address: string): Promise<readonly [string, LogPosition]> => {
    const response = await fetch(new URL('/internal/head', address), {
      headers: { authorization: `Bearer ${token.reveal()}` }, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error',
    });
    const body = response.ok ? await response.json() as { readonly position?: unknown } : {};
    const head = typeof body.position === 'string' ? headIn(body.position, source) : undefined;
    if (head === undefined) throw new Error(`${source} did not tell its head (status ${response.status})`);
    return [source, head];
  };
  return { heads: async () => Object.fromEntries(await Promise.all(Object.entries(writers).map(([source, address]) => ask(source, address)))) };
}

/** Sealed as callers get it, or the bare place. */
function headIn(position: string, source: string): LogPosition | undefined {
  return /^\d{1,20}\.\d{1,20}$/.test(position) ? position : decodePosition(position)?.[source];
}
