import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const WAMI = join(__dirname, '..', 'bin', 'wami.cjs');

it('starts without the schemas of the contracts, which only some commands need and which take longer to load than all else', () => {
  const script = `process.on('exit', () => process.stderr.write(Object.keys(require.cache).filter((file) => /[\\\\/](zod|libs[\\\\/]contracts)[\\\\/]/.test(file)).join(' ')));
    process.argv = [process.execPath, 'wami', 'user', '--help']; require(${JSON.stringify(WAMI)});`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 20_000 });
  expect(stdout).toContain('erase');
  expect(stderr).toBe('');
});
