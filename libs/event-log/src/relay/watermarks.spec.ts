import type { LogPosition } from '@wami/contracts';
import { eventually } from '@wami/testing';
import { Watermarks } from './watermarks';

const HOUR_MS = 3_600_000;

afterEach(() => jest.restoreAllMocks());

it('goes on when the clock that was ahead is set right', async () => {
  const told: LogPosition[] = [];
  const marks = new Watermarks({ watermark: (position) => Promise.resolve(void told.push(position)), probe: () => Promise.resolve() });
  const right = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(right + HOUR_MS);
  await marks.send('1.1');
  clock.mockReturnValue(right);
  await eventually(async () => expect(await marks.send('1.2')).toBe(0));
  expect(told).toEqual(['1.1', '1.2']);
});
