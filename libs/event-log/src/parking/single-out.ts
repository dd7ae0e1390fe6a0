import type { RecordedEvent } from '@wami/contracts';
import { InvalidAppend } from '@wami/event-store';
import { DatabaseError, type ClientBase } from 'pg';
import type { Sieve } from './sieve';

/** A batch fails so often as a whole before the event that spoils it is looked for. */
const TRIES = 3;
/** Classes of errors that say nothing about the rows: connection, resources, intervention, transaction rollback, system. */
const PASSING = new Set(['08', '25', '40', '53', '55', '57', '58', 'XX']);

/** Whether the fold, or PostgreSQL on seeing its rows, refused; not a connection, a lock or a limit. */
export function isOfTheEvents(error: unknown): boolean {
  if (error instanceof DatabaseError) return !PASSING.has((error.code ?? '').slice(0, 2));
  return error instanceof InvalidAppend || (error instanceof Error && !('code' in error));
}

/** How often the batch that is tried now has failed because of what its events say. */
export class Failing {
  private first = '';
  private times = 0;

  /** Whether the event that spoils it is to be looked for. */
  isSpoilt([first]: readonly RecordedEvent[]): boolean {
    return this.times >= TRIES && this.first === first?.id;
  }

  failed([first]: readonly RecordedEvent[], error: unknown): void {
    if (!isOfTheEvents(error)) return;
    const id = first?.id ?? '';
    this.times = this.first === id ? this.times + 1 : 1;
    this.first = id;
  }

  passed(): void {
    this.times = 0;
  }
}

/**
 * Folds the events, and where that is refused halves them until single events are left, which are parked. Order is kept: the first half is done before
 * the second. Each part is folded whole or not at all. @throws what is not of the events
 */
export async function singleOut<E extends RecordedEvent>(client: ClientBase, sieve: Sieve<E>, events: readonly RecordedEvent[], fold: (events: readonly E[]) => Promise<void>): Promise<void> {
  const open = sieve.sift(events);
  const [first] = open;
  if (!first) return;
  await client.query('SAVEPOINT part');
  try {
    await fold(open);
    await client.query('RELEASE SAVEPOINT part');
  } catch (error) {
    if (!isOfTheEvents(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT part');
    if (open.length === 1) return void sieve.park(first, reasonOf(error));
    const middle = Math.ceil(open.length / 2);
    await singleOut(client, sieve, open.slice(0, middle), fold);
    await singleOut(client, sieve, open.slice(middle), fold);
  }
}

/** PostgreSQL quotes what it was given, and that may be about a person. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const [line = ''] = error.message.split('\n');
  return `${error.name}: ${error instanceof DatabaseError ? line.replaceAll(/"[^"]*"/g, '"…"') : line}`.slice(0, 500);
}
