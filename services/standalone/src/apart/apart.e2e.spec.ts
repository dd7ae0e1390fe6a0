import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyncMap, SyncState } from '@wami/contracts';
import { startSandboxAws, type SandboxAws } from '@wami/sandbox';
import { patiently as eventually, servicesApart, startTestCollector, type ApartAnswer, type ServiceProcess, type ServicesApart, type TestCollector } from '@wami/testing';
import { describeConsoleApart } from '../testing/console-apart';
import { expectExported } from '../testing/observability/exported';
import { expectOneTrace, newTrace } from '../testing/one-trace';

// Here and not in libs/testing, because the bundle is the project that depends on every service: what changes one of them tries this again.

interface Resource {
  readonly id: string;
  readonly sync?: SyncMap;
}
type Item = { readonly id: string; readonly type: string; readonly subject: string };

const ACCOUNT = '000000000001';
const MANY = 60;
const BACK_MS = 90_000;
const DOCKER = join(__dirname, '../../../../infra/docker');

jest.setTimeout(120_000);

describe.each(['kafka', 'postgres'] as const)('the services apart, with their log on %s', (log) => {
  let cloud: SandboxAws;
  let wami: ServicesApart;
  let collector: TestCollector;

  beforeAll(async () => {
    [cloud, collector] = await Promise.all([startSandboxAws({ account: ACCOUNT }), startTestCollector()]);
    const credentials = '{ type: static, accessKeyId: env:SANDBOX_KEY, secretAccessKey: env:SANDBOX_SECRET }';
    const connections = `connections:\n  - { provider: aws, account: "${ACCOUNT}", endpoint: "${cloud.url}", credentials: ${credentials} }\n`;
    wami = await servicesApart({ log, connections, env: { SANDBOX_KEY: 'AKIASANDBOX000000000', SANDBOX_SECRET: 'sandbox', WAMI_LEASE_SECONDS: '5', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '200' } });
  }, 300_000);

  afterAll(async () => {
    await wami?.stop();
    await Promise.all([cloud?.close(), collector?.close()]);
  }, 60_000);

  const command = <Body = Resource>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApartAnswer<Body>> =>
    wami.call<Body>(wami.identity, method, path, body, headers);
  const query = async <Body>(path: string, headers?: Record<string, string>): Promise<Body> => {
    const answer = await wami.call<Body>(wami.projection, 'GET', path, undefined, headers);
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.body;
  };
  const wait = { prefer: 'wait=20' };
  const stateOf = (map: SyncMap | undefined): SyncState | undefined => map?.['aws']?.[ACCOUNT];
  const statesOf = async (path: string): Promise<SyncState[]> => (await query<{ items: SyncState[] }>(`/v1/sync-states?limit=1000&${path}`)).items;
  const names = (): string[] => cloud.snapshot().users.map(({ userName }) => userName);
  const create = async (kind: 'users' | 'groups', body: object, headers: Record<string, string> = wait): Promise<Resource> => {
    const { status, body: made } = await command('POST', `/v1/${kind}`, { tenant: 'acme', ...body }, headers);
    expect(status).toBe(201);
    return made;
  };
  const many = async (prefix: string): Promise<string[]> => {
    const all = Array.from({ length: MANY }, (_, i) => `${prefix}-${String(i).padStart(2, '0')}`);
    const operations = all.map((userName) => ({ method: 'POST', path: '/v1/users', body: { tenant: 'acme', userName } }));
    const { body } = await command<{ results: { status: number }[] }>('POST', '/v1/batch', { operations });
    expect(body.results.map(({ status }) => status)).toEqual(all.map(() => 201));
    return all;
  };
  /** The cloud holds exactly these of them, and the projection says that they are. */
  const converged = (prefix: string, expected: readonly string[]): Promise<void> => eventually(async () => {
    expect(names().filter((name) => name.startsWith(prefix))).toEqual(expected);
    expect((await statesOf(`q=${prefix}`)).map(({ state }) => state)).toEqual(expected.map(() => 'Synced'));
  }, { timeoutMs: BACK_MS, describe: `${prefix} converged` });
  const reasonsOf = async (service: ServiceProcess): Promise<string> => {
    const { ready, checks } = await service.readiness();
    return ready ? '' : Object.values(checks).filter(({ ok }) => !ok).map(({ reason }) => reason).join('; ');
  };

  it('are ready one by one: identity takes commands before any other service was ever started', async () => {
    wami.identity.start();
    await wami.identity.ready();
    expect((await command('POST', '/v1/tenants', { id: 'acme', name: 'Acme' })).status).toBe(201);
    wami.projection.start();
    await wami.projection.ready();
    expect((await wami.call(wami.projection, 'GET', '/v1/resources')).status).toBe(200);
    wami.syncAws.start();
    await wami.syncAws.ready();
    expect((await command('PUT', '/v1/tenants/acme/sync-config', { providers: [{ provider: 'aws', account: ACCOUNT }] })).status).toBe(200);
  });

  it('carry a user from a command to the cloud and back to a query, all of it in the trace of who asked', async () => {
    const heard: string[] = [];
    const listening = new AbortController();
    const stream = await fetch(`${wami.projection.url}/v1/events?tenant=acme`, {
      headers: { authorization: wami.authorization, accept: 'text/event-stream' }, signal: listening.signal,
    });
    const reading = listen(stream, heard);

    // Once something is there, every service has heard of the target: no other trace makes what is traced due.
    const first = await create('groups', { groupName: 'first' }, wait);
    expect((await command('DELETE', `/v1/groups/${first.id}`, undefined, wait)).status).toBeLessThan(300);
    const { id: trace, traceparent } = newTrace();
    const ann = await create('users', { userName: 'ann', tags: { team: 'core' } }, { ...wait, traceparent });
    expect(stateOf(ann.sync)).toMatchObject({ state: 'Synced', version: 1, nativeArn: `arn:aws:iam::${ACCOUNT}:user/ann` });
    await expectOneTrace(collector, trace, { log, sync: 'sync-aws' });
    const group = await create('groups', { groupName: 'admins' });
    const joined = await command<Resource>('PUT', `/v1/groups/${group.id}/members/${ann.id}`, undefined, wait);
    expect([joined.status, stateOf(joined.body.sync)?.state]).toEqual([201, 'Synced']);
    const renamed = await command('PATCH', `/v1/users/${ann.id}`, { userName: 'anna' }, wait);
    expect([renamed.status, stateOf(renamed.body.sync)]).toEqual([200, expect.objectContaining({ state: 'Synced', version: 2 })]);
    expect(cloud.snapshot()).toMatchObject({ users: [{ userName: 'anna', groups: ['admins'] }], groups: [{ groupName: 'admins', members: ['anna'] }] });

    const after = { 'wami-after': renamed.headers.get('wami-position') ?? '' };
    await eventually(async () => expect(stateOf(await query(`/v1/resources/${ann.id}/sync`, after))).toMatchObject({ state: 'Synced', version: 2 }));
    const strong = await query<{ items: SyncState[] }>('/v1/sync-states?tenant=acme', { 'wami-consistency': 'strong' });
    expect(strong.items.map(({ kind, state }) => [kind, state]).sort()).toEqual([['group', 'Synced'], ['user', 'Synced']]);

    const deleted = await command('DELETE', `/v1/users/${ann.id}`, undefined, wait);
    expect(deleted.status).toBeLessThan(300);
    expect(names()).toEqual([]);
    await eventually(async () => expect(await query(`/v1/resources/${ann.id}/sync`)).toEqual({}));
    const history = await query<{ items: Item[] }>(`/v1/resources/${ann.id}/history`);
    const told = ['wami.user.created.v1', 'wami.sync.succeeded.v1', 'wami.user.deleted.v1'];
    expect(history.items.map(({ type }) => type)).toEqual(expect.arrayContaining(told));
    await eventually(() => expect(heard).toEqual(expect.arrayContaining(told)));
    listening.abort();
    await reading;
  });

  it('are one origin by infra/docker/nginx.conf, which is up to date (node infra/docker/ingress.cjs writes it)', () => {
    const addresses = [wami.identity, wami.projection].map(({ name, url }) => `${name}=${url}`);
    const written = execFileSync(process.execPath, [join(DOCKER, 'ingress.cjs'), ...addresses], { encoding: 'utf8', timeout: 30_000 });
    expect(readFileSync(join(DOCKER, 'nginx.conf'), 'utf8')).toBe(written);
  });

  if (log === 'postgres') describeConsoleApart(() => wami, `aws/${ACCOUNT}`);

  it('go on after kill -9 of the projection and of sync-aws in the middle, and lose and double nothing', async () => {
    const killed = [wami.projection, wami.syncAws];
    cloud.faults.set({ latencyMs: [300, 900] });
    const expected = await many('killed');
    await eventually(() => expect(names().length).toBeGreaterThan(3));
    await Promise.all(killed.map((service) => service.kill9()));
    expect(names().length).toBeLessThan(MANY);
    cloud.faults.reset();
    for (const service of killed) service.start();
    await converged('killed', expected);
    const { items } = await query<{ items: Item[] }>('/v1/events?type=wami.user.created.v1&limit=1000&tenant=acme');
    expect(new Set(items.map(({ id }) => id)).size).toBe(MANY + 1);
    expect(items).toHaveLength(MANY + 1);
  });

  if (log === 'kafka') {
    it('export every metric that docs/observability.md tells of and no other, with what dashboards and alerts ask for', async () => {
      const { status, body } = await command<Resource>('POST', '/v1/users', { tenant: 'acme', userName: 'no such name!' }, wait);
      expect([status, stateOf(body.sync)?.state]).toEqual([201, 'Failed']);
      for (const { url } of wami.all) expect((await fetch(`${url}/metrics`)).status).toBe(401);
      const figures = async ({ metrics }: ServiceProcess): Promise<string> => (await fetch(metrics)).text();
      await eventually(async () => expectExported(await Promise.all(wami.all.map(figures))));
      await command('DELETE', `/v1/users/${body.id}`, undefined, wait);
    });

    it('take commands and answer queries while the broker is away, say so, and catch up by themselves when it is back', async () => {
      await wami.kafka?.kill();
      const address = wami.kafka?.brokers[0] ?? 'none';
      const expected = await many('broker');
      const waited = await command('POST', '/v1/users', { tenant: 'acme', userName: 'broker-aa' }, { prefer: 'wait=1' });
      expect([waited.status, stateOf(waited.body.sync)?.state]).toEqual([201, 'Pending']);
      expect(await statesOf('q=broker')).toEqual([]);
      for (const service of wami.all) await eventually(async () => expect(await reasonsOf(service)).toContain(address), { describe: service.name });
      await wami.kafka?.restart();
      await converged('broker', [...expected, 'broker-aa'].sort());
      await Promise.all(wami.all.map((service) => service.ready()));
      expect(stateOf((await create('users', { userName: 'caught-up' })).sync)?.state).toBe('Synced');
    });

    it('end in time when they are told to, also while the broker is away', async () => {
      await wami.kafka?.kill();
      for (const service of wami.all) await eventually(async () => expect(await reasonsOf(service)).not.toBe(''), { describe: service.name });
      const took = await Promise.all(wami.all.map(async (service) => [service.name, await service.stop()] as const));
      console.info(`ended with the broker away: ${took.map(([name, ms]) => `${name} ${ms} ms`).join(', ')}`);
    });
  } else {
    it('finish what is in flight when they are told to end', async () => {
      await wami.syncAws.stop();
      const waiting = command('POST', '/v1/users', { tenant: 'acme', userName: 'last' }, wait);
      await eventually(async () => expect(await query('/v1/resources?q=last')).toMatchObject({ items: [{ name: 'last' }] }));
      await wami.identity.stop();
      const answer = await waiting;
      expect([answer.status, stateOf(answer.body.sync)?.state]).toEqual([201, 'Pending']);
      await wami.projection.stop();
    });
  }

  async function listen({ body }: Response, types: string[]): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body ?? []) types.push(...[...decoder.decode(chunk as Uint8Array).matchAll(/^event: (.*)$/gm)].map(([, type = '']) => type));
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    }
  }
});
