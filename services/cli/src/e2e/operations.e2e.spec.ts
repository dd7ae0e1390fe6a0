import { patiently as eventually, removeDirectory, startWamiProcess, temporaryDirectory, type WamiProcess } from '@wami/testing';
import type { Ran } from '../testing/run-wami';
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

    it('is the administrator\'s: a key of a tenant is refused, whatever its role', async () => {
      const [secret = ''] = /wami_pat_\w{40}_\w{6}/.exec((await wami('key', 'create', 'operations', '--role', 'admin')).out) ?? [];
      const asKey = (...args: string[]): Promise<Ran> => host.run(args, { env: { WAMI_ADDRESS: server.url, WAMI_TOKEN: secret } });
      expect((await asKey('whoami')).code).toBe(0);
      for (const verb of ['status', 'rebuild', 'rollback', 'verify']) expect({ verb, code: (await asKey('projection', verb)).code }).toEqual({ verb, code: 4 });
    });
  });
});
