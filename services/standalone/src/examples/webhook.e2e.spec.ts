import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, patiently, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { eventsIn, ExampleProcess } from '../testing/example-process';
import { WebhookEndpoint } from '../testing/webhook-endpoint';

jest.setTimeout(120_000);

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

describe('examples/webhook', () => {
  const folder = temporaryDirectory('example-webhook');
  const dataDir = join(folder, 'data');
  const secret = newSecret();
  let wami: WamiProcess;
  let endpoint: WebhookEndpoint;
  let running: ExampleProcess[] = [];

  const start = (program: string, env: Record<string, string>, args: string[] = []): ExampleProcess => {
    const example = new ExampleProcess(program, folder, { WAMI_ADDRESS: wami.url, WAMI_TOKEN_FILE: join(dataDir, 'admin.token'), ...env }, args);
    running.push(example);
    return example;
  };
  /** `name` keeps the files of one test apart. */
  const forward = (name: string, url: string, env: Record<string, string> = {}, args: string[] = []): ExampleProcess => start('webhook/forward.mjs', {
    WEBHOOK_URL: url, WEBHOOK_SECRETS: secret, WEBHOOK_BASE_DELAY_MS: '5', WEBHOOK_ATTEMPTS: '3', POSITION_FILE: `${name}.position`, DEAD_LETTER_FILE: `${name}.dead`, ...env,
  }, args);
  const deadLetters = (name: string): { event: { id: string; type: string }; attempts: number; reason: string }[] => {
    const file = join(folder, `${name}.dead`);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
  };
  const create = (userName: string): Promise<unknown> => wami.call('POST', '/v1/users', { tenant: 'default', userName }, { prefer: 'wait=20' });
  const inTheLog = async (): Promise<{ id: string; type: string }[]> => (await wami.call<{ items: { id: string; type: string }[] }>('GET', '/v1/events?limit=1000')).body.items;
  const untilLog = (ids: () => readonly string[]): Promise<void> => patiently(async () => {
    const log = (await inTheLog()).map(({ id }) => id);
    expect(ids()).toEqual(log);
  });

  beforeAll(async () => {
    wami = await startWamiProcess({ dataDir });
    await create('ann');
  });
  beforeEach(async () => {
    endpoint = await WebhookEndpoint.open(secret);
  });
  afterEach(async () => {
    await Promise.all(running.map((example) => example.end('SIGKILL')));
    running = [];
    await endpoint.close();
  });
  afterAll(async () => {
    await wami?.stop();
    removeDirectory(folder);
  });

  it('delivers every event in order, signed as Standard Webhooks say', async () => {
    forward('signed', endpoint.url);
    await untilLog(() => endpoint.taken);
    await create('bob');
    await untilLog(() => endpoint.taken);
    expect(endpoint.refused).toBe(0);
  });

  it('tries again with the same id until it is taken, and has no dead letter then', async () => {
    endpoint.answer = (_id, attempt) => (attempt < 3 ? 500 : 204);
    forward('again', endpoint.url);
    await untilLog(() => endpoint.taken);
    expect(deadLetters('again')).toEqual([]);
    expect(endpoint.attemptsOf(endpoint.taken[0] ?? '')).toBe(3);
  });

  it('gives up after the last try, keeps the event as a dead letter, goes on, and delivers it when told to', async () => {
    const [poison] = (await inTheLog()).filter(({ type }) => type === 'wami.user.created.v1').map(({ id }) => id);
    if (!poison) throw new Error('no user was created');
    endpoint.answer = (id) => (id === poison ? 503 : 204);
    const forwarder = forward('dead', endpoint.url);
    await patiently(async () => {
      const log = (await inTheLog()).map(({ id }) => id);
      expect([...endpoint.taken]).toEqual(log.filter((id) => id !== poison));
    });
    expect(deadLetters('dead')).toMatchObject([{ event: { id: poison }, attempts: 3, reason: 'answered 503' }]);
    expect(await forwarder.end('SIGTERM')).toMatchObject({ code: 0 });
    expect(await forward('dead', endpoint.url, {}, ['--redrive']).exited).toMatchObject({ code: 1 });
    expect(deadLetters('dead')).toHaveLength(1);
    endpoint.answer = () => 204;
    expect(await forward('dead', endpoint.url, {}, ['--redrive']).exited).toMatchObject({ code: 0 });
    expect([deadLetters('dead'), endpoint.taken.at(-1)]).toEqual([[], poison]);
  });

  it('goes on where it was killed, with at most the one event again that it was at', async () => {
    const first = forward('killed', endpoint.url);
    await patiently(() => endpoint.taken.length >= 3);
    await first.end('SIGKILL');
    forward('killed', endpoint.url);
    await untilLog(() => [...new Set(endpoint.taken)]);
    expect(endpoint.taken.length - new Set(endpoint.taken).size).toBeLessThanOrEqual(1);
  });

  it('stops where the receiver is gone for good', async () => {
    endpoint.answer = () => 410;
    const forwarder = forward('gone', endpoint.url);
    expect(await forwarder.exited).toMatchObject({ code: 1 });
    expect(forwarder.err).toContain('the receiver answered 410');
  });

  it('reaches the receiver, which prints each event once and refuses what is not signed, also while the secret is being replaced', async () => {
    const port = String(await freePort());
    const next = newSecret();
    const receiver = start('webhook/receive.mjs', { WEBHOOK_SECRET: next, PORT: port });
    const url = `http://127.0.0.1:${port}`;
    await patiently(() => receiver.err.includes('listening'));
    forward('received', url, { WEBHOOK_SECRETS: `${secret} ${next}` });
    await untilLog(() => eventsIn(receiver.lines).map(({ id }) => id));
    forward('received-again', url, { WEBHOOK_SECRETS: next });
    await create('cid');
    await untilLog(() => eventsIn(receiver.lines).map(({ id }) => id));
    const forged = await fetch(url, { method: 'POST', body: '{}', headers: { 'webhook-id': 'evt_forged', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,Zm9yZ2Vk' } });
    const unsigned = await fetch(url, { method: 'POST', body: '{}' });
    const large = await fetch(url, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
    expect([forged.status, unsigned.status, large.status]).toEqual([401, 401, 413]);
    await untilLog(() => eventsIn(receiver.lines).map(({ id }) => id));
    expect(await receiver.end('SIGTERM')).toMatchObject({ code: 0 });
  });
});
