import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_EVENTS } from '@wami/contracts';
import { z } from 'zod';
import { catalogue } from './catalogue';
import { docsCommand } from './docs-command';
import { Repository } from './repository';

const known = catalogue(ALL_EVENTS.slice(0, 2));
const [tenantCreated, tenantUpdated] = ALL_EVENTS.slice(0, 2);
const SCHEMA = 'docs/events/wami.tenant.updated.v1.schema.json';
const changed = catalogue([tenantCreated, { ...tenantUpdated, data: z.strictObject({ name: z.string().optional() }) }].flatMap((one) => (one ? [one as never] : [])));

describe('npm run docs:events', () => {
  let root: string;
  let said: string[];
  const run = (args: string[], events = known): number => {
    said = [];
    return docsCommand(new Repository(root), args, (line) => said.push(line), events);
  };
  const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: root, encoding: 'utf8' });

  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'wami-event-docs-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('writes a file for each type, the index, the AsyncAPI document and the missing golden events, and changes nothing the second time', () => {
    expect(run(['--check'])).toBe(1);
    expect(said).toContain('the golden event of wami.tenant.updated.v1 is missing');
    expect(run([])).toBe(0);
    for (const file of [SCHEMA, 'docs/events/README.md', 'docs/events/asyncapi.json', 'libs/contracts/src/events/golden/wami.tenant.updated.v1.json']) {
      expect([file, existsSync(join(root, file))]).toEqual([file, true]);
    }
    expect([run(['--check']), said]).toEqual([0, []]);
  });

  it('refuses to write where a published schema has changed', () => {
    run([]);
    const published = readFileSync(join(root, SCHEMA), 'utf8');
    expect(run([], changed)).toBe(1);
    expect(said).toEqual([expect.stringContaining('wami.tenant.updated.v1.schema.json was published and has changed at /properties/data/properties/providerAccounts')]);
    expect(readFileSync(join(root, SCHEMA), 'utf8')).toBe(published);
    expect(run(['--check'], known.slice(0, 1))).toBe(1);
    expect(said).toEqual([expect.stringContaining('is gone')]);
  });

  it('is not deceived by a deleted file where it is told the commit', () => {
    run([]);
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'published');
    rmSync(join(root, SCHEMA));
    expect(run(['--check', '--against', 'HEAD'], changed)).toBe(1);
    expect(said).toEqual([expect.stringContaining('was published and has changed')]);
    expect(() => run(['--against', 'no-such-commit'])).toThrow();
  });
});
