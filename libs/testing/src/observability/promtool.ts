import { appendFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { builtOnce, cacheFolder } from '../cache';
import { runTool } from '../run-tool';

const HOW_TO_GET_IT = 'install promtool of Prometheus (macOS: brew install prometheus)';
const FETCH = 'apt-get download prometheus || { apt-get update && apt-get download prometheus; }';
const UNPACK = 'dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x --strip-components=3 ./usr/bin/promtool';
const inCi = /^(1|true)$/i.test(process.env['CI'] ?? '');

/**
 * Path of Prometheus' own tool: that of this machine, or out of Debian's package, which is fetched once per machine and not installed: that would start a
 * server. Where neither is to be had `leftOut` is named in the file of WAMI_LEFT_OUT_FILE; where CI is set, that fails.
 */
export async function promtool(leftOut: string): Promise<string | undefined> {
  const installed = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'promtool')).find((path) => existsSync(path));
  if (installed !== undefined) return installed;
  try {
    return join(await builtOnce(cacheFolder('promtool'), unpacked), 'promtool');
  } catch (error) {
    if (inCi) throw error;
    const line = `${leftOut}: ${(error as Error).message}; ${HOW_TO_GET_IT}\n`;
    const file = process.env['WAMI_LEFT_OUT_FILE'];
    if (file) appendFileSync(file, line);
    else process.stderr.write(`LEFT OUT: ${line}`);
    return undefined;
  }
}

async function unpacked(folder: string): Promise<void> {
  await runTool('sh', ['-ec', `cd "$1"; { ${FETCH}; } >/dev/null; ${UNPACK}`, 'sh', folder], HOW_TO_GET_IT);
  for (const name of readdirSync(folder)) if (name.endsWith('.deb')) rmSync(join(folder, name));
}
