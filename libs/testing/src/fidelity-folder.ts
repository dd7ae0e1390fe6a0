import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Recordings of real clouds and vendors' descriptions of their APIs, which stand beside the checkout; undefined where they do not: what is
 * left out is then written to the file that WAMI_LEFT_OUT_FILE names. @throws Error where CI is set: there they have to be
 */
export function fidelityFolder(leftOut: string): string | undefined {
  const folder = join(__dirname, '../../../../shared/fidelity');
  if (existsSync(folder)) return folder;
  const file = process.env['WAMI_LEFT_OUT_FILE'];
  const said = `${leftOut}: shared/fidelity is not beside the checkout\n`;
  if (/^(1|true)$/i.test(process.env['CI'] ?? '')) throw new Error(said);
  if (file) appendFileSync(file, said);
  else process.stderr.write(`LEFT OUT: ${said}`);
  return undefined;
}
