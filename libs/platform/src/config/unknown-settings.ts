import type { Logger } from '../logging/logger';
import { oidcSignInShape } from '../auth/oidc/oidc-sign-in';
import { identityAddressShape, serviceConfigSchema } from './common-config';

/** Every setting of every service: a file of them may be shared, so each knows those of the others. */
export const KNOWN_SETTINGS: readonly string[] = [...new Set([
  'WAMI_HTTP_PORT', ...Object.keys(serviceConfigSchema.shape), ...Object.keys(identityAddressShape), ...Object.keys(oidcSignInShape), 'WAMI_DATA_DIR', 'WAMI_MASTER_KEY', 'WAMI_MASTER_KEY_FILE',
  'WAMI_MASTER_KEY_PREVIOUS', 'WAMI_CONNECTIONS', 'WAMI_SANDBOXES', 'WAMI_CREDENTIAL_CHECK_SECONDS', 'WAMI_ADAPTER', 'WAMI_LEASE_SECONDS', 'WAMI_WRITERS',
])].filter((key) => key.startsWith('WAMI_'));

/** What others read: the command line with its `admin`, docker compose, tests and measurements. */
const OF_OTHERS = [
  /^WAMI_(ADDRESS|TOKEN|TOKEN_FILE|TENANT|OUTPUT|PROFILE|DATABASE_URL_[A-Z_]+|POSTGRES_PASSWORD|CONNECTIONS_FILE)$/,
  /^WAMI_(ASSURANCE|BENCH|CHAOS|CONFORMANCE|HISTORY|SPEC|TEST|SANDBOX)_/, /^WAMI_(LEFT_OUT_FILE|REWRITE_PAGES|SCREENSHOTS)$/,
];
/** Kubernetes tells each container the addresses of the services beside it: one that is called `wami` has WAMI_PORT. */
const OF_KUBERNETES = /^WAMI_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)$/;
const isServiceLink = (name: string, value: string): boolean => OF_KUBERNETES.test(name) || (/^WAMI_(\w+_)?PORT$/.test(name) && /^(tcp|udp|sctp):\/\//.test(value));

/** Says once, at the start, what is set like a setting and is none: nobody would notice otherwise that it does nothing. Names alone; values may be secrets. */
export function warnOfUnknownSettings(env: Readonly<Record<string, string | undefined>>, logger: Pick<Logger, 'warn'>): void {
  const unknown = Object.entries(env).filter(([name, value = '']) => name.startsWith('WAMI_') && !KNOWN_SETTINGS.includes(name) && !OF_OTHERS.some((others) => others.test(name)) && !isServiceLink(name, value));
  if (unknown.length === 0) return;
  const told = unknown.map(([name]) => `${name} (did you mean ${nearestTo(name)}?)`).sort();
  logger.warn({ settings: unknown.map(([name]) => name).sort() }, `no service has these settings, so they do nothing unless the connections file names them: ${told.join(', ')}`);
}

/** The known setting with most of its words, and of those the one that takes the fewest changes. */
function nearestTo(name: string): string | undefined {
  const words = name.split('_');
  const apart = (known: string): readonly [strange: number, changes: number] => [words.filter((word) => !known.split('_').includes(word)).length, distance(name, known)];
  const [nearest] = KNOWN_SETTINGS.map((known) => ({ known, apart: apart(known) })).sort((a, b) => a.apart[0] - b.apart[0] || a.apart[1] - b.apart[1]);
  return nearest?.known;
}

/** So many letters are to be put in, left out or changed (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_none, index) => index);
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1];
    for (const [index, other] of [...to].entries()) next.push(Math.min((row[index] ?? 0) + (letter === other ? 0 : 1), (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    row = next;
  }
  return row.at(-1) ?? 0;
}
