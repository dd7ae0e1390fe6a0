import type { Target } from '@wami/contracts';
import type { Ingested } from '../model/read-model';
import type { Rows } from '../model/rows';
import type { Table } from '../model/table';

/** What of a key was made with a secret that is told once, and what each target made of it. */
interface IssuedRow {
  readonly id: string;
  readonly issued: readonly Target[];
}

/** The fold of a kind whose events have its id as their key, those of the engines too. */
export function foldById<R extends IssuedRow, E extends Ingested>(table: Table<R>, unheardOf: (event: E) => R, evolve: (row: R, event: E) => R) {
  return async (rows: Rows, events: readonly Ingested[]): Promise<void> => {
    const heard = events as readonly E[];
    const found = new Map((await rows.find(table, 'id', [...new Set(heard.map(({ key }) => key))])).map((row) => [row.id, row]));
    for (const event of heard) found.set(event.key, evolve(found.get(event.key) ?? unheardOf(event), event));
    await rows.put(table, [...found.values()]);
  };
}

/** With what one target made, in place of what it made before; without that where nothing can be read of it. */
export function withMade<I extends Target>(issued: readonly I[], { provider, account }: Target, made: I | undefined): I[] {
  return [...issued.filter((one) => one.provider !== provider || one.account !== account), ...(made === undefined ? [] : [made])];
}
