import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../../../shared/fidelity');

/**
 * Recordings of real clouds and vendors' descriptions of their APIs, which stand beside the checkout and are no part of it; undefined where
 * they do not: `leftOut` is then named in the file of WAMI_LEFT_OUT_FILE, as data that is absent, which no test can fetch.
 */
export function fidelityFolder(leftOut: string): string | undefined {
  if (existsSync(join(FOLDER, 'index.json'))) return FOLDER;
  const said = `absent data: ${leftOut}: shared/fidelity is not beside the checkout\n`;
  const file = process.env['WAMI_LEFT_OUT_FILE'];
  if (file) appendFileSync(file, said);
  else process.stderr.write(`LEFT OUT: ${said}`);
  return undefined;
}
