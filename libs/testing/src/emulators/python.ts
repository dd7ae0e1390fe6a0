import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { builtOnce, cacheFolder } from '../cache';
import { runTool } from '../run-tool';

const PINS = ['moto[server]==5.2.1', 'ministack==1.5.33', 'granian==2.8.7'];
const HOW_TO_GET_PYTHON = 'install Python 3.10 or newer with its venv module (Debian: apt-get install python3-venv; macOS: brew install python)';

/** The `bin` folder of an environment with the emulators, or with other pinned packages; installed once per machine and set of pins. */
export async function pythonTools(pins: readonly string[] = PINS): Promise<string> {
  const hash = createHash('sha256').update(pins.join('\n')).digest('hex').slice(0, 12);
  return join(await builtOnce(cacheFolder(`python-${hash}`), (folder) => install(folder, pins)), 'bin');
}

async function install(folder: string, pins: readonly string[]): Promise<void> {
  await runTool('python3', ['-m', 'venv', folder], HOW_TO_GET_PYTHON);
  await runTool(join(folder, 'bin', 'pip'), ['install', '--quiet', ...pins], HOW_TO_GET_PYTHON);
}
