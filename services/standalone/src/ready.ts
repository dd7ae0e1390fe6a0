import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthRegistry } from '@wami/platform';

const POLL_MS = 20;
const SAY_AFTER_MS = 10_000;

/** Resolves when everything answers. What keeps it from that is told on stderr, once each time it changes. */
export async function untilReady(health: HealthRegistry, signal: AbortSignal): Promise<void> {
  const startedAt = Date.now();
  let said = '';
  while (!signal.aborted) {
    const { ready, checks } = health.readiness();
    if (ready) return;
    const why = Object.entries(checks).filter(([, { ok }]) => !ok).map(([name, { reason }]) => `${name}: ${reason ?? 'not ready'}`).join('; ');
    if (Date.now() - startedAt > SAY_AFTER_MS && why !== said) process.stderr.write(`wami: not ready yet. ${why}\n`);
    if (Date.now() - startedAt > SAY_AFTER_MS) said = why;
    await sleep(POLL_MS);
  }
}

export interface Ready {
  readonly url: string;
  readonly grpc: string;
  readonly folder: string;
  /** Addresses of the local sandbox clouds, by target. */
  readonly sandboxes: Readonly<Record<string, string>>;
  /** Signs in to the console, once; left out where there is none. */
  readonly code?: string;
}

/** The one line on stdout that programs wait for; what a person may want to know goes to stderr. */
export function sayReady({ url, grpc, folder, sandboxes, code }: Ready): void {
  const clouds = Object.entries(sandboxes).map(([target, address]) => `  SANDBOX    ${target} at ${address} (no real cloud is called)\n`);
  process.stderr.write([
    '', `  Console    ${code === undefined ? 'not built: `npm run build:console` does' : `${url}/#code=${code} (signs in once, within an hour)`}\n`, `  API        ${url}/docs\n`, `  gRPC       ${grpc} (with reflection)\n`,
    `  Token      ${folder}/admin.token\n`, ...clouds, '\nTry, in this folder:\n',
    '  npx wami user create ann --tag team=core --wait\n', '  npx wami status\n', '  npx wami events tail --from-start\n\n',
  ].join(''));
  process.stdout.write(`WAMI ready ${url}\n`);
}
