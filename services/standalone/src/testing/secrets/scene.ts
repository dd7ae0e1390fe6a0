import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SandboxAws } from '@wami/sandbox';
import { eventually, type TestCollector } from '@wami/testing';
import { ACCOUNT, type PlantedSettings } from './settings';
import { EVERY_ANSWER, startEchoingCloud } from './echoing-cloud';
import type { PlantedSecrets } from './planted-secrets';
import { misplaced, strangers, type StrayRequest } from './stray-requests';

const WAIT_MS = 60_000;
const WAMI = join(__dirname, '../../../../cli/bin/wami.cjs');
const JSON_TYPE = { 'content-type': 'application/json' };
const READ = ['/metrics', '/openapi.json', '/health/ready', '/health/live', '/docs', '/v1/events?limit=1000', '/v1/resources?limit=1000', '/v1/api-keys', '/v1/tenants', '/v1/sync/summary'];

export interface SceneOptions {
  readonly planted: PlantedSecrets;
  readonly settings: PlantedSettings;
  readonly sandbox: SandboxAws;
  /** Where commands go; where lists are read. */
  readonly commands: string;
  readonly queries: string;
  /** Every HTTP server there is. */
  readonly origins: readonly string[];
  writeConnections(text: string): void;
}

/** All that was told of every request, pass and call. */
export function placeSpans(planted: PlantedSecrets, collector: TestCollector): void {
  expect(collector.spans().length).toBeGreaterThan(100);
  planted.place('spans', collector.text());
}

export interface Said { readonly status: number; readonly text: string }

/** WAMI as callers see it: what they are answered is kept, whatever it is, but for the answers that are there to tell a secret. */
export class Scene {
  readonly statuses = new Set<number>();
  private users = 0;
  private last = '';

  constructor(private readonly o: SceneOptions) {}

  async send(origin: string, { method, path, headers = {}, body }: StrayRequest, token?: string): Promise<Said> {
    const answer = await this.ask(origin, { method, path, headers: token === undefined ? headers : { authorization: `Bearer ${token}`, ...headers }, ...(body === undefined ? {} : { body }) });
    const [head = '', ...rest] = answer.text.split('\n');
    const name = `${method} ${path.split('?')[0]?.replace(/[a-z]{3}_[0-9A-Z]{26}/, '{id}')}: ${answer.status}`;
    this.o.planted.place(`headers of ${name}`, `${head}\n`);
    this.o.planted.place(`body of ${name}`, `${rest.join('\n')}\n`);
    return answer;
  }

  async command(method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Said> {
    return this.send(this.o.commands, { method, path, headers: { ...(body ? JSON_TYPE : {}), ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) }, this.o.settings.administrator);
  }

  async tenant(): Promise<void> {
    await this.command('POST', '/v1/tenants', { id: 'acme', name: 'Acme' });
    await this.command('PUT', '/v1/tenants/acme/sync-config', { providers: [{ provider: 'aws', account: ACCOUNT }], retry: { maxRetries: 1, baseDelayMs: 10, maxDelayMs: 20 } });
  }

  /** The one answer that holds the secret is not kept; the secret is. */
  async issue(path: string, body: object, label: string, headers: Readonly<Record<string, string>> = {}): Promise<{ id: string; secret: string }> {
    const { status, text } = await this.ask(this.o.commands, {
      method: 'POST', path, headers: { authorization: `Bearer ${this.o.settings.administrator}`, ...JSON_TYPE, ...headers }, body: JSON.stringify(body),
    });
    const { id, secret } = JSON.parse(text.slice(text.indexOf('\n'))) as { id?: string; secret?: string };
    if (id === undefined || secret === undefined) throw new Error(`no secret was issued: ${status}`);
    this.o.planted.keep(label, secret);
    this.o.planted.keep(`${label}, what is random of it`, secret.split('_')[2] ?? '');
    return { id, secret };
  }

  async everyKey(): Promise<void> {
    const make = { tenant: 'acme', role: 'viewer' };
    const again = { 'idempotency-key': this.o.planted.word('idempotency key of a creation') };
    const first = await this.issue('/v1/api-keys', { ...make, name: 'first' }, 'API key', again);
    await this.command('POST', '/v1/api-keys', { ...make, name: 'first' }, again);
    const second = await this.issue(`/v1/api-keys/${first.id}/rotate`, { overlapSeconds: 0 }, 'rotated API key');
    const expiring = await this.issue('/v1/api-keys', { ...make, name: 'expires', expiresAt: new Date(Date.now() + 2000).toISOString() }, 'expired API key');
    for (const secret of [first.secret, second.secret, expiring.secret]) await this.everywhere(secret);
    await this.command('DELETE', `/v1/api-keys/${first.id}`);
    for (const { secret } of [second, expiring]) {
      for (const origin of this.o.origins) await eventually(async () => (await this.whoAmI(origin, secret)) === 401, { timeoutMs: WAIT_MS });
      await this.everywhere(secret);
    }
  }

  /** The cloud makes a key: its secret is told to the command that asked for it alone, which ran in a process of its own. */
  async accessKey(): Promise<void> {
    const user = await this.user();
    await this.fails(user, 'Synced');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [WAMI, 'access-key', 'create', user, '-o', 'json'], {
      env: { ...process.env, WAMI_ADDRESS: this.o.commands, WAMI_TOKEN: this.o.settings.administrator, WAMI_TENANT: 'acme' },
    });
    const [made] = JSON.parse(stdout) as { id: string; secretAccessKey: string }[];
    this.o.planted.keep('secret of an access key', made?.secretAccessKey ?? '');
    this.o.planted.place('what else the command says', stderr);
    expect(made?.secretAccessKey).toMatch(/^\S{20,}$/);
    const list = await this.send(this.o.queries, { method: 'GET', path: `/v1/users/${user}/access-keys` }, this.o.settings.administrator);
    expect(list.text).toContain('"sealedSecret"');
  }

  /** So it is with the first password of a user. */
  async loginProfile(): Promise<void> {
    const user = await this.user();
    await this.fails(user, 'Synced');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [WAMI, 'login-profile', 'create', user, '-o', 'json'], {
      env: { ...process.env, WAMI_ADDRESS: this.o.commands, WAMI_TOKEN: this.o.settings.administrator, WAMI_TENANT: 'acme' },
    });
    const [made] = JSON.parse(stdout) as { password: string }[];
    this.o.planted.keep('first password of a user', made?.password ?? '');
    this.o.planted.place('what else the command that asked for a password says', stderr);
    expect(made?.password).toMatch(/^\S{128}$/);
    const seen = await this.send(this.o.queries, { method: 'GET', path: `/v1/users/${user}/login-profile` }, this.o.settings.administrator);
    expect(seen.text).toContain('"sealedPassword"');
  }

  /** And with the seed of a device. */
  async mfaDevice(): Promise<void> {
    const user = await this.user();
    await this.fails(user, 'Synced');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [WAMI, 'mfa-device', 'create', user, 'phone', '-o', 'json'], {
      env: { ...process.env, WAMI_ADDRESS: this.o.commands, WAMI_TOKEN: this.o.settings.administrator, WAMI_TENANT: 'acme' },
    });
    const [made] = JSON.parse(stdout) as { seed: string }[];
    this.o.planted.keep('seed of an MFA device', made?.seed ?? '');
    this.o.planted.place('what else the command that asked for a seed says', stderr);
    expect(made?.seed).toMatch(/^[A-Z2-7]{64}$/);
    const seen = await this.send(this.o.queries, { method: 'GET', path: `/v1/users/${user}/mfa-devices` }, this.o.settings.administrator);
    expect(seen.text).toContain('"sealedSeed"');
  }

  /** Reads, and is refused, with this token at every server; the token also in the wrong places. */
  async everywhere(token: string): Promise<void> {
    for (const origin of this.o.origins) {
      for (const path of [...READ, `/v1/whoami?token=${token}`, '/v1/users/usr_01ARZ3NDEKTSV4RRFFQ69G5FAV', '/v1/nowhere']) await this.send(origin, { method: 'GET', path }, token);
      await this.send(origin, { method: 'POST', path: '/v1/users', headers: { ...JSON_TYPE, cookie: `t=${token}`, 'x-api-key': token }, body: JSON.stringify({ tenant: 'acme', password: token }) }, token);
      await this.send(origin, { method: 'GET', path: '/v1/whoami', headers: { authorization: `Basic ${Buffer.from(`ann:${token}`).toString('base64')}` } });
    }
  }

  async strayRequests(): Promise<void> {
    for (const origin of this.o.origins) {
      for (const request of strangers(this.o.planted)) await this.send(origin, request);
      for (const request of misplaced(this.o.planted)) await this.send(origin, request, this.o.settings.administrator);
    }
  }

  async everyFailureOfTheCloud(): Promise<void> {
    const { sandbox, settings, planted } = this.o;
    await this.fails(await this.user(), 'Synced');
    sandbox.faults.set({ accessDenied: ['*'] });
    await this.fails(await this.user(), 'AccessDenied');
    sandbox.faults.set({ accessDenied: [], credentials: 'rejected' });
    await this.fails(await this.user(), 'AuthExpired');
    sandbox.faults.set({ credentials: 'accepted' });
    const echoing = await startEchoingCloud(planted);
    // Another password each time: what is new lifts the pause that refused credentials make.
    const away = (): string => settings.connections(echoing.url.replace('://', `://ann:${planted.word('password in an endpoint')}@`));
    try {
      await this.user();
      await eventually(async () => {
        this.o.writeConnections(away());
        await this.retry();
        await this.reads();
        return echoing.answered.size === EVERY_ANSWER;
      }, { timeoutMs: WAIT_MS, intervalMs: 1000, describe: 'the echoing cloud gave every answer' });
    } finally {
      await echoing.close();
    }
    await this.user();
    await eventually(async () => {
      await this.retry();
      return /NetworkError|ECONNREFUSED/.test(await this.reads());
    }, { timeoutMs: WAIT_MS, intervalMs: 500, describe: 'the cloud is away' });
  }

  async everyBadConnectionsFile(): Promise<void> {
    const { settings, sandbox } = this.o;
    const told = async (text: string, what: RegExp, is: boolean): Promise<void> => {
      this.o.writeConnections(text);
      await eventually(async () => what.test(await this.reads()) === is, { timeoutMs: WAIT_MS, intervalMs: 200, describe: String(what) });
    };
    await told(settings.withoutSecrets, /refers to what is not there/, true);
    await told(settings.broken, /is not YAML/, true);
    await told(settings.literal, /is not YAML/, false);
    await this.user();
    await this.retry();
    await this.reads();
    this.o.writeConnections(settings.connections(sandbox.url));
    await this.fails(await this.user(), 'Synced');
  }

  /** Requests of every kind, some of which meet no database. Resolves when they are answered as before. */
  async during(outage: Promise<void>): Promise<void> {
    const { commands, settings, planted } = this.o;
    const stray = [...strangers(planted).slice(0, 4), ...misplaced(planted).slice(0, 4)];
    let over = false;
    const ended = outage.finally(() => (over = true));
    while (!over) {
      for (const request of stray) await this.send(commands, request, settings.administrator);
      await Promise.all([this.reads(), this.user().catch(() => ''), this.whoAmI(commands, settings.administrator)]);
    }
    await ended;
    await eventually(async () => (await this.send(commands, { method: 'GET', path: '/health/ready' })).status === 200, { timeoutMs: WAIT_MS });
  }

  /** All that can be read, of every server. */
  async readsAll(): Promise<void> {
    for (const origin of this.o.origins) for (const path of READ) await this.send(origin, { method: 'GET', path }, this.o.settings.administrator);
  }

  /** What tells how things are, of every server, as one text. */
  async reads(): Promise<string> {
    const paths = ['/health/ready', '/metrics', `/v1/resources/${this.last}/sync`];
    const answers = await Promise.all(this.o.origins.flatMap((origin) => paths.map((path) => this.send(origin, { method: 'GET', path }, this.o.settings.administrator))));
    return answers.map(({ text }) => text).join('\n');
  }

  private async retry(): Promise<void> {
    await this.command('POST', '/v1/sync/retry', { filter: { tenant: 'acme' } });
  }

  private async whoAmI(origin: string, token: string): Promise<number> {
    return (await this.send(origin, { method: 'GET', path: '/v1/whoami' }, token)).status;
  }

  private async user(): Promise<string> {
    const { text } = await this.command('POST', '/v1/users', { tenant: 'acme', userName: `user-${++this.users}` }, { cookie: this.o.planted.word('cookie of a success') });
    this.last = (JSON.parse(text.slice(text.indexOf('\n'))) as { id: string }).id;
    return this.last;
  }

  /** Until its state tells this. */
  private fails(id: string, told: string): Promise<void> {
    return eventually(async () => {
      await this.retry();
      await this.send(this.o.queries, { method: 'GET', path: `/v1/resources/${id}/history` }, this.o.settings.administrator);
      return (await this.send(this.o.queries, { method: 'GET', path: `/v1/resources/${id}/sync` }, this.o.settings.administrator)).text.includes(`"${told}"`);
    }, { timeoutMs: WAIT_MS, intervalMs: 300, describe: `${id} is ${told}` }).then(() => undefined);
  }

  private async ask(origin: string, { method, path, headers = {}, body }: StrayRequest): Promise<Said> {
    try {
      const response = await fetch(origin + path, { method, headers, ...(body === undefined ? {} : { body }), signal: AbortSignal.timeout(WAIT_MS) });
      this.statuses.add(response.status);
      return { status: response.status, text: `${JSON.stringify([...response.headers])}\n${await response.text()}` };
    } catch {
      // Cut off, as a body that is too large may be: no answer, so nothing that could tell.
      return { status: 0, text: '' };
    }
  }
}
