import type { EngineDatabase } from '../database/engine-database';
import { noMetrics } from '../metrics';
import { PauseBook } from './pause-book';
import type { KnownPause } from './standing-pauses';

const NOW = 1_000;
const BINDING = { tenant: 'acme', account: '1', resource: 'usr_1' };
const PAUSE: KnownPause = { id: 'pau_1', tenant: 'acme', startedAt: NOW };

/** A book whose database answers when it is told to. */
function opened(): { readonly book: PauseBook; readonly answer: (rows: readonly object[]) => void } {
  let answer: (rows: readonly object[]) => void = () => undefined;
  const query = (): Promise<{ rows: readonly object[] }> => new Promise((resolve) => {
    answer = (rows) => resolve({ rows });
  });
  const db = { provider: 'aws', pool: { query }, table: () => 'engine_pauses' } as unknown as EngineDatabase;
  const clock = { now: () => NOW, sleep: () => Promise.resolve() };
  return { book: new PauseBook(db, clock, noMetrics), answer: (rows) => answer(rows) };
}

describe('the pauses that a process knows', () => {
  it('hold before their fold is committed, whatever is read meanwhile', async () => {
    const { book, answer } = opened();
    book.expect([PAUSE]);
    expect(book.holding(BINDING)).toBe(PAUSE);
    const refreshed = book.refresh();
    answer([]);
    await refreshed;
    expect(book.holding(BINDING)).toBe(PAUSE);
    book.folded(true);
    expect(book.holding(BINDING)).toBe(PAUSE);
  });

  it('are not forgotten for what was read before the commit and arrives after it', async () => {
    const { book, answer } = opened();
    book.expect([PAUSE]);
    const refreshed = book.refresh();
    book.folded(true);
    answer([]);
    await refreshed;
    expect(book.holding(BINDING)).toBe(PAUSE);
  });

  it('are forgotten where the fold came to nothing, and where they are ended', async () => {
    const { book, answer } = opened();
    book.expect([PAUSE]);
    book.folded(false);
    expect(book.holding(BINDING)).toBeUndefined();
    book.replace([PAUSE]);
    expect(book.holding(BINDING)).toBe(PAUSE);
    const refreshed = book.refresh();
    answer([]);
    await refreshed;
    expect(book.holding(BINDING)).toBeUndefined();
  });
});
