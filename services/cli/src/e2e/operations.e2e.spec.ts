import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WamiCloudEvent } from '@wami/contracts';
import { patiently as eventually, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import type { Ran } from '../testing/run-wami';
import { SandboxAws } from '../testing/sandbox-aws';
import { WamiHost } from '../testing/wami-host';

jest.setTimeout(60_000);

describe('what operators do, against a running npm start', () => {
  const dataDir = temporaryDirectory('cli-operations');
  const host = new WamiHost();
  let server: WamiProcess;

  beforeAll(async () => {
    server = await startWamiProcess({ dataDir });
  });
  afterAll(async () => {
    await host.close();
    await server?.stop();
    removeDirectory(dataDir);
  });

  const wami = (...args: string[]): Promise<Ran> => host.run(args, { env: { WAMI_DATA_DIR: dataDir } });
  /** A key of the tenant's administrator. */
  const keyOf = async (tenant: string): Promise<string> => /wami_pat_\w{40}_\w{6}/.exec((await wami('-t', tenant, 'key', 'create', 'operations', '--role', 'admin')).out)?.[0] ?? '';
  const as = (token: string, ...args: string[]): Promise<Ran> => host.run(args, { env: { WAMI_ADDRESS: server.url, WAMI_TOKEN: token } });
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await wami(...args, '-o', 'json')).out) as T;

  describe('projection', () => {
    it('status says which tables answer; there is nothing to go back to before the first rebuild', async () => {
      expect(await wami('projection', 'status')).toMatchObject({
        code: 0, out: expect.stringMatching(/^MODEL +VERSION +GENERATION +KEPT +CURRENT\n[^]*resources +\d+ +1 +yes\n/) as string, err: expect.stringMatching(/^\d+ events taken in, .* 0 parked\.\n$/) as string,
      });
      expect(await wami('projection', 'rollback')).toMatchObject({ code: 5, out: '', err: expect.stringContaining('No read model has tables from before') as string });
      expect(await wami('projection', 'rollback', 'resources')).toMatchObject({ code: 5, err: expect.stringContaining('nothing is kept of resources') as string });
      expect(await wami('projection', 'rebuild', 'no-such-model')).toMatchObject({ code: 1, err: expect.stringContaining('/models/0') as string });
    });

    it('rebuild tells how far it is and swaps, verify finds both equal, rollback goes back and forward again', async () => {
      await wami('user', 'create', 'ann', '--wait');
      const rebuilt = await wami('projection', 'rebuild', 'resources', 'sync-states');
      expect(rebuilt).toMatchObject({ code: 0, err: expect.stringMatching(/^job_\w+ rebuild: [^]*job_\w+ rebuild: done\n$/) as string });
      expect(rebuilt.out).toMatch(/^MODEL[^\n]*\n(resources|sync-states) +\d+ +2 +1 +yes\n(resources|sync-states) +\d+ +2 +1 +yes\n$/);
      expect(await wami('projection', 'verify')).toMatchObject({ code: 0, out: expect.stringMatching(/^MODEL +TABLE +ROWS +VERDICT\n([\w-]+ +\w+ +\d+ +equal\n)+$/) as string, err: expect.stringContaining('sync-states: equal\n') as string });
      expect(await json<object[]>('projection', 'rollback', 'resources')).toEqual([expect.objectContaining({ name: 'resources', generation: 1, previousGeneration: 2, current: true })]);
      expect(await wami('user', 'get', 'ann')).toMatchObject({ code: 0 });
      expect(await json<object[]>('projection', 'rollback')).toEqual(expect.arrayContaining([
        expect.objectContaining({ name: 'resources', generation: 2 }), expect.objectContaining({ name: 'sync-states', generation: 1 }),
      ]));
      expect((await wami('projection', 'rebuild', '--no-wait', '-o', 'name')).out).toMatch(/^job\/job_\w+\n$/);
      await eventually(async () => expect((await wami('projection', 'status')).err).toContain('rebuild: done'));
    });

    it('is the administrator\'s: there is none for a key of a tenant, whatever its role', async () => {
      const token = await keyOf('default');
      expect((await as(token, 'whoami')).code).toBe(0);
      expect((await as(token, 'dead-letters')).code).toBe(5);
      for (const verb of ['status', 'rebuild', 'rollback', 'verify']) expect({ verb, code: (await as(token, 'projection', verb)).code }).toEqual({ verb, code: 5 });
    });
  });

  it('dead-letters: none are parked, and what is not parked is neither shown, tried nor skipped', async () => {
    expect(await wami('dead-letters')).toMatchObject({ code: 0, out: '', err: 'No event is parked.\n' });
    expect(await wami('dead-letters', 'list', '--skipped')).toMatchObject({ code: 0, out: '', err: 'Nothing was skipped.\n' });
    expect(await wami('dead-letters', 'retry')).toMatchObject({ code: 0, out: expect.stringMatching(/^TAKEN IN +STILL PARKED\n0 +0\n$/) as string });
    expect(await wami('dead-letters', 'skip', 'evt_1')).toMatchObject({ code: 64, err: expect.stringContaining('--reason') as string });
    for (const args of [['show', 'evt_1'], ['retry', 'evt_1'], ['skip', 'evt_1', '--reason', 'x', '--yes']]) {
      expect(await wami('dead-letters', ...args)).toMatchObject({ code: 5, err: expect.stringContaining('there is no such dead letter') as string });
    }
  });

  describe('events export', () => {
    const events = (text: string): WamiCloudEvent[] => text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as WamiCloudEvent);
    const ids = (text: string): string[] => events(text).map(({ id }) => id);

    it('writes the log to a file of its owner and goes on behind its last whole line, while more comes in', async () => {
      const file = join(dataDir, 'events.ndjson');
      expect(await wami('events', 'export', '--out', file)).toMatchObject({ code: 0, out: '', err: expect.stringMatching(/^\d+ events\. Go on from here with --after \S+\n$/) as string });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(await wami('events', 'export', '--out', file)).toMatchObject({ code: 64, err: expect.stringContaining('exists already') as string });
      await wami('user', 'create', 'bea', '--wait');
      appendFileSync(file, '{"specversion":"1.0","id":"evt_torn');
      expect((await wami('events', 'export', '--out', file, '--resume')).code).toBe(0);
      const whole = (await wami('events', 'export')).out;
      expect(ids(whole).slice(0, ids(readFileSync(file, 'utf8')).length)).toEqual(ids(readFileSync(file, 'utf8')));
      expect((await wami('events', 'export', '--out', file, '--resume')).code).toBe(0);
      expect(new Set(ids(readFileSync(file, 'utf8'))).size).toBe(ids(readFileSync(file, 'utf8')).length);
      expect(events(whole).some(({ type, data }) => type === 'wami.user.created.v1' && JSON.stringify(data.personal).includes('"bea"'))).toBe(true);
      writeFileSync(file, 'no event\n');
      expect(await wami('events', 'export', '--out', file, '--resume')).toMatchObject({ code: 64, err: expect.stringContaining('no event') as string });
      expect(await wami('events', 'export', '--resume')).toMatchObject({ code: 64, err: expect.stringContaining('--out') as string });
    });

    it('takes types, a resource, a position; and of a tenant only its own, whoever asks', async () => {
      await wami('tenant', 'create', 'apart');
      const { id } = await json<{ id: string }>('-t', 'apart', 'user', 'create', 'cay');
      const of = async (...args: string[]): Promise<WamiCloudEvent[]> => events((await wami('events', 'export', ...args)).out);
      const typed = await of('--type', 'wami.user.created.v1', '--type', 'wami.tenant.created.v1');
      expect(new Set(typed.map(({ type }) => type))).toEqual(new Set(['wami.user.created.v1', 'wami.tenant.created.v1']));
      const about = await of('--resource', id);
      expect(about.length).toBeGreaterThan(0);
      expect(about.every(({ key }) => key === id)).toBe(true);
      expect((await of('--after', typed[0]?.position ?? '', '--type', 'wami.user.created.v1', '--type', 'wami.tenant.created.v1')).map((one) => one.id)).toEqual(typed.slice(1).map((one) => one.id));
      const own = events((await as(await keyOf('apart'), 'events', 'export')).out);
      expect(own.length).toBeGreaterThan(0);
      expect(own.every(({ tenant }) => tenant === 'apart')).toBe(true);
      expect(events((await as(await keyOf('apart'), 'events', 'export', '--resource', (await json<{ id: string }>('user', 'get', 'bea')).id)).out)).toEqual([]);
    });

    it('and a fold of the whole log into new tables call no cloud', async () => {
      const cloud = new SandboxAws(dataDir);
      const before = await cloud.calls();
      expect(before).toMatchObject({ CreateUser: expect.any(Number) as number });
      expect((await wami('events', 'export')).code).toBe(0);
      expect((await wami('projection', 'rebuild')).code).toBe(0);
      expect((await wami('projection', 'rollback', '--yes')).code).toBe(0);
      expect(await cloud.calls()).toEqual(before);
    });
  });
});
