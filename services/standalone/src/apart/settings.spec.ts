import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@wami/platform';
import { standaloneConfigSchema } from '../config';
import { SERVICE_SETTINGS } from '../testing/service-settings';

interface Row {
  readonly key: string;
  readonly for: string;
  readonly fallback: string;
}
interface Field {
  safeParse(value: undefined): { readonly success: boolean; readonly data?: unknown };
}

const ROOT = join(__dirname, '../../../..');
const processes: Readonly<Record<string, { readonly shape: Readonly<Record<string, Field>> }>> = { 'npm start': standaloneConfigSchema, ...SERVICE_SETTINGS };
const keys = [...new Set(Object.values(processes).flatMap(({ shape }) => Object.keys(shape)))];
/** They take the key as every service does, and have no gRPC. */
const goesUnused = (key: string, process: string): boolean => key === 'WAMI_GRPC_PORT' && process.startsWith('sync-');
const readBy = (key: string): string[] => Object.keys(processes).filter((name) => key in (processes[name]?.shape ?? {}) && !goesUnused(key, name));

/** Rows of a page's tables that begin with a key; one without the column of who reads it is of all. */
function rowsOf(page: string): Row[] {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^\| `((?:WAMI|OTEL)_[A-Z_]+)` \| (.*) \|$/gm)].map(([, key = '', rest = '']) => {
    const cells = rest.split(' | ');
    return cells.length >= 3 ? { key, for: cells[0] ?? '', fallback: cells[1] ?? '' } : { key, for: 'all', fallback: cells[0] ?? '' };
  });
}
const rows = [...rowsOf('docs/configuration.md'), ...rowsOf('docs/observability.md')];

/** Whether the words of the column name the process. */
function names(words: string, process: string): boolean {
  if (words === 'all') return true;
  if (words === 'all apart') return process !== 'npm start';
  return words.split(', ').some((one) => one.replaceAll('`', '') === process || (one === 'sync services' && process.startsWith('sync-')));
}

/** What stands for a key that is not given, as somebody would write it. */
function fallbackOf(key: string, process: string): string | undefined {
  const { success, data } = processes[process]?.shape[key]?.safeParse(undefined) ?? { success: false };
  if (!success || data === undefined) return undefined;
  return Array.isArray(data) ? data.join(',') : String(data as string | number | boolean);
}

/** Values that are told by what they mean. */
const IN_WORDS = /^(OTEL_BSP_|OTEL_SDK|WAMI_TRUSTED_PROXIES)/;
/** Where each service has its own the page names the service beside it. */
const isTold = ({ fallback }: Row, value: string, process: string): boolean => fallback.includes(`\`${value}\``) && (!/\d{4}/.test(value) || fallback.includes(process) || !fallback.includes('identity'));

describe('docs/configuration.md', () => {
  it('has a row for every key that a process reads, and no other', () => {
    const told = rowsOf('docs/configuration.md').map(({ key }) => key);
    expect(told.filter((key, index) => told.indexOf(key) < index)).toEqual([]);
    expect(keys.filter((key) => !rows.some((row) => row.key === key))).toEqual([]);
    expect(told.filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('says who reads it', () => {
    const wrong = rowsOf('docs/configuration.md').flatMap((row) => readBy(row.key).filter((process) => !names(row.for, process)).map((process) => `${row.key}: ${process} reads it, and it is said to be for ${row.for}`));
    expect(wrong).toEqual([]);
  });

  it('says what holds where it is not given', () => {
    const wrong = rows.filter(({ key }) => keys.includes(key) && !IN_WORDS.test(key)).flatMap((row) => readBy(row.key).flatMap((process) => {
      const value = fallbackOf(row.key, process);
      return value === undefined || value === '' || isTold(row, value, process) ? [] : [`${row.key}: ${value} at ${process}`];
    }));
    expect(wrong).toEqual([]);
  });

  it('says of each key without which a process does not start that it is required', () => {
    const required = Object.entries(processes).flatMap(([process, { shape }]) => Object.keys(shape).filter((key) => !shape[key]?.safeParse(undefined).success).map((key) => [process, key] as const));
    expect(required.length).toBeGreaterThan(5);
    expect(required.filter(([, key]) => !rows.some((row) => row.key === key && row.fallback.includes('required'))).map(([process, key]) => `${process}: ${key}`)).toEqual([]);
    expect(readConfig(standaloneConfigSchema, {})).toBeDefined();
  });
});
