import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEMS } from '@wami/contracts';
import { problemPage } from './problem-page';

describe('docs/errors.md', () => {
  it('is what the contracts say (npm run docs:errors writes it)', () => {
    expect(readFileSync(join(__dirname, '..', '..', '..', 'docs', 'errors.md'), 'utf8')).toBe(problemPage());
  });

  it('has a line for every code, and no bar breaks its table', () => {
    const lines = problemPage().split('\n').filter((line) => line.startsWith('| `'));
    expect(lines).toHaveLength(Object.keys(PROBLEMS).length);
    for (const line of lines) expect(line.split('|')).toHaveLength(7);
  });
});
