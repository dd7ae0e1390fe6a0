import type { EventRow } from './event-row';
import { StreamReader } from './stream-reader';

const row = (stream: string): EventRow => ({ stream_id: stream }) as EventRow;

/** A reader that tells which streams were read together; a statement ends when it is told to. */
function recorder() {
  const groups: string[][] = [];
  const end: ((error?: Error) => void)[] = [];
  const reader = new StreamReader({
    read: (reads) => {
      groups.push(reads.map(({ stream }) => stream));
      return new Promise((resolve, reject) => end.push((error) => (error ? reject(error) : resolve(reads.map(({ stream }) => [row(stream)])))));
    },
    check: (rows) => {
      if (rows[0]?.stream_id === 'unreadable') throw new Error('unreadable');
      return rows.map(({ stream_id: id }) => ({ stream: id })) as never;
    },
  });
  return { groups, end, reader };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

it('reads what is asked for in one turn together, and each stream once', async () => {
  const { groups, end, reader } = recorder();
  const answers = Promise.all([reader.read('a'), reader.read('b'), reader.read('a'), reader.read('a', 1)]);
  await turn();
  end[0]?.();
  expect((await answers).map(([event]) => event?.stream)).toEqual(['a', 'b', 'a', 'a']);
  expect(groups).toEqual([['a', 'b', 'a']]);
});

it('nobody shares a statement with another scope, nor an answer', async () => {
  const groups: (readonly [string | undefined, readonly string[]])[] = [];
  const reader = new StreamReader({
    read: (reads, scope) => {
      groups.push([scope, reads.map(({ stream }) => stream)]);
      return Promise.resolve(reads.map(({ stream }) => (scope === 'acme' ? [row(stream)] : [])));
    },
    check: (rows) => rows as never,
  });
  const found = await Promise.all([reader.read('a', 1, 'acme'), reader.read('a', 1, 'other'), reader.read('b', 1, 'acme'), reader.read('a', 1)]);
  expect(found.map(({ length }) => length)).toEqual([1, 0, 1, 0]);
  expect(groups).toEqual([['acme', ['a', 'b']], ['other', ['a']], [undefined, ['a']]]);
});

it('who asks while a statement is on its way gets one of his own: it may not see what was committed since', async () => {
  const { groups, end, reader } = recorder();
  const first = reader.read('a');
  await turn();
  const second = reader.read('a');
  await turn();
  expect(groups).toEqual([['a'], ['a']]);
  end[0]?.();
  end[1]?.();
  await Promise.all([first, second]);
});

it('has at most three statements in flight; the rest goes together afterwards', async () => {
  const { groups, end, reader } = recorder();
  const answers: Promise<unknown>[] = [];
  for (const stream of ['a', 'b', 'c', 'd', 'e']) {
    answers.push(reader.read(stream));
    await turn();
  }
  expect(groups).toEqual([['a'], ['b'], ['c']]);
  end[1]?.();
  await turn();
  expect(groups.at(-1)).toEqual(['d', 'e']);
  for (const finish of end) finish();
  await Promise.all(answers);
});

it('a failed statement fails who asked, an unreadable event its own stream only, and later reads go on', async () => {
  const { end, reader } = recorder();
  const broken = reader.read('a');
  await turn();
  end[0]?.(new Error('connection lost'));
  await expect(broken).rejects.toThrow('connection lost');

  const [unreadable, good] = [reader.read('unreadable'), reader.read('b')];
  await turn();
  end[1]?.();
  await expect(unreadable).rejects.toThrow('unreadable');
  expect(await good).toHaveLength(1);
});
