import { standaloneConfigSchema } from '../config';
import { consoleConfigSchema } from '../console/console.config';
import { SERVICE_SETTINGS } from './service-settings';
import { LIMITS, SETTINGS, type Words } from './settings-words';

interface Field {
  safeParse(value: undefined): { readonly success: boolean; readonly data?: unknown };
}

/** Every process with what it reads from its environment. */
export const PROCESSES: Readonly<Record<string, { readonly shape: Readonly<Record<string, Field>> }>> = { 'npm start': standaloneConfigSchema, ...SERVICE_SETTINGS, console: consoleConfigSchema };
const SYNC = Object.keys(PROCESSES).filter((name) => name.startsWith('sync-'));
/** They take the key as every service does, and have no gRPC; the console is of no instance, and asks no token whose it is. */
const goesUnused = (key: string, process: string): boolean => (key === 'WAMI_GRPC_PORT' && SYNC.includes(process)) || (process === 'console' && OF_NO_CONSOLE.includes(key));
const OF_NO_CONSOLE = ['WAMI_GRPC_PORT', 'WAMI_INSTANCE', 'WAMI_OIDC_ALGORITHMS', 'WAMI_OIDC_TENANT_CLAIM', 'WAMI_OIDC_ROLE_CLAIM'];

/** Processes that read a key. */
export const readBy = (key: string): string[] => Object.keys(PROCESSES).filter((name) => key in (PROCESSES[name]?.shape ?? {}) && !goesUnused(key, name));

/** What stands for a key that is not given, as somebody would write it; undefined where nothing does. */
export function fallbackOf(key: string, process: string): string | undefined {
  const { success, data } = PROCESSES[process]?.shape[key]?.safeParse(undefined) ?? { success: false };
  if (!success || data === undefined) return undefined;
  return Array.isArray(data) ? data.join(',') : String(data as string | number | boolean);
}

/** Who reads it, in the words of the page. */
function readers(key: string): string {
  const by = readBy(key);
  const others = Object.keys(PROCESSES).filter((name) => !by.includes(name));
  if (others.length === 0) return 'all';
  if (others.join() === 'console') return 'all but the console';
  if (others.join() === 'npm start') return 'all apart';
  if (others.join() === 'npm start,console') return 'all apart but the console';
  const sync = SYNC.every((name) => by.includes(name));
  const order = ['npm start', 'console', 'identity', 'projection', ...(sync ? [] : SYNC)].filter((name) => by.includes(name)).map((name) => (name === 'npm start' ? '`npm start`' : name));
  return [...order, ...(sync ? ['sync services'] : [])].join(', ');
}

/** Its words say it where processes differ, or what is not given means something. */
function fallback(key: string, { otherwise }: Words): string {
  const by = readBy(key);
  if (otherwise !== undefined) return otherwise;
  if (by.every((process) => PROCESSES[process]?.shape[key]?.safeParse(undefined).success === false)) return 'required';
  const [only] = new Set(by.map((process) => fallbackOf(key, process)));
  return only === undefined || only === '' ? 'none' : `\`${only}\``;
}

const START = '<!-- npm run docs:configuration writes this table -->\n';
const row = (...cells: string[]): string => `| ${cells.join(' | ')} |\n`;

/** The page with its tables of settings as the schemas of the processes and the words of each key make them. */
export function configurationPage(before: string): string {
  const tables = [
    row('key', 'for', 'default', 'meaning') + row('---', '---', '---', '---').replaceAll(' ', '') + Object.entries(SETTINGS).map(([key, words]) => row(`\`${key}\``, readers(key), fallback(key, words), words.meaning)).join(''),
    row('key', 'default', 'what is refused beyond it') + row('---', '---', '---').replaceAll(' ', '') + Object.entries(LIMITS).map(([key, words]) => row(`\`${key}\``, fallback(key, words), words.meaning)).join(''),
  ];
  const [first = '', ...rest] = before.split(START);
  if (rest.length !== tables.length) throw new Error(`the page has ${rest.length} tables of settings, and should have ${tables.length}`);
  return first + rest.map((text, index) => START + tables[index] + text.replace(/^(\|.*\n)*/, '')).join('');
}
