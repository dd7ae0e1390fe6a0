import { DEFAULT_SYNC_CONFIG, type SyncConfigPatch } from '@wami/contracts';
import { effectiveTexts, FIELDS, patchOf, sayers, textsOf } from './settings';

const whole: SyncConfigPatch = {
  providers: [{ provider: 'aws', account: '000000000001' }, { provider: 'gcp', account: 'p' }], direction: 'pull', conflictResolution: 'merge', deletionPolicy: 'orphan',
  kinds: { user: { deletionPolicy: 'orphan', conflictResolution: 'skip' } }, triggers: { onCreate: false, onUpdate: true, onDelete: true, schedule: '*/5 * * * *' },
  retry: { maxRetries: 0, baseDelayMs: 10, maxDelayMs: 20 }, guard: { maxDeletesPercent: 0, maxDeletesCount: 7 }, tags: { team: 'core', note: 'a=b' },
};
const errorsOf = (texts: Record<string, string>): object => {
  const read = patchOf(texts);
  return 'errors' in read ? read.errors : {};
};

describe('settings as somebody reads and types them', () => {
  it('are the same settings again, each of them, and there is a field for each', () => {
    const texts = textsOf(whole);
    expect(patchOf(texts)).toEqual({ patch: whole });
    expect(Object.keys(texts).sort()).toEqual(FIELDS.map(({ id }) => id).sort());
  });

  it('tell nothing apart from an empty list and no schedule', () => {
    const none: SyncConfigPatch = { providers: [], tags: {}, triggers: { schedule: null } };
    expect(textsOf(none)).toEqual({ providers: 'none', tags: 'none', 'triggers.schedule': 'none' });
    expect(patchOf(textsOf(none))).toEqual({ patch: none });
    expect(patchOf({ providers: '', tags: ' ', 'triggers.schedule': '' })).toEqual({ patch: {} });
  });

  it('that make no sense are told where they stand', () => {
    expect(Object.keys(errorsOf({ providers: 'aws', 'retry.maxRetries': 'many', 'triggers.schedule': 'often', kinds: 'user=orphan', 'guard.maxDeletesPercent': '101', tags: 'wami-x=1' })).sort())
      .toEqual(['guard.maxDeletesPercent', 'kinds', 'providers', 'retry.maxRetries', 'tags', 'triggers.schedule']);
    expect(errorsOf({ 'guard.maxDeletesCount': 'few' })).toEqual({ 'guard.maxDeletesCount': 'must be a number' });
    expect(errorsOf({ kinds: 'unicorn.deletionPolicy=orphan' })).toHaveProperty('kinds');
    expect(errorsOf({ 'retry.maxRetries': ' 3 ' })).toEqual({});
  });

  it('come from whoever said so last, and of kinds from all who did', () => {
    const line: Parameters<typeof sayers>[0] = [{ tenant: 'acme', own: { direction: 'pull', retry: { maxRetries: 1 }, kinds: { user: { deletionPolicy: 'orphan' } } } }, { tenant: 'acme/core', own: { direction: 'push', kinds: { role: { deletionPolicy: 'orphan' } } } }];
    expect([sayers(line, 'direction'), sayers(line, 'retry.maxRetries'), sayers(line, 'retry.baseDelayMs'), sayers(line, 'kinds')]).toEqual([['acme', 'acme/core'], ['acme'], [], ['acme', 'acme/core']]);
  });

  it('hold also where nobody says anything', () => {
    const texts = effectiveTexts(DEFAULT_SYNC_CONFIG);
    for (const { id } of FIELDS) expect([id, texts[id]]).toEqual([id, expect.stringMatching(/./)]);
  });
});
