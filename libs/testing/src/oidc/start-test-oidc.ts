import { generateKeyPairSync, randomBytes, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { spawnTied, type TiedProcess } from '@wami/embedded-postgres';
import { freePort } from '../free-port';

const ROOT = join(__dirname, '..', '..', '..', '..');
const START_MS = 30_000;

export interface TestOidcClient {
  readonly id: string;
  /** Stand in its access tokens beside those of the protocol. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Of a client that people sign in with, whoever they say they are: where they are sent back to, without a port. It has no secret. */
  readonly redirect?: string;
}

/** A real OpenID Connect issuer (`oidc-provider`) on 127.0.0.1. */
export interface TestOidc {
  readonly issuer: string;
  /** An access token by the client credentials grant. */
  accessToken(client: string): Promise<string>;
  /** Signs with a new key from now on; keys of before stay published, or are withdrawn. */
  rotateKeys(options?: { readonly withdrawOld: boolean }): Promise<void>;
  /** Nothing answers any more at its address. */
  stop(): Promise<void>;
  /** Again, with the keys of before. */
  start(): Promise<void>;
}

export async function startTestOidc({ audience, clients }: { readonly audience: string; readonly clients: readonly TestOidcClient[] }): Promise<TestOidc> {
  const server = new Server(await freePort(), audience, clients.map((client) => ({ ...client, secret: randomBytes(32).toString('hex') })));
  await server.start();
  return server;
}

class Server implements TestOidc {
  readonly issuer: string;
  private keys: readonly JsonWebKey[] = [newKey()];
  private tied: TiedProcess | undefined;

  constructor(private readonly port: number, private readonly audience: string, private readonly clients: readonly (TestOidcClient & { readonly secret: string })[]) {
    this.issuer = `http://127.0.0.1:${port}`;
  }

  async start(): Promise<void> {
    const tied = spawnTied({
      command: process.execPath, args: [join(ROOT, 'libs', 'testing', 'src', 'oidc', 'oidc-server.mjs')], cwd: ROOT, onParentDeath: 'kill',
      env: {
        PATH: process.env['PATH'], PORT: String(this.port), AUDIENCE: this.audience, CLIENTS: JSON.stringify(this.clients), JWKS: JSON.stringify({ keys: this.keys }),
        COOKIE_KEY: 'of-no-interest',
      },
    });
    this.tied = tied;
    let said = '';
    tied.child.stderr?.on('data', (chunk) => (said = (said + String(chunk)).slice(-4000)));
    const ready = tied.child.stdout ? once(tied.child.stdout, 'data', { signal: AbortSignal.timeout(START_MS) }) : Promise.reject(new Error('it has no output'));
    const ended = tied.exited.then(() => { throw new Error(`the OIDC server ended: ${said}`); });
    await Promise.race([ready, ended]);
    ended.catch(() => undefined); // that it is stopped later is no failure
  }

  async stop(): Promise<void> {
    this.tied?.child.kill('SIGKILL');
    await this.tied?.exited;
  }

  async rotateKeys({ withdrawOld } = { withdrawOld: false }): Promise<void> {
    this.keys = withdrawOld ? [newKey()] : [newKey(), ...this.keys];
    await this.stop();
    await this.start();
  }

  async accessToken(client: string): Promise<string> {
    const secret = this.clients.find(({ id }) => id === client)?.secret ?? '';
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'api' }), signal: AbortSignal.timeout(10_000),
    });
    const body = await response.json() as { access_token?: string };
    if (response.status !== 200 || body.access_token === undefined) throw new Error(`no access token: ${response.status} ${JSON.stringify(body)}`);
    return body.access_token;
  }
}

function newKey(): JsonWebKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), use: 'sig', alg: 'RS256' };
}
