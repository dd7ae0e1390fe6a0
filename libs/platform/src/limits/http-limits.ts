import { isIP } from 'node:net';
import { z } from 'zod';

const count = (fallback: number) => z.coerce.number({ error: 'must be a whole number from 1 to 1000000' }).int().min(1).max(1_000_000).default(fallback);

/** Addresses, or ranges like `10.0.0.0/8`, separated by commas. */
const proxies = z.string().default('').transform((text, context) => {
  const given = text.split(',').map((one) => one.trim()).filter(Boolean);
  if (!given.every(isRange)) context.addIssue({ code: 'custom', message: 'must be addresses or ranges like 10.0.0.0/8, several separated by commas' });
  return given;
});

function isRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : 0;
  return most > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

/** Settings of every service that answers HTTP; docs/configuration.md tells what they mean. */
export const httpLimitsShape = {
  WAMI_HTTP_CONNECTIONS: count(2000),
  WAMI_HTTP_WRITES: count(128),
  WAMI_HTTP_READS: count(256),
  WAMI_HTTP_REVOCATIONS: count(64),
  WAMI_HTTP_WAITING: count(1000),
  WAMI_HTTP_BODIES_MIB: count(64),
  WAMI_HTTP_RATE: count(1000),
  WAMI_HTTP_BURST: count(2000),
  WAMI_HTTP_FAILED_LOGINS: count(60),
  WAMI_TRUSTED_PROXIES: proxies,
} as const;
const schema = z.object(httpLimitsShape);

/** How much one process takes on before it refuses. */
export interface HttpLimits {
  /** Open at a time; more are closed at once. */
  readonly connections: number;
  /** Requests of each class that are worked on at a time; more are refused at once. None takes the room of another. */
  readonly concurrent: Readonly<Record<'write' | 'read' | 'revocation', number>>;
  /** Requests that wait for clouds, settling or events: they cost a connection only. */
  readonly waiting: number;
  /** Bytes of all bodies that are being received or worked on. */
  readonly bodyBytes: number;
  /** Requests per second of one credential, and how many at once after a pause. */
  readonly rate: { readonly perSecond: number; readonly burst: number };
  /** Refused credentials of one address in a minute; then only credentials that were good lately are looked at. */
  readonly failedLoginsPerMinute: number;
  /** Whose `X-Forwarded-For` is believed; nobody else's. */
  readonly trustedProxies: readonly string[];
}

export function httpLimitsOf(config: z.infer<typeof schema>): HttpLimits {
  return {
    connections: config.WAMI_HTTP_CONNECTIONS,
    concurrent: { write: config.WAMI_HTTP_WRITES, read: config.WAMI_HTTP_READS, revocation: config.WAMI_HTTP_REVOCATIONS },
    waiting: config.WAMI_HTTP_WAITING, bodyBytes: config.WAMI_HTTP_BODIES_MIB * 1024 * 1024,
    rate: { perSecond: config.WAMI_HTTP_RATE, burst: config.WAMI_HTTP_BURST }, failedLoginsPerMinute: config.WAMI_HTTP_FAILED_LOGINS,
    trustedProxies: config.WAMI_TRUSTED_PROXIES,
  };
}

export const DEFAULT_HTTP_LIMITS: HttpLimits = httpLimitsOf(schema.parse({}));
