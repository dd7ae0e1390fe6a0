import type { Quarantine } from './quarantine';
import { GATHER_MS, Room } from './room';

const room = ({ full = false, closed = false, held = 0, returnable = 0, waitingOfLane1 = 0, perSecond = 100, claims = 9 }): Room => {
  let now = 0;
  const made = new Room({
    clock: { now: () => now, sleep: () => Promise.resolve() }, quarantine: { activeUntil: undefined, probing: false } as Quarantine, concurrency: () => 10, perSecond: () => perSecond,
    held: () => held, returnable: () => returnable, waitingOfLane1: () => waitingOfLane1, full: () => full, closed: () => closed,
  });
  for (let claim = 0; claim < claims; claim++) made.claiming();
  now = GATHER_MS;
  return made;
};
const of = (state: Parameters<typeof room>[0]): [now: number, forPeople: number] => {
  const { now, forPeople } = room(state);
  return [now, forPeople];
};

describe('the room for claims', () => {
  it('is everybody’s; people have some left where sweeps took it', () => {
    expect(of({ held: 1 })).toEqual([59, 0]);
    expect(of({ held: 60, waitingOfLane1: 50 })).toEqual([0, 10]);
  });

  it('is that of the workers after a rest, and doubles with each claim', () => {
    expect([of({}), of({ held: 10, claims: 1 }), of({ held: 20, claims: 2 }), of({ held: 40, claims: 3 })].map(([now]) => now)).toEqual([10, 10, 20, 20]);
  });

  it('has too much in it once the target turns out to allow less', () => {
    expect(room({ held: 60, returnable: 50 }).isOverfull).toBe(false);
    expect(room({ held: 60, returnable: 50, perSecond: 10 }).isOverfull).toBe(true);
    expect(room({ held: 30, returnable: 20, perSecond: 10 }).isOverfull).toBe(false);
    expect(room({ held: 60, returnable: 50, perSecond: 10, closed: true }).isOverfull).toBe(false);
  });

  it('is people’s alone while as many of sweeps as may wait for a listing', () => {
    expect(of({ full: true, held: 1 })).toEqual([0, 59]);
    expect(of({ full: true, closed: true })).toEqual([0, 0]);
  });
});
