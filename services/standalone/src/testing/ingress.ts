import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProxy, type Proxy } from './careless-proxy';

const CONFIG = join(__dirname, '..', '..', '..', '..', 'infra', 'docker', 'nginx.conf');

/** The table of infra/docker/nginx.conf at work: each request goes to whom it names, wherever that one runs. */
export function startIngress(running: Readonly<Record<string, string>>): Promise<Proxy> {
  const config = readFileSync(CONFIG, 'utf8');
  const rows = [...config.matchAll(/^ {4}"~(.+)" "(.+)";$/gm)].map(([, pattern = '', to = '']) => [new RegExp(pattern), to] as const);
  const [, otherwise = ''] = /^ {4}default "(.+)";$/m.exec(config) ?? [];
  return startProxy((method, url) => {
    const to = rows.find(([pattern]) => pattern.test(`${method} ${url}`))?.[1] ?? otherwise;
    const address = running[to.split(':')[0] ?? ''];
    if (address === undefined) throw new Error(`${method} ${url} is for ${to}, which does not run`);
    return address;
  });
}
