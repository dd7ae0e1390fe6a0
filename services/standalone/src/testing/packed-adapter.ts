import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../../../..');
const OF_THE_WORKSPACE = ['libs/contracts', 'libs/provider-port', 'examples/custom-adapter'];
/** What those depend on, from the registry. */
const OF_OTHERS = ['zod', 'croner'];

/** The example's adapter as it is where it was installed from its package: in a folder of its own, with nothing of the workspace but what it depends on. */
export function packedAdapter(folder: string): string {
  const installed = join(folder, 'node_modules');
  mkdirSync(join(installed, '@wami'), { recursive: true });
  const said = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', folder, ...OF_THE_WORKSPACE.map((path) => join(ROOT, path))], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  for (const { name, filename } of JSON.parse(said) as { name: string; filename: string }[]) {
    const place = join(installed, name);
    mkdirSync(place);
    execFileSync('tar', ['-xzf', join(folder, filename), '-C', place, '--strip-components=1']);
  }
  for (const name of OF_OTHERS) symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(installed, name));
  return join(installed, '@wami', 'example-custom-adapter');
}
