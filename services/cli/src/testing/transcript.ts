import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment } from './run-wami';
import type { WamiHost } from './wami-host';

const ROOT = join(__dirname, '..', '..', '..', '..');
const BIN = join(ROOT, 'services', 'cli', 'bin', 'wami.cjs');
const LIMIT_MS = 60_000;

export interface Step {
  readonly command: string;
  /** What the page shows below it. */
  readonly shown: string;
}

/** The steps of a page, from its blocks of ```console: `$ ` begins a command (a line that ends with `\` goes on), what follows is what came. */
export function stepsOf(page: string): Step[] {
  return blocksOf(page).flatMap((block) => block.split(/^\$ /m).slice(1)).map((text) => {
    const [, command = '', shown = ''] = /^((?:.*\\\n)*.*)\n?([^]*)$/.exec(text) ?? [];
    return { command, shown };
  });
}

const blocksOf = (page: string): string[] => [...page.matchAll(/^```console\n([^]*?)^```$/gm)].map(([, block = '']) => block);

/** Runs what a page shows as a person would in the folder of the repository, against the WAMI of a data directory. */
export class Terminal {
  constructor(private readonly host: WamiHost, private readonly dataDir: string) {}

  /** What comes on both streams, in the order in which it came. */
  type(command: string): Promise<string> {
    const plain = /^npx wami ((?:[\w./:=@%,~-]+|'[^'$]*'|"[^"$`\\]*")(?: (?:[\w./:=@%,~-]+|'[^'$]*'|"[^"$`\\]*"))*)$/.exec(command)?.[1];
    if (plain === undefined) return this.shell(command);
    const args = [...plain.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
    return this.host.seen(args, { cwd: ROOT, env: { WAMI_DATA_DIR: this.dataDir } });
  }

  private shell(command: string): Promise<string> {
    const script = `npx() { shift; "${process.execPath}" "${BIN}" "$@"; }\n${command}\n`;
    const child = spawn('bash', ['-c', `exec 2>&1\n${script}`], { cwd: ROOT, timeout: LIMIT_MS, env: cleanEnvironment({ WAMI_DATA_DIR: this.dataDir }), stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    return new Promise((resolve, reject) => child.once('error', reject).once('close', () => resolve(said)));
  }
}

/** What differs from run to run, and nothing else, made equal. */
export function constant(text: string): string {
  return text.trimEnd()
    .replaceAll(/\b([a-z]{3})_[0-9A-HJKMNP-TV-Z]{26}\b/g, '$1_ID').replaceAll(/\bA(ID|GP|RO|NP)A[0-9A-Z]{12,17}\b/g, 'A$1A_ID').replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID')
    .replaceAll(/\b(users\/1\d{20}|groups\/0[0-9a-z]{13})\b/g, 'GOOGLE_ID')
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:[\d.]+Z)?/g, 'TIME').replaceAll(/\d+(\.\d+)? s\b/g, 'N s').replaceAll(/\b\d+ (s|min|h) ago/g, 'N ago').replaceAll('N s ago', 'N ago').replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/wami_pat_(?:\w+|\.\.\.)/g, 'KEY').replaceAll(/[ \t]+/g, ' ').replaceAll(/ +$/gm, '');
}

/** Whether what came is what a page shows; `...` in it stands for anything. */
export function fits(shown: string, came: string): boolean {
  const literal = (text: string): string => text.split('...').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*');
  // A line of its own stands for any lines, also for none.
  const pattern = constant(shown).split(/^\.\.\.\n/m).map(literal).join('(?:[^]*\n)?');
  return new RegExp(`^${pattern}$`).test(constant(came));
}

/** Writes into a page what came, in the place of what it showed; what stands there with `...` in it stays where it fits. */
export function rewrite(file: string, came: readonly string[]): void {
  let index = 0;
  const page = readFileSync(file, 'utf8').replaceAll(/^```console\n([^]*?)^```$/gm, (block) => {
    const steps = stepsOf(block).map(({ command, shown }) => {
      const said = (came[index++] ?? '').trimEnd();
      const kept = fits(shown, said) ? shown.trimEnd() : said;
      return `$ ${command}\n${kept === '' ? '' : `${kept}\n`}`;
    });
    return `\`\`\`console\n${steps.join('\n')}\`\`\``;
  });
  writeFileSync(file, page);
}

