import { MessageChannel } from 'node:worker_threads';
import { KeysUnavailable } from '@wami/event-store';
import { StartupError } from '@wami/platform';
import { Dialogue, type Answers } from './dialogue';

type Other = {
  double(number: number): Promise<number>;
  fail(error: string): void;
  never(nothing: null): Promise<void>;
};

describe('two sides of a thread', () => {
  const { port1, port2 } = new MessageChannel();
  const failures: Readonly<Record<string, Error>> = { startup: new StartupError('the file is broken'), keys: new KeysUnavailable('nobody answers'), other: new TypeError('a mistake') };
  const mine = new Dialogue<Other>(port1, {});
  const theirs: Answers = {
    double: (number: number) => Promise.resolve(number * 2),
    fail: (name: string) => { throw failures[name] ?? new Error(name); },
    never: () => new Promise(() => undefined),
  };
  void new Dialogue(port2, theirs);
  afterAll(() => port1.close());

  it('an answer goes to who asked, also when many ask', async () => {
    expect(await Promise.all([1, 2, 3].map((number) => mine.ask('double', number, 1_000)))).toEqual([2, 4, 6]);
  });

  it.each(['startup', 'keys'])('the class and the words of an error that callers tell apart arrive: %s', async (name) => {
    const thrown = await mine.ask('fail', name, 1_000).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(failures[name]?.constructor);
    expect((thrown as Error).message).toBe(failures[name]?.message);
  });

  it('any other error arrives as one, with its words', async () => {
    await expect(mine.ask('fail', 'other', 1_000)).rejects.toThrow('a mistake');
  });

  it('what is not answered in time is an error that names it', async () => {
    await expect(mine.ask('never', null, 20)).rejects.toThrow('has not answered "never" within 20 ms');
  });

  it('who waits is told when the other side is gone, and who asks later too', async () => {
    const waiting = mine.ask('never', null, 60_000);
    mine.end(new Error('it is gone'));
    await expect(waiting).rejects.toThrow('it is gone');
    await expect(mine.ask('double', 1, 1_000)).rejects.toThrow('it is gone');
  });
});
