/// <reference types="jest" />
import type { ApiOperation } from './api-operations';
import { buildRequest, collectionsNamed } from './build-request';
import { eventually } from '../../eventually';
import { send } from './call';
import type { Side } from './sides';

const SETTLED_MS = 30_000;

/** Makes things, through the API, as the administrator; jobs belong to who asked for them, so a tenant's own administrator asks. */
export class Fixtures {
  private devices = 0;

  constructor(private readonly operations: readonly ApiOperation[], private readonly administrator: string) {}

  /** A tenant with one thing of each collection that can be posted to. */
  async side(tenant: string, label: string): Promise<Side> {
    await this.post('/v1/tenants', { id: tenant, name: label });
    const empty = { tenant, label, ids: {}, administrator: (await this.key(tenant, 'admin')).secret };
    const side = await this.made(empty, () => true);
    return { ...side, ids: { ...side.ids, repairs: await this.repair(side) } };
  }

  /** The same tenant, with new things in place of those that a request of the operation names. */
  freshFor(operation: ApiOperation, side: Side): Promise<Side> {
    const named = collectionsNamed(operation, side);
    return this.made(side, (collection) => named.has(collection));
  }

  /** Makes a thing in each of these collections. Parents of others (users, policies) first, in the order in which they need each other. */
  private async made(side: Side, wanted: (collection: string) => boolean): Promise<Side> {
    const ids: Record<string, string> = { ...side.ids };
    for (const operation of this.collections()) {
      const collection = operation.path.slice('/v1/'.length);
      if (!wanted(collection)) continue;
      const { body } = buildRequest(operation, () => ({ ...side, ids }));
      const named = body as Record<string, unknown>;
      for (const name of Object.keys(named)) if (name === 'name' || name.endsWith('Name')) named[name] = `${side.label}-${String(named[name])}`;
      ids[collection] = String((await this.post(operation.path, named))['id']);
    }
    if (wanted('users')) await this.call('POST', '/v1/users/{id}/login-profile', { id: ids['users'] ?? '' }, { sealTo: Buffer.alloc(32, 9).toString('base64') });
    if (wanted('access-keys')) ids['access-keys'] = String((await this.call('POST', '/v1/users/{id}/access-keys', { id: ids['users'] ?? '' }, { sealTo: Buffer.alloc(32, 9).toString('base64') }))['id']);
    if (wanted('mfa-devices')) ids['mfa-devices'] = String((await this.call('POST', '/v1/users/{id}/mfa-devices', { id: ids['users'] ?? '' }, { deviceName: `${side.label}-${++this.devices}`, sealTo: Buffer.alloc(32, 9).toString('base64') }))['id']);
    const asked = { filter: { tenant: side.tenant } };
    const ofJob = ['jobs', 'imports', 'approvals', 'dead-letters', 'event-replays'].filter(wanted);
    if (ofJob.length > 0) {
      const { job } = await this.post('/v1/sync', asked, side.administrator);
      for (const collection of ofJob) ids[collection] = String(job);
    }
    if (wanted('plans')) ids['plans'] = String((await this.post('/v1/sync/plan', asked, side.administrator))['plan']);
    return { ...side, ids };
  }

  /** Binds its things to one another, in each way that there is (`PUT /v1/things/{id}/others/{otherId}`). */
  async bound(side: Side): Promise<Side> {
    for (const operation of this.operations.filter(({ method, pathParameters }) => method === 'PUT' && pathParameters.length > 1)) {
      const { status, text } = await send(buildRequest(operation, () => side), this.administrator);
      if (status >= 300) throw new Error(`${operation.name} answered ${status}: ${text}`);
    }
    return side;
  }

  async key(tenant: string, role: string, more: object = {}): Promise<{ readonly id: string; readonly secret: string }> {
    const { id, secret } = await this.post('/v1/api-keys', { tenant, role, name: 'matrix', ...more });
    return { id: String(id), secret: String(secret) };
  }

  async revoke(key: string): Promise<void> {
    const { status, text } = await send({ method: 'DELETE', url: this.urlOf('DELETE', '/v1/api-keys/{id}', { id: key }) }, this.administrator);
    if (status >= 300) throw new Error(`a key could not be revoked: ${status} ${text}`);
  }

  /** `POST /v1/things` of which `/v1/things/{id}` exists. */
  private collections(): ApiOperation[] {
    const paths = new Set(this.operations.map(({ path }) => path));
    return this.operations.filter(({ method, path }) => method === 'POST' && /^\/v1\/[a-z-]+$/.test(path) && paths.has(`${path}/{id}`));
  }

  /** Has the tenant synced. */
  async synced(side: Side, targets: readonly object[]): Promise<void> {
    await this.call('PUT', '/v1/tenants/{id}/sync-config', { id: side.tenant }, { providers: targets });
    await this.settled(side);
  }

  /** Waits until the tenant's targets have done with everything in it, so that nothing of it changes by itself. */
  async settled({ tenant }: Pick<Side, 'tenant'>): Promise<void> {
    await eventually(async () => {
      const { counts } = await this.call('GET', '/v1/sync-summary', { tenant }) as { counts: { state: string }[] };
      expect(counts.length).toBeGreaterThan(0);
      expect(counts.filter(({ state }) => state === 'Pending' || state === 'Syncing')).toEqual([]);
    }, { timeoutMs: SETTLED_MS, describe: `${tenant} is synced` });
  }

  /** One plan more than it has, so that its plans list on two pages. */
  async planned({ tenant, administrator }: Side): Promise<void> {
    await this.post('/v1/sync/plan', { filter: { tenant } }, administrator);
  }

  /** Two pauses, which hold nothing: they list on two pages, and say the tenant's label. */
  async paused({ tenant, label }: Side): Promise<void> {
    for (const account of ['1', '2']) await this.post('/v1/sync/pause', { tenant, provider: 'nowhere', account, reason: `${label} pauses` });
  }

  /** Two more users that somebody changes at the target, so that its drift lists on two pages. */
  async drifted({ tenant, label }: Side, { targets, meddle }: { readonly targets: readonly object[]; readonly meddle: (userNames: readonly string[]) => Promise<void> }): Promise<void> {
    const names = ['first', 'second'].map((name) => `${label}-${name}`);
    for (const userName of names) await this.post('/v1/users', { tenant, userName });
    await this.synced({ tenant, label } as Side, targets);
    await meddle(names);
    await this.post('/v1/sync', { filter: { tenant } });
    await eventually(async () => {
      const { items } = await this.call('GET', '/v1/drift', { tenant, state: 'corrected' }) as { items: object[] };
      expect(items).toHaveLength(names.length);
    }, { timeoutMs: SETTLED_MS, describe: `${tenant} has drift` });
  }

  /** Imports from one of the targets that it is synced to, and waits until all is reported. */
  async imported(side: Side, [target]: readonly object[]): Promise<Side> {
    const { job } = await this.post('/v1/sync/import', { tenant: side.tenant, ...target }, side.administrator);
    await eventually(async () => expect(await this.call('GET', '/v1/jobs/{id}', { id: String(job) })).toMatchObject({ state: 'done' }), { timeoutMs: SETTLED_MS, describe: `${side.tenant} has its import` });
    return { ...side, ids: { ...side.ids, imports: String(job) } };
  }

  /** Has it compared, and waits until everybody has answered. */
  async repaired(side: Side): Promise<Side> {
    const repairs = await this.repair(side);
    for (const id of [side.ids['repairs'], repairs]) {
      await eventually(async () => expect(await this.call('GET', '/v1/repairs/{id}', { id: String(id) })).toMatchObject({ state: 'complete' }), { timeoutMs: SETTLED_MS, describe: `${side.tenant} has its repair` });
    }
    return { ...side, ids: { ...side.ids, repairs } };
  }

  private async repair({ tenant, administrator }: Side): Promise<string> {
    return String((await this.post('/v1/sync/repair', { tenant, dryRun: true }, administrator))['repair']);
  }

  post(path: string, body: unknown, token?: string): Promise<Record<string, unknown>> {
    return this.call('POST', path, {}, body, token);
  }

  private async call(method: string, path: string, named: Readonly<Record<string, string>>, body?: unknown, token = this.administrator): Promise<Record<string, unknown>> {
    const url = this.urlOf(method, path, named);
    const { status, text } = await send({ method, url, body }, token);
    if (status >= 300) throw new Error(`${method} ${url} ${JSON.stringify(body)} answered ${status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  private urlOf(method: string, path: string, named: Readonly<Record<string, string>>): string {
    const operation = this.operations.find((one) => one.name === `${method} ${path}`);
    if (!operation) throw new Error(`nobody serves ${method} ${path}`);
    const [inPath, inQuery] = [true, false].map((wanted) => Object.entries(named).filter(([name]) => path.includes(`{${name}}`) === wanted));
    const filled = (inPath ?? []).reduce((text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(value)), path);
    return `${operation.origin}${filled}?${String(new URLSearchParams(Object.fromEntries(inQuery ?? [])))}`;
  }
}
