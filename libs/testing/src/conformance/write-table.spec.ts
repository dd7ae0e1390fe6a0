import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Verdicts, type Verdict } from './verdicts';
import { renderVerdicts, updateTable, withSection } from './write-table';

const row = { subject: 'user', title: 'it is there' };

function verdicts(heading: string, ...said: readonly (Verdict | undefined)[]): Verdicts {
  const all = new Verdicts(heading);
  said.forEach((verdict, index) => {
    all.expect(`w${index}`, row);
    if (verdict) all.record(`w${index}`, row, verdict);
  });
  return all;
}

const proved: Verdict = { says: 'proved' };
const none: Verdict = { says: 'none', reason: 'it cannot' };

describe('the table of proved claims', () => {
  it('has a row for each claim, a column for each witness, and the reasons below', () => {
    expect(renderVerdicts(verdicts('X', proved, none))).toBe(
      [
        '## X',
        '',
        '| about | claim | w0 | w1 |',
        '| --- | --- | --- | --- |',
        '| user | it is there | proved | none [1] |',
        '',
        '1. w1: it cannot',
        '',
      ].join('\n'),
    );
  });

  it('keeps the sections of other adapters, in their order', () => {
    const first = withSection('', 'A', renderVerdicts(verdicts('A', proved)));
    const both = withSection(first, 'B', renderVerdicts(verdicts('B', proved)));
    const again = withSection(both, 'A', renderVerdicts(verdicts('A', none)));
    expect(again.match(/^## .*$/gm)).toEqual(['## A', '## B']);
    expect(again).toContain('| user | it is there | none [1] |');
    expect(withSection(again, 'A', renderVerdicts(verdicts('A', none)))).toBe(again);
  });

  it('is written once, and told to differ where it may not be written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
    const file = join(folder, 'docs', 'conformance.md');
    try {
      expect(updateTable(file, verdicts('A', proved), false)).toBe('differs');
      expect(updateTable(file, verdicts('A', proved), true)).toBe('written');
      expect(updateTable(file, verdicts('A', proved), false)).toBe('same');
      expect(updateTable(file, verdicts('A', none), false)).toBe('differs');
      expect(readFileSync(file, 'utf8')).toContain('| proved |');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is left as it is by a run that did not ask everything', () => {
    const leftOut = verdicts('A', proved);
    leftOut.leftOut.push('w1');
    for (const incomplete of [verdicts('A', proved, undefined), verdicts('A', { says: 'refuted' }), leftOut]) {
      expect(updateTable('/nonexistent/conformance.md', incomplete, true)).toBe('incomplete');
    }
  });
});
