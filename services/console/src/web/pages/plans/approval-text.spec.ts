import { budgetText, losesText, removalsText } from './approval-text';

describe('what the guard holds', () => {
  it('is told by what each loses, and by what is allowed', () => {
    expect([losesText({ removes: ['thing'], more: 0 }), losesText({ removes: ['groups:grp_1', 'policies:pol_1'], more: 0 }), losesText({ removes: ['groups:grp_1'], more: 3 })])
      .toEqual(['is deleted', 'loses groups:grp_1, policies:pol_1', 'loses groups:grp_1 and 3 more']);
    expect([budgetText({ kind: 'user', allowed: 5, taken: 0, asked: 7 }), budgetText({ kind: 'user', allowed: 5, taken: 2, asked: 7 })])
      .toEqual(['7 of kind user would lose something or go; the guard allows 5 within 24 hours.', '7 of kind user would lose something or go, beside 2 that did already; the guard allows 5 within 24 hours.']);
    expect([removalsText(1), removalsText(2)]).toEqual(['1 removal', '2 removals']);
  });
});
