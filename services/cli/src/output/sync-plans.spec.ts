import { guardSentencesOf } from './sync-plans';

const over = { provider: 'aws', account: '1', tenant: 'acme', kind: 'user', removes: 12, allowed: 8, taken: 0, held: 0 };

describe('what the guard would hold', () => {
  it('is said by target, tenant and kind, with what counts beside it', () =>
    expect(guardSentencesOf({ guard: [over, { ...over, taken: 3, held: 2 }] })).toEqual([
      'aws/1: the guard of acme allows 8 of kind user to be taken away within 24 hours, this is 12: to apply it approves it.',
      'aws/1: the guard of acme allows 8 of kind user to be taken away within 24 hours, this is 12 (3 went already, 2 wait for approval): to apply it approves it.',
    ]));
  it('is nothing where all is allowed', () => expect(guardSentencesOf({ guard: [] })).toEqual([]));
});
