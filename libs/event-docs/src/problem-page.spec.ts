import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEMS, REASON_HELP, SYNC_ERROR_CODES } from '@wami/contracts';
import { problemPage } from './problem-page';

describe('docs/errors.md', () => {
  it('is what the contracts say (npm run docs:errors writes it)', () => {
    expect(readFileSync(join(__dirname, '..', '..', '..', 'docs', 'errors.md'), 'utf8')).toBe(problemPage());
  });

  it('has a line for every code, and no bar breaks its table', () => {
    const [, problems = '', errors = '', reasons = ''] = problemPage().split(/\|(?:---\|)+\n/);
    for (const [part, lines, bars] of [[problems, Object.keys(PROBLEMS).length, 7], [errors, SYNC_ERROR_CODES.length, 6], [reasons, Object.keys(REASON_HELP).length, 4]] as const) {
      const rows = part.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:code|reason) \|/.test(line));
      expect(rows).toHaveLength(lines);
      for (const row of rows) expect(row.split('|')).toHaveLength(bars);
    }
  });
});
