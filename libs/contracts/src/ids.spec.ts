import { attachmentId, idFrom, membershipId } from './ids';

const random = new Uint8Array(10).fill(255);

describe('ids', () => {
  it('are prefixed by what they name and 26 characters long', () => {
    expect(idFrom('user', 0, new Uint8Array(10))).toBe(`usr_${'0'.repeat(26)}`);
    expect(idFrom('group', Date.UTC(2026, 0, 1), random)).toMatch(/^grp_[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  it('sort by their time', () => {
    const times = [0, 1, 31, 32, 1_000, 1_700_000_000_000, 1_700_000_000_001];
    const ids = times.map((time) => idFrom('user', time, random));
    expect([...ids].sort()).toEqual(ids);
  });

  it('use all ten random bytes', () => {
    const ids = new Set(Array.from({ length: 10 }, (_, i) => idFrom('user', 0, Uint8Array.from({ length: 10 }, (_unused, at) => (at === i ? 1 : 0)))));
    expect(ids.size).toBe(10);
  });

  it('are not made of too little randomness', () => {
    expect(() => idFrom('user', 0, new Uint8Array(9))).toThrow(RangeError);
  });

  it('name a membership by its two ends, so that adding it twice names the same stream', () => {
    expect(membershipId('grp_A', 'usr_B')).toBe('mem_A_B');
  });

  it('name an attachment by its policy and the whole id of its owner, which may be of several kinds', () => {
    expect(attachmentId('pol_A', 'usr_B')).toBe('att_A_usr_B');
    expect(attachmentId('pol_A', 'grp_B')).not.toBe(attachmentId('pol_A', 'usr_B'));
  });
});
