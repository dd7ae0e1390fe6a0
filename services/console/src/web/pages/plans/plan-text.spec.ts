import { countsText, guardText, stateAt, writesOf } from './plan-text';

describe('what is said of a plan', () => {
  it('are its counts, deletions first, and what agrees last', () => {
    expect(countsText({ none: 7, create: 2, delete: 1, skip: 0 })).toBe('1 to delete, 2 to create, 7 agree already');
    expect(countsText({})).toBe('nothing to do');
  });

  it('counts as written to what it would change in a cloud, and nothing else', () => expect(writesOf({ delete: 1, update: 2, adopt: 3, create: 4, conflict: 5, error: 6, wait: 7, skip: 8, none: 9 })).toBe(10));

  it('is over when its time is, unless it was applied', () => {
    const expiresAt = '2026-01-01T00:00:00.000Z';
    const at = (state: 'complete' | 'running' | 'applied', now: string): string => stateAt({ state, expiresAt }, Date.parse(now));
    expect([at('complete', '2025-12-31T23:59:59.999Z'), at('complete', expiresAt), at('running', expiresAt), at('applied', expiresAt)]).toEqual(['complete', 'expired', 'expired', 'applied']);
  });

  it('is an approval where it takes away more than the guard lets go', () => {
    const guard = { tenant: 'acme', kind: 'user', removes: 9, allowed: 5, taken: 1, held: 0 };
    expect(guardText(guard)).toBe('takes away 9 of kind user of acme, where the guard allows 5 within 24 hours (1 went already). To apply it approves that.');
    expect(guardText({ ...guard, taken: 0, held: 2 })).toContain('(2 wait for approval)');
  });
});
