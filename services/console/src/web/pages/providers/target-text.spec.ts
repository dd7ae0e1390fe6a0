import { abilitiesText, agreementText, checkText, holdsText, limitsText } from './target-text';

const kind = { kind: 'user', supported: true, rename: false, tags: false, facets: [], bounded: false };

describe('what is said of a target', () => {
  it('is never a whole number where something does not agree', () => {
    expect(agreementText({ rate: 0.99996, synced: 24_999, failed: 1, objective: 0.99 })).toBe('24999 of 25000 agree (99.9 %, where 99 % should).');
    expect(agreementText({ synced: 0, failed: 0, objective: 0.99 })).toBe('Nothing has settled here yet.');
  });

  it('names the kinds that it cannot hold, and what can be done with one that it can', () => {
    expect(holdsText([kind, { ...kind, kind: 'policy', supported: false }])).toBe('Holds 1 of 2 kinds; not policy.');
    expect(holdsText([kind])).toBe('Holds all 1 kinds.');
    expect(abilitiesText({ ...kind, rename: true, facets: ['members'], bounded: true })).toBe('renamed in place, members, permissions boundary');
  });

  it('is what came of a check, in the words of the provider where it gave some, and what to do about it', () => {
    expect(checkText('ok', { credentials: { type: 'static', principal: 'arn:aws:iam::1:user/wami', expiresSoon: false } })).toEqual({ came: 'Our credentials are taken: we are arn:aws:iam::1:user/wami.' });
    expect(checkText('AuthExpired', { reason: 'the token is over' })).toEqual({ came: 'AuthExpired: the token is over', remedy: expect.stringContaining('Renew the credentials') as string });
    expect(checkText('NetworkError', { reason: 'of something else' })).toMatchObject({ came: expect.stringContaining('could not be reached') as string, remedy: expect.stringContaining('proxy') as string });
    expect(checkText('not-connected', { reason: 'there is no connection for aws/5' })).toMatchObject({ came: 'No connection can be used: there is no connection for aws/5.' });
  });

  it('tells of a limit only where there is one', () => expect([limitsText({ concurrency: 32 }), limitsText({ concurrency: 8, requestsPerSecond: 20 })]).toEqual(['32 at a time', '8 at a time, 20 calls a second at most']));
});
