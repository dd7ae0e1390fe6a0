import type { Binding } from '../bindings/binding';
import { askedAgainAfter, lookAfter, sentAfter, triedAfter, withUnknown } from './late-effects';

const NOW = 100_000;
const JUDGE = { now: NOW, sightMs: 20_000, visibilityMs: 60_000 };
const binding = (more: Partial<Binding>): Binding => ({ tried: {}, called: {}, presence: null, askedAgain: {}, lookAt: null, verifySince: null, ...more }) as Binding;

describe('names that may have been given', () => {
  const work = { binding: binding({ tried: { ann: 1_000, eve: 50_000 } }), triedBefore: { ann: 1_000 } };
  it('count from when the pass ended, for its calls may have waited for their turn', () => {
    expect(triedAfter(work, { is: 'failed' }, JUDGE)).toEqual({ ann: 1_000, eve: NOW });
  });
  it('do not grow by a pass that was refused or sent nothing', () => {
    expect(triedAfter(work, { is: 'failed', noNameGiven: true }, JUDGE)).toEqual({ ann: 1_000 });
    expect(triedAfter(work, { is: 'paused' }, JUDGE)).toEqual({ ann: 1_000 });
  });
});

describe('names that were asked for twice', () => {
  it('count from the first call where the second was answered, and are forgotten when that can come about no more', () => {
    const asked = askedAgainAfter({ askedAgain: { old: 80_000 } }, { triedBefore: { eve: 90_000 } }, { is: 'succeeded', askedAgain: 'eve' }, JUDGE);
    expect(asked).toEqual({ eve: 90_000 });
    expect(askedAgainAfter({ askedAgain: asked }, {}, { is: 'succeeded' }, { ...JUDGE, now: 110_000 })).toEqual({});
  });
  it('count from the second where nobody answered that either', () => {
    expect(askedAgainAfter({ askedAgain: {} }, { triedBefore: { eve: 90_000 } }, { is: 'failed', askedAgain: 'eve' }, JUDGE)).toEqual({ eve: NOW });
  });
});

describe('names by which a call was sent that nobody answered', () => {
  it('are kept beyond the thing, until that can come about no more', () => {
    const sent = sentAfter({ deletionSent: { old: 80_000 }, called: { old: 80_000 } }, { deletionSent: 'ann', called: ['bob', 'cy'] }, JUDGE);
    expect(sent).toEqual({ deletionSent: { ann: NOW }, called: { bob: NOW, cy: NOW } });
    expect(sentAfter(sent, {}, { ...JUDGE, now: 119_999 })).toEqual(sent);
    expect(sentAfter(sent, {}, { ...JUDGE, now: 120_000 })).toEqual({ deletionSent: {}, called: {} });
  });
});

describe('the later look', () => {
  it('comes after an attempt that nobody answered, once', () => {
    expect(lookAfter({ lookAt: null }, { lost: true, binding: binding({}) }, {}, JUDGE)).toBe(120_000);
    expect(lookAfter({ lookAt: null }, { lost: false, binding: binding({}) }, {}, JUDGE)).toBeNull();
    expect(lookAfter({ lookAt: 120_000 }, { lost: true, binding: binding({ lookAt: 120_000, verifySince: 121_000 }) }, {}, JUDGE)).toBeNull();
  });
  it('comes not where creations alone were sent, and could come about no more when this pass was claimed', () => {
    const after = (claimedAt: number, more: Partial<Binding> = {}): number | null =>
      lookAfter({ lookAt: null }, { lost: true, triedBefore: { ann: 10_000, eve: 30_000 }, binding: binding({ tried: { ann: 10_000, eve: claimedAt }, ...more }) }, {}, JUDGE);
    expect([after(50_001), after(50_000)]).toEqual([null, 120_000]);
    expect(after(60_000, { called: { eve: 45_000 } })).toBe(120_000);
    expect(after(60_000, { presence: { name: 'eve' } as Binding['presence'] })).toBe(120_000);
    expect(lookAfter({ lookAt: null }, { lost: true, binding: binding({ tried: { eve: 60_000 } }) }, {}, JUDGE)).toBe(120_000);
  });
  it('comes when what the provider did not know when it was to go can be seen', () => {
    const unknown = { inlinePolicies: ['read abc'] };
    expect(lookAfter({ lookAt: null }, { lost: false, binding: binding({}) }, { unknown }, JUDGE)).toBe(160_000);
    expect(withUnknown({ inlinePolicies: ['read abc', 'list def'], groups: ['grp_1'] }, { unknown })).toEqual({ inlinePolicies: ['read abc', 'list def'], groups: ['grp_1'] });
    expect(withUnknown({}, { unknown })).toEqual(unknown);
  });
  it('is not forgotten for what is done before', () => {
    expect(lookAfter({ lookAt: 120_000 }, { lost: false, binding: binding({ lookAt: 120_000 }) }, {}, JUDGE)).toBe(120_000);
    expect(lookAfter({ lookAt: 120_000 }, { lost: false, binding: binding({ lookAt: 120_000, verifySince: 90_000 }) }, {}, JUDGE)).toBe(120_000);
  });
});
