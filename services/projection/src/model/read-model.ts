import type { WamiEvent } from '@wami/contracts';
import type { Rows } from './rows';
import type { AnyTable } from './table';

/** An event with the number under which it was taken in. */
export type Ingested = WamiEvent & { readonly seq: number };

/** A fold of events into tables. Events of one key come in order; those of different keys may come in any order and lead to the same rows. */
export interface ReadModel {
  readonly name: string;
  /** Raised whenever the tables or the fold change: the model is then rebuilt beside the running one. */
  readonly version: number;
  readonly tables: readonly AnyTable[];
  /** Types of the events that it handles. */
  readonly types: ReadonlySet<string>;
  /** Folds a whole batch, all of them handled types, and writes what came of it. */
  apply(rows: Rows, events: readonly Ingested[]): Promise<void>;
  /**
   * For models that a rebuild can write key by key, each row once: `first` are the types whose rows all others rest on; they are
   * folded before, and their tables (`resident`) are held in memory meanwhile.
   */
  readonly byKey?: { readonly first: ReadonlySet<string>; readonly resident: readonly AnyTable[] };
}
