import { join } from 'node:path';
import { freePort, patiently, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { eventsIn, ExampleProcess } from '../testing/example-process';

jest.setTimeout(120_000);

describe('examples/sse', () => {
  const folder = temporaryDirectory('example-sse');
  const dataDir = join(folder, 'data');
  const printed: string[] = [];
  let port: number;
  let wami: WamiProcess;
  let follower: ExampleProcess;

  const start = async (): Promise<void> => void (wami = await startWamiProcess({ dataDir, env: { WAMI_HTTP_PORT: String(port), WAMI_GRPC_PORT: '0' } }));
  const follow = (): void => void (follower = new ExampleProcess('sse/follow.mjs', folder, { WAMI_ADDRESS: `http://127.0.0.1:${port}`, WAMI_TOKEN_FILE: join(dataDir, 'admin.token') }));
  const create = (userName: string): Promise<unknown> => wami.call('POST', '/v1/users', { tenant: 'default', userName }, { prefer: 'wait=20' });
  const inTheLog = async (): Promise<string[]> => (await wami.call<{ items: { id: string }[] }>('GET', '/v1/events?limit=1000')).body.items.map(({ id }) => id);
  const seen = (): string[] => eventsIn([...printed, ...follower.lines]).map(({ id }) => id);
  /** In the order of the log; outcomes may still be coming when a command has been answered. */
  const hasAll = (ids: () => readonly string[]): Promise<void> => patiently(async () => {
    const log = await inTheLog();
    expect(ids()).toEqual(log);
  });
  const withoutRepeats = (): string[] => [...new Set(seen())];

  beforeAll(async () => {
    port = await freePort();
    await start();
  });
  afterAll(async () => {
    await follower?.end('SIGKILL');
    await wami?.stop();
    removeDirectory(folder);
  });

  it('prints what was there and what comes, each event once and in order', async () => {
    await create('ann');
    follow();
    await hasAll(seen);
    await create('bob');
    await hasAll(seen);
  });

  it('goes on where it was killed, with at most the one event again that it was at', async () => {
    await follower.end('SIGKILL');
    printed.push(...follower.lines);
    await create('cid');
    follow();
    await hasAll(withoutRepeats);
    expect(seen().length - withoutRepeats().length).toBeLessThanOrEqual(1);
  });

  it('outlives a restart of WAMI and misses nothing', async () => {
    await wami.stop();
    await start();
    await create('dan');
    await hasAll(withoutRepeats);
    expect(follower.hasExited).toBe(false);
  });

  it('ends well when asked to, and ends with an error where WAMI does not know it', async () => {
    expect(await follower.end('SIGTERM')).toMatchObject({ code: 0 });
    printed.push(...follower.lines);
    const stranger = new ExampleProcess('sse/follow.mjs', folder, { WAMI_ADDRESS: wami.url, WAMI_TOKEN: 'not-a-token' });
    expect(await stranger.exited).toMatchObject({ code: 1 });
    expect(stranger.err).toContain('WAMI refuses (401)');
  });
});
