import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface SiteFile {
  /** Under which it is asked for, like `/assets/index-1a2b.js`; its content never changes. */
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
}

export interface Site {
  /** What every page of the console is answered with. */
  readonly html: string;
  readonly files: readonly SiteFile[];
}

const FOLDER = join(__dirname, '..', 'dist', 'site');
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

/** The console as it was built; undefined where nobody built it. Sandbox clouds that are given are named on every page. */
export function readSite(sandboxes: readonly string[]): Site | undefined {
  const index = join(FOLDER, 'index.html');
  if (!existsSync(index)) return undefined;
  const assets = readdirSync(join(FOLDER, 'assets'));
  return {
    html: withSandboxes(readFileSync(index, 'utf8'), sandboxes),
    files: assets.map((name) => ({ path: `/assets/${name}`, type: TYPES[extname(name)] ?? 'application/octet-stream', content: readFileSync(join(FOLDER, 'assets', name)) })),
  };
}

const MARK = '<meta name="wami-sandboxes" content="">';

/** Names of targets hold no character that means something in an attribute, other than those that are taken out here. */
function withSandboxes(html: string, sandboxes: readonly string[]): string {
  if (!html.includes(MARK)) throw new Error('the console was built without a place for the names of sandbox clouds');
  return html.replace(MARK, () => MARK.replace('""', `"${sandboxes.map((name) => name.replaceAll(/[^\w.:/-]/g, '')).join(' ')}"`));
}
