import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KNOWN_SETTINGS, readConfig } from '@wami/platform';
import { standaloneConfigSchema } from '../config';
import { configurationPage, fallbackOf, PROCESSES, readBy } from '../docs/configuration-page';

interface Row {
  readonly key: string;
  readonly fallback: string;
}
const ROOT = join(__dirname, '../../../..');
const keys = [...new Set(Object.values(PROCESSES).flatMap(({ shape }) => Object.keys(shape)))];

/** Rows of a page's tables that begin with a key. */
function rowsOf(page: string): Row[] {
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^\| `((?:WAMI|OTEL)_[A-Z_]+)` \| (.*) \|$/gm)].map(([, key = '', rest = '']) => {
    const cells = rest.split(' | ');
    return { key, fallback: cells[cells.length >= 3 ? 1 : 0] ?? '' };
  });
}
const rows = [...rowsOf('docs/configuration.md'), ...rowsOf('docs/observability.md')];

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

  it('is as npm run docs:configuration writes it: who reads a key, and what holds without it, out of the schemas', () => {
    const page = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
    expect(configurationPage(page)).toBe(page);
  });

  it('tells of no key that a start calls unknown, and every start knows those of all processes', () => {
    expect([...KNOWN_SETTINGS].sort()).toEqual(keys.filter((key) => key.startsWith('WAMI_')).sort());
  });

  it('says what holds where it is not given', () => {
    const wrong = rows.filter(({ key }) => keys.includes(key) && !IN_WORDS.test(key)).flatMap((row) => readBy(row.key).flatMap((process) => {
      const value = fallbackOf(row.key, process);
      return value === undefined || value === '' || isTold(row, value, process) ? [] : [`${row.key}: ${value} at ${process}`];
    }));
    expect(wrong).toEqual([]);
  });

  it('says of each key without which a process does not start that it is required', () => {
    const required = Object.entries(PROCESSES).flatMap(([process, { shape }]) => Object.keys(shape).filter((key) => !shape[key]?.safeParse(undefined).success).map((key) => [process, key] as const));
    expect(required.length).toBeGreaterThan(5);
    expect(required.filter(([, key]) => !rows.some((row) => row.key === key && row.fallback.includes('required'))).map(([process, key]) => `${process}: ${key}`)).toEqual([]);
    expect(readConfig(standaloneConfigSchema, {})).toBeDefined();
  });
});
