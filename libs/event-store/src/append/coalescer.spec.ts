import { OutcomeUnknown, UnknownOutcome } from '../errors';
import { create, key, update } from '../spec-support/appends';
import { Coalescer } from './coalescer';
import { appended, prepareAppend, recordedEvents, type PreparedAppend } from './prepared-append';

const prepare = (append: Parameters<typeof prepareAppend>[0]) => prepareAppend(append, () => 'evt_1');

function answer(prepared: PreparedAppend) {
  return appended(prepared, recordedEvents(prepared, { source: 'identity', tx: '1', positions: ['1'], time: '2026-01-01T00:00:00.000Z' }));
}

/** A coalescer that tells which groups it made. */
function recorder(failure?: Error) {
  const groups: string[][] = [];
  const coalescer = new Coalescer({
    together: (appends) => {
      groups.push(appends.map(({ append }) => append.stream));
      return failure ? Promise.reject(failure) : Promise.resolve(appends.map(answer));
    },
    alone: (prepared) => {
      groups.push([prepared.append.stream]);
      return Promise.resolve(answer(prepared));
    },
    wroteNothing: (error) => !(error instanceof OutcomeUnknown),
  });
  return { groups, coalescer };
}

it('what arrives in one turn goes together; what meets in a stream goes one after the other', async () => {
  const { groups, coalescer } = recorder();
  await Promise.all([create('a'), create('b'), update('a', 1), create('c')].map((append) => coalescer.submit(prepare(append))));
  expect(groups).toEqual([['a', 'b', 'c'], ['a']]);
});

it('a refused group is written one by one', async () => {
  const { groups, coalescer } = recorder(new Error('refused'));
  await Promise.all([create('a'), create('b')].map((append) => coalescer.submit(prepare(append))));
  expect(groups).toEqual([['a', 'b'], ['a'], ['b']]);
});

it('a lost connection is tried again only for commands with an idempotency key', async () => {
  const { groups, coalescer } = recorder(new OutcomeUnknown('gone'));
  const [a, b] = await Promise.allSettled([create('a'), create('b', { idempotency: key('k') })].map((append) => coalescer.submit(prepare(append))));
  expect(a).toMatchObject({ status: 'rejected', reason: expect.any(UnknownOutcome) });
  expect(b).toMatchObject({ status: 'fulfilled' });
  expect(groups).toEqual([['a', 'b'], ['b']]);
});

it('more than it may keep waiting is refused at once', async () => {
  const { coalescer } = recorder();
  const all = Array.from({ length: 10_001 }, (_, i) => coalescer.submit(prepare(create(`s_${i}`))));
  await expect(all.at(-1)).rejects.toMatchObject({ code: 'StoreOverloaded' });
  await Promise.all(all.slice(0, -1));
});

it('a closed one answers what it has and takes nothing more', async () => {
  const { coalescer } = recorder();
  const last = coalescer.submit(prepare(create('a')));
  await coalescer.close();
  await expect(last).resolves.toMatchObject({ outcome: 'appended' });
  await expect(coalescer.submit(prepare(create('b')))).rejects.toMatchObject({ code: 'StoreOverloaded' });
});
