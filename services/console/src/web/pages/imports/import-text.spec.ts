import { importLine, progressText, whyText } from './import-text';

const PROGRESS = { tenant: 'acme', provider: 'aws', account: '1', kinds: ['user'], listed: true, seen: 5, managed: 2, found: 3, imported: 1, refused: 0, problems: [] };

describe('an import in words', () => {
  it('says what was seen, and what became of it only where something should', () => {
    expect(progressText({ ...PROGRESS, adopt: false })).toBe('5 seen, 2 managed already, 3 can be imported.');
    expect(progressText({ ...PROGRESS, adopt: true })).toBe('5 seen, 2 managed already, 3 can be imported; 1 imported, 0 refused.');
  });

  it('is the command that does the same', () => {
    expect(importLine({ tenant: 'acme/core', provider: 'aws', account: '1', adopt: false })).toBe('npx wami -t acme/core sync import --provider aws --account 1');
    expect(importLine({ tenant: '', provider: 'aws', account: '1', kinds: ['user', 'group'], adopt: true })).toBe('npx wami -t TENANT sync import --provider aws --account 1 --kinds user,group --adopt');
  });

  it('says why not', () => {
    expect([whyText({ obstacle: 'marked' }), whyText({ code: 'NameTaken', detail: 'ann is there' }), whyText({})]).toEqual(['marked', 'NameTaken: ann is there', '']);
  });
});
