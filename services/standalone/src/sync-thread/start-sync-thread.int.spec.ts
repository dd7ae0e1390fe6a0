import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, temporaryDirectory } from '@wami/testing';

jest.setTimeout(60_000);

const ROOT = join(__dirname, '..', '..', '..', '..');

/** A process of its own starts a thread of its own, which says that it is open and well, and then does what is given. */
describe('the sync thread', () => {
  const folder = temporaryDirectory('sync-thread');
  afterAll(() => removeDirectory(folder));

  const withThread = (name: string, then: string): { status: number | null; said: string } => {
    const entry = join(folder, `${name}.js`);
    writeFileSync(entry, `
      const { parentPort } = require('node:worker_threads');
      parentPort.on('message', ({ id }) => {
        parentPort.postMessage({ ask: 'health', argument: { engine: { ok: true } } });
        parentPort.postMessage({ answer: id, value: { sandboxes: {}, openToDefault: [] } });
        setTimeout(() => { ${then} }, 50);
      });`);
    const main = join(folder, `${name}-main.ts`);
    writeFileSync(main, `
      import { HealthRegistry, Metrics, silentLogger } from ${JSON.stringify(join(ROOT, 'libs', 'platform', 'src', 'index.ts'))};
      import { startSyncThread } from ${JSON.stringify(join(__dirname, 'start-sync-thread.ts'))};
      const health = new HealthRegistry();
      void startSyncThread({ databaseUrl: '', sealKey: new Uint8Array(32), http: { port: 0, host: '' }, instance: 'local', folder: '', sandboxes: [] }, {
        keys: { find: () => Promise.resolve(new Map()) }, health, metrics: new Metrics(), logger: silentLogger, entry: ${JSON.stringify(entry)},
      }).then(() => setInterval(() => {
        const { ready, checks } = health.readiness();
        if (!ready) { process.stdout.write(checks['engine']?.reason ?? ''); process.exit(0); }
      }, 20));`);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-C', '@wami/source', '-r', join(ROOT, 'tools', 'swc-hook.cjs'), main], { cwd: ROOT, encoding: 'utf8', timeout: 30_000 });
    return { status, said: stdout + stderr };
  };

  it('takes the process with it when it breaks', () => {
    const { status, said } = withThread('broken', `throw new Error('the thread broke');`);
    expect(said).toContain('the thread broke');
    expect(status).not.toBe(0);
  });

  it('is not well when it says nothing any more', () => {
    expect(withThread('silent', 'for (;;);')).toEqual({ status: 0, said: expect.stringMatching(/^the sync thread has not said anything for \d+ s$/) as string });
  });
});
