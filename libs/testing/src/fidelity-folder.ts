import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Recordings of real clouds and vendors' descriptions of their APIs, which stand beside the checkout; undefined where they do not: what is
 * left out is then written to the file that WAMI_LEFT_OUT_FILE names.
 */
export function fidelityFolder(leftOut: string): string | undefined {
  const folder = join(__dirname, '../../../../shared/fidelity');
  if (existsSync(folder)) return folder;
  const file = process.env['WAMI_LEFT_OUT_FILE'];
  const said = `${leftOut}: the recordings are not beside the checkout\n`;
  if (file) appendFileSync(file, said);
  else process.stderr.write(`LEFT OUT: ${said}`);
  return undefined;
}
