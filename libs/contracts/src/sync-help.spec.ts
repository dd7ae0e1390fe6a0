import { hintOf, IN_LINE, shownSyncState, SYNC_ERROR_HELP } from './sync-help';
import { knownReason, REASON_HELP } from './sync-reasons';
import { SYNC_ERROR_CODES, SYNC_STATES, syncStateSchema, type SyncErrorCode, type SyncState } from './sync-state';

const ABOUT = { resource: 'usr_1', kind: 'user', tenant: 'acme', provider: 'aws', account: '1', operation: 'update', updatedAt: '2026-01-01T00:00:00.000Z' } as const;
const failed = (code: SyncErrorCode, more: { retryable?: boolean; nextRetryAt?: string; message?: string; retryCount?: number } = {}): SyncState => {
  const { retryable = false, message = 'what the cloud said', retryCount = 0, ...rest } = more;
  return { state: 'Failed', error: { code, message, retryable }, failedAt: ABOUT.updatedAt, retryCount, ...rest, ...ABOUT };
};
const OF_STATE: Readonly<Record<SyncState['state'], SyncState>> = {
  Pending: { state: 'Pending', ...ABOUT }, Syncing: { state: 'Syncing', startedAt: ABOUT.updatedAt, attempt: 1, ...ABOUT },
  Synced: { state: 'Synced', syncedAt: ABOUT.updatedAt, version: 1, nativeArn: 'arn:aws:x', ...ABOUT }, Failed: failed('Internal'),
  Skipped: { state: 'Skipped', reason: 'an adapter has words of its own', ...ABOUT }, NotConfigured: { state: 'NotConfigured', ...ABOUT },
};
/** As events hold it: every placeholder filled. */
const filled = (words: string): string => words.replaceAll('{...}', 'one and two').replaceAll('{}', 'group/grp_1');

describe('what makes a state go', () => {
  it.each(SYNC_STATES)('is said of every state that is not Synced, also where its words are not ours: %s', (name) => {
    const shown = shownSyncState(OF_STATE[name]);
    expect(syncStateSchema.parse(shown)).toEqual(shown);
    if (name === 'Synced') expect(shown).toBe(OF_STATE.Synced);
    else expect(shown).toMatchObject({ hint: expect.stringMatching(/^[A-Z].{20,}\.$/s) as string });
  });

  it.each(SYNC_ERROR_CODES)('is said of every error code, tried again or not: %s', (code) => {
    expect(Object.values(SYNC_ERROR_HELP[code]).every((text) => /^[A-Z].+\.$/s.test(String(text)))).toBe(true);
    expect(hintOf(failed(code))).toContain(SYNC_ERROR_HELP[code].remedy);
    expect(hintOf(failed(code, { retryable: true, nextRetryAt: ABOUT.updatedAt }))).toContain(SYNC_ERROR_HELP[code].byItself ?? SYNC_ERROR_HELP[code].remedy);
    expect(hintOf(failed(code, { retryable: true, retryCount: 8 }))).toMatch(/^All of its 9 tries are used up\. .*retry/s);
  });

  it.each(Object.keys(REASON_HELP))('is said of every reason, and of that one: %s', (words) => {
    const text = filled(words);
    expect(knownReason(text)).toMatchObject({ words, remedy: expect.stringMatching(/^[A-Z].+\.$/s) as string, said: words.match(/\{(?:\.\.\.)?\}/g)?.map(filled) ?? [] });
    expect(hintOf({ state: 'Skipped', reason: text, ...ABOUT })).toBe(REASON_HELP[words as keyof typeof REASON_HELP]);
  });

  it('is what the words of a conflict ask for, not what its code does', () => {
    expect(hintOf(failed('Conflict', { message: 'the name is taken by something else that WAMI manages' }))).toMatch(/^Rename one of the two: no strategy overrides this/);
  });

  it('goes with a reason, also where only its turn has to come', () => {
    expect(shownSyncState(OF_STATE.Pending)).toMatchObject({ reason: IN_LINE });
    expect(shownSyncState<SyncState>({ ...OF_STATE.Pending, reason: 'waiting for group/grp_1' } as SyncState)).toMatchObject({ reason: 'waiting for group/grp_1' });
    expect(knownReason('something that nobody says')).toBeUndefined();
  });
});
