import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import { RunningWami, runWami } from '../testing/run-wami';

jest.setTimeout(120_000);

describe('commands that wait and follow', () => {
  const dataDir = temporaryDirectory('cli-following');
  const env = { WAMI_DATA_DIR: dataDir };
  const running: RunningWami[] = [];
  let port: number;
  let server: WamiProcess | undefined;

  const start = async (): Promise<void> => {
    server = await startWamiProcess({ dataDir, env: { WAMI_SANDBOXES: 'aws,gcp,azure', WAMI_HTTP_PORT: String(port), WAMI_GRPC_PORT: '0' } });
  };
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = undefined;
  };
  const follow = (...args: string[]): RunningWami => {
    const command = new RunningWami(args, { env });
    running.push(command);
    return command;
  };
  /** The sandbox's own controls, at the address that npm start left for others to find. */
  const faults = async (method: string, body?: object): Promise<void> => {
    const { sandboxes } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { sandboxes: Record<string, string> };
    const response = await fetch(`${sandboxes['aws/000000000001']}/_sandbox/faults`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    expect(response.status).toBe(200);
  };

  beforeAll(async () => {
    port = await freePort();
    await start();
  });
  afterAll(async () => {
    await Promise.all(running.map((command) => command.interrupt()));
    await stop();
    removeDirectory(dataDir);
  });

  it('--wait tells what is still open when its time is over (8), stops waiting at Ctrl-C (130), and the work goes on', async () => {
    await faults('PUT', { errors: 1 });
    const ranOut = await runWami(['user', 'create', 'slow', '--wait', '--timeout', '2s', '-o', 'name'], { env });
    expect(ranOut).toMatchObject({ code: 8, out: expect.stringMatching(/^user\/usr_/) as string, err: expect.stringMatching(/^(✗ Failed|… Pending|… Syncing) {2}aws\/000000000001/) as string });
    const interrupted = follow('user', 'update', 'slow', '--display-name', 'Slow', '--wait');
    await eventually(async () => (await runWami(['user', 'get', 'slow', '-o', 'json'], { env })).out.includes('"displayName": "Slow"'), { timeoutMs: 30_000, describe: 'the change is written' });
    expect(await interrupted.interrupt()).toMatchObject({ code: 130, out: '', err: '\nStopped waiting; the change goes on. `wami status` shows it.\n' });
    await faults('DELETE');
    const watching = follow('status', 'user/slow', '--watch', '-o', 'jsonl');
    await watching.prints(/"state":"Synced"/);
    expect((await watching.interrupt()).code).toBe(130);
  });

  it('sandbox fault breaks a cloud on purpose, sandbox status tells of it, and heal mends it, at each of the three', async () => {
    const sandbox = (...args: string[]): ReturnType<typeof runWami> => runWami(['sandbox', ...args], { env });
    const targets = { aws: 'aws/000000000001', gcp: 'gcp/sandbox-project', azure: 'azure/sandbox-tenant' };
    for (const [cloud, target] of Object.entries(targets)) {
      const broken = await sandbox('fault', cloud, '--throttle', '1', '--latency', '1-2', '-o', 'json');
      expect(JSON.parse(broken.out)).toMatchObject({ target, standing: { throttle: 1, errors: 0, latencyMs: [1, 2] } });
    }
    await runWami(['service-account', 'create', 'throttled'], { env });
    const told = /^(\S+) .*throttle 1, latency 1-2 ms .*throttle [1-9]/gm;
    await eventually(async () => expect([...(await sandbox('status')).out.matchAll(told)].map(([, target]) => target)).toEqual(Object.values(targets)), { timeoutMs: 30_000, describe: 'calls are told to slow down' });
    expect((await sandbox('fault', 'aws', '--credentials', 'rejected')).out).toMatch(/throttle 1, .*credentials rejected/);
    for (const target of Object.values(targets)) expect((await sandbox('heal', target)).out).toMatch(/ none /);
    for (const target of Object.values(targets)) {
      const watching = follow('status', 'service-account/throttled', '--watch');
      await watching.prints(new RegExp(`${target} +✓ Synced`));
      await watching.interrupt();
    }
  });

  it.each<[number, string, string[]]>([
    [64, 'Nothing was said to go wrong', ['aws']], [64, 'a share from 0 to 1', ['aws', '--throttle', '2']], [64, 'such as 50 or 50-200', ['aws', '--latency', '9-1']], [5, 'There is no sandbox of tape', ['tape', '--errors', '1']],
  ])('sandbox fault ends with %i and says "%s"', async (code, message, args) => {
    expect(await runWami(['sandbox', 'fault', ...args], { env })).toMatchObject({ code, out: '', err: expect.stringContaining(message) as string });
  });

  it('sandbox commands say that there is none where no npm start runs', async () => {
    expect(await runWami(['sandbox', 'status'], { env: { WAMI_DATA_DIR: join(dataDir, 'none') } })).toMatchObject({ code: 5, err: expect.stringContaining('No sandbox clouds are running.') as string });
  });

  it('status --watch follows a resource until it is Synced', async () => {
    await faults('PUT', { errors: 1 });
    await runWami(['user', 'create', 'watched'], { env });
    const watching = follow('status', 'user/watched', '--watch');
    await watching.prints(/… (Pending|Syncing)|✗ Failed/);
    await faults('DELETE');
    await watching.prints(/✓ Synced .*user\/watched/);
    expect((await watching.interrupt()).code).toBe(130);
  });

  it('events tail and status --watch go on by themselves after a restart, and no event is missed or told twice', async () => {
    const tail = follow('events', 'tail', '--type', 'wami.user.created.v1', '-o', 'json');
    const watching = follow('status', '--watch');
    await watching.prints(/STATE/);
    await runWami(['user', 'create', 'before'], { env });
    await tail.prints(/"userName":"before"/);
    await stop();
    await watching.prints(/does not answer .* Trying again\./);
    await start();
    await runWami(['user', 'create', 'after', '--wait'], { env });
    await tail.prints(/"userName":"after"/);
    const { out } = await tail.interrupt();
    expect([...out.matchAll(/"userName":"(\w+)"/g)].map(([, name]) => name)).toEqual(['before', 'after']);
    const whole = follow('events', 'tail', '--from-start');
    await whole.prints(/wami\.tenant\.created\.v1[^]*wami\.user\.created\.v1[^]*wami\.sync\.succeeded\.v1/);
    expect((await watching.interrupt()).out.match(/STATE/g)?.length).toBeGreaterThan(1);
  });
});
