import { hintOf, IN_LINE, shownSyncState, SYNC_ERROR_HELP } from './sync-help';
import { agreesOtherwise, knownReason, REASON_HELP, reasonOfMany } from './sync-reasons';
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
/** What differs in these is no id: a kind, an operation, parts. */
const OF_FEW = /would \{\}$|^the provider cannot hold|all else is$|^\{\.\.\.\} of names/;
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

  it.each([
    ['not related to group/grp_1 and 2 more, for that is Skipped at this target; all else is as it is to be', 'not related to …, for that is Skipped at this target; all else is as it is to be'],
    ['its policies are not there, for the adapter cannot hold them; held by the guard: apr_1', 'its … are not there, for the adapter cannot hold them; held by the guard: …'],
    ['user/usr_1, to which it belongs, is Skipped at this target', '…, to which it belongs, is Skipped at this target'],
    ['its policies are not there, for the adapter cannot hold them; all else is', 'its policies are not there, for the adapter cannot hold them; all else is'],
    ['the provider cannot hold a role', 'the provider cannot hold a role'], ['connection is in observe mode: would update', 'connection is in observe mode: would update'],
    ["the user's group 'd'arc, joan' isn't one of 'dev ops'", "the user's group … isn't one of …"],
    ['more than 6144 characters: "ann smith", ann@example.com and 123456789012', 'more than 6144 characters: …, … and …'],
  ])('is counted by what many have in common: %s', (reason, ofMany) => {
    expect(reasonOfMany(reason)).toBe(ofMany);
    expect(reasonOfMany(ofMany)).toBe(ofMany);
    expect(agreesOtherwise(reason)).toBe(/all else is/.test(reason));
    expect(hintOf({ state: 'Skipped', reason: ofMany, ...ABOUT })).toBe(hintOf({ state: 'Skipped', reason, ...ABOUT }));
  });

  it.each(Object.keys(REASON_HELP))('leaves no id of a reason where many are counted: %s', (words) => {
    expect(reasonOfMany(words.replaceAll('{...}', 'usr_00001 and usr_00002').replaceAll('{}', 'grp_00001'))).toMatch(OF_FEW.test(words) ? /_0000/ : /^(?!.*_0000)/);
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
