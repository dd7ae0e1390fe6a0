import { InvalidFault, NO_FAULTS } from './fault-plan';
import { Faults } from './faults';

const OPERATIONS = new Set(['CreateUser', 'GetUser']);
const call = (operation = 'CreateUser', ...subjects: string[]) => ({ operation, subjects, accessKeyId: 'AKIA' });
const kinds = (faults: Faults, times: number): unknown[] => Array.from({ length: times }, () => faults.judge(call()).fault);

describe('standing faults', () => {
  it('are none unless asked for', () => {
    expect(kinds(new Faults(1, OPERATIONS), 50)).toEqual(Array(50).fill(undefined));
  });

  it('are the same for the same seed and near their rate', () => {
    const plan = { throttle: 0.1, errors: 0.1, lostAnswers: 0.1 };
    const first = kinds(new Faults(7, OPERATIONS, plan), 5_000);
    expect(kinds(new Faults(7, OPERATIONS, plan), 5_000)).toEqual(first);
    expect(kinds(new Faults(8, OPERATIONS, plan), 5_000)).not.toEqual(first);
    expect(first.filter((kind) => kind === 'throttle').length).toBeGreaterThan(350);
    expect(first.filter((kind) => kind === 'throttle').length).toBeLessThan(650);
    expect(first.filter((kind) => kind === 'lost-answer').length).toBeGreaterThan(280);
  });

  it('change one by one, and end together', () => {
    const faults = new Faults(1, OPERATIONS, { throttle: 1 });
    faults.set({ latencyMs: [5, 6] });
    expect(faults.judge(call())).toEqual({ fault: 'throttle', latencyMs: expect.any(Number) });
    expect(faults.get()).toEqual({ ...NO_FAULTS, throttle: 1, latencyMs: [5, 6] });
    expect(faults.injected()).toEqual({ throttle: 1 });
    faults.at(1, 'error');
    faults.reset();
    expect(faults.judge(call())).toEqual({ latencyMs: 0 });
  });

  it('say of reads whether they are stale at a rate of their own, which shifts no other luck', () => {
    const plan = { throttle: 0.1, staleReads: 0.5 };
    const faults = new Faults(7, OPERATIONS, plan);
    const stale = Array.from({ length: 1_000 }, () => faults.readIsStale()).filter(Boolean).length;
    expect([stale > 400, stale < 600]).toEqual([true, true]);
    expect(kinds(faults, 1_000)).toEqual(kinds(new Faults(7, OPERATIONS, plan), 1_000));
  });

  it('refuse some operations and some keys', () => {
    const faults = new Faults(1, OPERATIONS, { accessDenied: ['CreateUser'] });
    expect(faults.judge(call()).fault).toBe('access-denied');
    expect(faults.judge(call('GetUser')).fault).toBeUndefined();
    faults.set({ revokedAccessKeys: ['AKIA'] });
    expect(faults.judge(call('GetUser')).fault).toBe('credentials-rejected');
  });
});

describe('scripted faults', () => {
  it('meet the calls that match, as often as told, before the standing ones', () => {
    const faults = new Faults(1, OPERATIONS, { throttle: 1 });
    faults.next({ operation: 'CreateUser', subject: 'Ann', kind: 'lost-answer', times: 2 });
    expect(faults.judge(call('GetUser', 'ann')).fault).toBe('throttle');
    expect(faults.judge(call('CreateUser', 'bob')).fault).toBe('throttle');
    expect(faults.judge(call('CreateUser', 'ann')).fault).toBe('lost-answer');
    expect(faults.pending()).toEqual([expect.objectContaining({ subject: 'Ann', times: 1 })]);
    expect(faults.judge(call('CreateUser', 'ANN')).fault).toBe('lost-answer');
    expect(faults.judge(call('CreateUser', 'ann')).fault).toBe('throttle');
  });

  it('meet the n-th call from now', () => {
    const faults = new Faults(1, OPERATIONS);
    faults.at(3, 'timeout');
    faults.at(1, 'error');
    expect(kinds(faults, 4)).toEqual(['error', undefined, 'timeout', undefined]);
    expect(faults.pending()).toEqual([]);
  });
});

describe('a wrong description', () => {
  it.each([
    { throttle: 1.1 }, { errors: -0.1 }, { lostAnswers: 'all' }, { latencyMs: [5, 1] }, { latencyMs: [0, 60_001] }, { accessDenied: ['CreateUsers'] },
    { credentials: 'no' }, { eventualConsistencyMs: 600_001 }, { staleReads: 1.1 }, { trottle: 0.5 }, [], null,
  ])('%j is refused and changes nothing', (plan) => {
    const faults = new Faults(1, OPERATIONS, { throttle: 0.5 });
    expect(() => faults.replace(plan)).toThrow(InvalidFault);
    expect(faults.get()).toEqual({ ...NO_FAULTS, throttle: 0.5 });
  });

  it('of a scripted fault is refused, and so are more than a thousand', () => {
    const faults = new Faults(1, OPERATIONS);
    expect(() => faults.at(0, 'error')).toThrow(InvalidFault);
    expect(() => faults.next({ kind: 'error', operation: 'Nothing' })).toThrow(InvalidFault);
    for (let index = 0; index < 1_000; index += 1) faults.at(1, 'error');
    expect(() => faults.next({ kind: 'error' })).toThrow('at most 1000');
  });
});
