import { z } from 'zod';
import { createClient } from './api/client';

/** What is remembered of a sign-in that was begun, in this tab, until it comes back. */
const pendingSchema = z.object({ state: z.string(), verifier: z.string(), issuer: z.string(), to: z.string() });
type Pending = z.infer<typeof pendingSchema>;

const KEY = 'wami.sign-in';
const RETURN = '/signed-in';
const authorizationSchema = z.object({ issuer: z.string(), endpoint: z.string(), parameters: z.record(z.string(), z.string()) });
const tokenSchema = z.object({ token: z.string() });

const base64url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));
/** Nobody is signed in yet: there is no token to send. */
const open = createClient('', () => undefined);

/** Goes to the issuer, to come back where the page was. @throws Error for a person, where the issuer cannot be asked or the page came unprotected */
export async function goToSignIn(): Promise<void> {
  if (!isSecureContext) throw new Error('This needs https: open the console at its https address.');
  const { issuer, endpoint, parameters } = await open.get('/console/oidc', authorizationSchema);
  const pending: Pending = { state: random(), verifier: random(), issuer, to: location.pathname + location.search };
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier))));
  sessionStorage.setItem(KEY, JSON.stringify(pending));
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries({ ...parameters, redirect_uri: location.origin + RETURN, state: pending.state, code_challenge: challenge })) url.searchParams.set(name, value);
  location.assign(url.href);
}

/** What the issuer sent along when it sent somebody back. */
export interface Returned {
  readonly query: URLSearchParams;
  readonly pending: Pending | undefined;
}

/** Takes it out of the address at once, which is then the one that was asked for before. */
export function takeReturned(): Returned | undefined {
  if (location.pathname !== RETURN) return undefined;
  const query = new URLSearchParams(location.search);
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  const pending = kept === null ? undefined : pendingSchema.safeParse(JSON.parse(kept)).data;
  history.replaceState(null, '', pending?.to ?? '/');
  // What looked at the address before does so again.
  dispatchEvent(new PopStateEvent('popstate'));
  return { query, pending };
}

/** What it is worth. @throws Error for a person: it was not asked for in this tab, the issuer said no, or it cannot be asked */
export async function tokenOf({ query, pending }: Returned): Promise<string> {
  const why = query.get('error_description') ?? query.get('error');
  if (!pending || query.get('state') !== pending.state) throw new Error('This sign-in was not begun in this tab. Begin it again.');
  if (why !== null) throw new Error(`The issuer signed nobody in: ${why}`);
  if ((query.get('iss') ?? pending.issuer) !== pending.issuer) throw new Error('Somebody else than the issuer answered.');
  const { token } = await open.write('POST', '/console/oidc/token', tokenSchema, { body: { code: query.get('code') ?? '', verifier: pending.verifier, redirectUri: location.origin + RETURN } });
  return token;
}
