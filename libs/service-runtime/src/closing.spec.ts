import { Closing } from './closing';

const failing = (message: string) => () => Promise.reject(new Error(message));

it('closes in the opposite order, once, also what comes after a failure, and tells the first', async () => {
  const closing = new Closing();
  const ended: string[] = [];
  closing.before(() => ended.push('pool'));
  closing.before(failing('store'));
  closing.before(failing('log'));
  await expect(closing.run()).rejects.toThrow('log');
  await closing.run();
  expect(ended).toEqual(['pool']);
});

it('closes what was opened before a failure, whose error comes out', async () => {
  const closing = new Closing();
  let open = true;
  await expect(closing.onFailure(async () => {
    closing.before(() => (open = false));
    closing.before(failing('closing'));
    return Promise.reject(new Error('opening'));
  })).rejects.toThrow('opening');
  expect(open).toBe(false);
});
