import type { RecordedEvent } from '@wami/contracts';
import { DatabaseError, type ClientBase } from 'pg';
import { BEHIND, Sieve } from './sieve';
import { Failing, singleOut } from './single-out';

const event = (id: string, key = id): RecordedEvent => ({ id, key, source: 'identity' }) as RecordedEvent;
const refused = (code: string, message = 'refused'): DatabaseError => Object.assign(new DatabaseError(message, 0, 'error'), { code });

/** Folds into memory what a transaction would keep: what was rolled back is gone. */
class Table {
  kept: string[] = [];
  private savepoints: string[][] = [];
  readonly client = {
    query: (text: string) => {
      if (text.startsWith('SAVEPOINT')) this.savepoints.push([...this.kept]);
      else if (text.startsWith('ROLLBACK TO')) this.kept = this.savepoints.pop() ?? [];
      else this.savepoints.pop();
      return Promise.resolve();
    },
  } as unknown as ClientBase;

  fold = (poison: readonly string[], error: Error) => (events: readonly RecordedEvent[]): Promise<void> => {
    for (const { id } of events) {
      if (poison.includes(id)) return Promise.reject(error);
      this.kept.push(id);
    }
    return Promise.resolve();
  };
}

it('parks what alone is refused, and what is behind it in its line; all else is folded once and in its order', async () => {
  const table = new Table();
  const sieve = new Sieve((one) => one);
  const events = [event('a', 'x'), event('b', 'x'), event('c', 'y'), event('d', 'x'), event('e', 'y'), event('f', 'z')];
  await singleOut(table.client, sieve, events, table.fold(['b', 'f'], refused('22P02', 'invalid input syntax for type uuid: "ann"')));
  expect(table.kept).toEqual(['a', 'c', 'e']);
  expect(sieve.parked.map((parked) => [parked.event.id, parked.reason])).toEqual([['b', 'error: invalid input syntax for type uuid: "…"'], ['d', BEHIND], ['f', 'error: invalid input syntax for type uuid: "…"']]);
});

it('parks nothing where the database is away, full or in the way of somebody else', async () => {
  for (const code of ['08006', '53100', '40P01', '57P01']) {
    const sieve = new Sieve((one) => one);
    await expect(singleOut(new Table().client, sieve, [event('a')], new Table().fold(['a'], refused(code)))).rejects.toMatchObject({ code });
    expect(sieve.parked).toEqual([]);
  }
});

it('takes a batch for spoilt when it failed three times in a row for what its events say', () => {
  const failing = new Failing();
  const fail = (id: string, error: Error): void => failing.failed([event(id)], error);
  for (const error of [new Error('no'), refused('23505'), refused('08006')]) fail('a', error);
  expect(failing.isSpoilt([event('a')])).toBe(false);
  fail('a', new Error('no'));
  expect([failing.isSpoilt([event('a')]), failing.isSpoilt([event('b')])]).toEqual([true, false]);
  failing.passed();
  expect(failing.isSpoilt([event('a')])).toBe(false);
});
