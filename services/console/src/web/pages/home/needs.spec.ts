import { needsOf, sentenceOf } from './needs';

const none = { drift: 0, approvals: 0, most: 100 };
const titles = (...given: Parameters<typeof needsOf>): string[] => needsOf(...given).map(({ title }) => title);

describe('what needs somebody', () => {
  it('is one thing for each cause, however many resources it is about, and drift and approvals once each', () => {
    const errors = [{ code: 'AccessDenied' as const, count: 12 }, { code: 'Conflict' as const, count: 1 }];
    expect(titles({ errors }, { drift: 100, approvals: 1, most: 100 })).toEqual([
      '12 resources fail with AccessDenied', '1 resource fails with Conflict', '100 or more resources were changed in a cloud', '1 removal waits for approval',
    ]);
    expect(sentenceOf(needsOf({ errors }, none))).toBe('2 things need you');
  });

  it('is said to be nothing where it is', () => {
    expect(sentenceOf(needsOf({ errors: [] }, none))).toBe('Nothing needs you');
    expect(sentenceOf(needsOf({ errors: [{ code: 'Timeout', count: 3 }] }, none))).toBe('1 thing needs you');
  });
});
