import { X509Certificate } from 'node:crypto';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '@wami/testing';
import { LATER_CERTIFICATE } from './later-certificate';

export const TENANT = '11111111-2222-4333-8444-555555555555';
export const RIGHT_SECRET = 'the-right-secret';
/** An application whose tokens end so soon that none is used twice. */
export const SHORT_LIVED = 'short-lived-app';

/** Where tokens come from and where they count: Entra's login over TLS, a host's managed identity, and GET /organization for whoever has one of their tokens. */
export interface LoginService {
  readonly login: string;
  readonly graph: string;
  /** How each token was asked for, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

export async function startLoginService(): Promise<LoginService> {
  const asked: string[] = [];
  const login = createHttps({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE }, (request, response) => void giveToken(request, response, asked));
  const graph = createHttp((request, response) => organizationOrIdentity(request, response, asked));
  for (const server of [login, graph]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server: typeof graph | typeof login): number => (server.address() as AddressInfo).port;
  return {
    login: `https://127.0.0.1:${port(login)}`,
    graph: `http://127.0.0.1:${port(graph)}`,
    asked,
    close: async () => {
      for (const server of [login, graph]) {
        server.closeAllConnections();
        await new Promise<void>((resolve) => server.close(() => resolve()));
      }
    },
  };
}

async function giveToken(request: IncomingMessage, response: ServerResponse, asked: string[]): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const origin = `https://${request.headers.host ?? ''}/${TENANT}`;
  if (request.method === 'GET') {
    return answer(response, 200, { issuer: `${origin}/v2.0`, authorization_endpoint: `${origin}/oauth2/v2.0/authorize`, token_endpoint: `${origin}/oauth2/v2.0/token`, jwks_uri: `${origin}/keys` });
  }
  const form = new URLSearchParams(Buffer.concat(parts).toString('utf8'));
  const way = form.has('client_secret') ? 'secret' : wayOf(form.get('client_assertion') ?? '');
  asked.push(`${way} of ${form.get('client_id') ?? ''} for ${form.get('scope')?.split(' ')[0] ?? ''}`);
  if (way === 'secret' && form.get('client_secret') !== RIGHT_SECRET) return answer(response, 401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' });
  return answer(response, 200, { token_type: 'Bearer', expires_in: form.get('client_id') === SHORT_LIVED ? 60 : 3600, access_token: token(way) });
}

function wayOf(assertion: string): string {
  if (claims(assertion)['iss'] === 'https://cluster.example') return 'federated';
  const thumbprint = Buffer.from(String(part(assertion, 0)['x5t#S256']), 'base64url').toString('hex');
  return thumbprint === new X509Certificate(LATER_CERTIFICATE).fingerprint256.replaceAll(':', '').toLowerCase() ? 'later-certificate' : 'certificate';
}

function organizationOrIdentity(request: IncomingMessage, response: ServerResponse, asked: string[]): void {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://here');
  if (pathname === '/msi') {
    asked.push(['managed identity', request.headers['x-identity-header'], ...searchParams.getAll('client_id')].join(' '));
    return answer(response, 200, { access_token: token('managed'), expires_on: String(Math.floor(Date.now() / 1000) + 3600), resource: 'https://graph.microsoft.com', token_type: 'Bearer' });
  }
  const known = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (claims(known)['tid'] !== TENANT) return answer(response, 401, { error: { code: 'InvalidAuthenticationToken', message: 'Access token has expired or is not yet valid.' } });
  return answer(response, 200, { value: [{ id: TENANT, verifiedDomains: [{ name: 'example.com', isDefault: true }] }] });
}

/** Unsigned: nobody here checks a signature. */
export function token(oid: string, tid = TENANT): string {
  return ['e30', Buffer.from(JSON.stringify({ oid, tid, idtyp: 'app' })).toString('base64url'), 'x'].join('.');
}

const claims = (of: string): Readonly<Record<string, unknown>> => part(of, 1);

function part(of: string, index: number): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(of.split('.')[index] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
