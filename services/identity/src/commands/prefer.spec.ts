import { preferredWait } from './prefer';

describe('Prefer', () => {
  it.each([
    [undefined, undefined], ['wait=10', 10], ['wait = 5', 5], ['respond-async, wait=7', 7], ['WAIT=3; foo', 3], ['wait="4"', 4], ['wait=0', 0], ['wait=3600', 60],
    ['wait', undefined], ['wait=-1', undefined], ['wait=soon', undefined], ['await=5', undefined], ['return=minimal', undefined],
  ])('%j asks to wait %j seconds', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });
});
