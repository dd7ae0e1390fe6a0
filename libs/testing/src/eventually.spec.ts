import { eventually } from './eventually';

describe('eventually', () => {
  it('resolves with the first result that holds', async () => {
    let calls = 0;
    await expect(eventually(() => (++calls < 3 ? false : `call ${calls}`), { intervalMs: 1 })).resolves.toBe('call 3');
  });

  it('takes the undefined of a passing assertion for success', async () => {
    let calls = 0;
    await eventually(() => expect(++calls).toBe(3), { intervalMs: 1 });
    expect(calls).toBe(3);
  });

  it('fails with the last failure and what was awaited', async () => {
    const failing = eventually(() => Promise.reject(new Error('no user ann')), { timeoutMs: 5, intervalMs: 1, describe: 'the user' });
    await expect(failing).rejects.toThrow('the user did not hold within 5 ms: no user ann');
  });

  it('fails in time when an attempt hangs', async () => {
    const hanging = eventually(() => new Promise<never>(() => undefined), { timeoutMs: 5 });
    await expect(hanging).rejects.toThrow('the last attempt hangs');
  });
});
