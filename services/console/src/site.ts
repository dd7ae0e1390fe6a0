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

export interface Told {
  /** Sandbox clouds, which are named on every page. */
  readonly sandboxes: readonly string[];
  /** Host of who signs people in; absent where they sign in with tokens only. */
  readonly issuer?: string;
}

/** The console as it was built, and told where it is; undefined where nobody built it. */
export function readSite({ sandboxes, issuer = '' }: Told): Site | undefined {
  const index = join(FOLDER, 'index.html');
  if (!existsSync(index)) return undefined;
  const assets = readdirSync(join(FOLDER, 'assets'));
  return {
    html: told(told(readFileSync(index, 'utf8'), 'wami-sandboxes', sandboxes), 'wami-issuer', [issuer]),
    files: assets.map((name) => ({ path: `/assets/${name}`, type: TYPES[extname(name)] ?? 'application/octet-stream', content: readFileSync(join(FOLDER, 'assets', name)) })),
  };
}

/** Names of targets and hosts hold no character that means something in an attribute, other than those that are taken out here. */
function told(html: string, name: string, values: readonly string[]): string {
  const mark = `<meta name="${name}" content="">`;
  if (!html.includes(mark)) throw new Error(`the console was built without a place for ${name}`);
  return html.replace(mark, () => mark.replace('""', `"${values.map((value) => value.replaceAll(/[^\w./:-]/g, '')).join(' ')}"`));
}
