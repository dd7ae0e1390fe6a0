import { fold } from './reader';
import type { Scenario } from './scenario';

export interface Verdict {
  readonly events: number;
  /** Committed, and never an effect. */
  readonly lost: number;
  /** Effects beyond the first of an event. */
  readonly duplicated: number;
  /** Effects of a stream that did not follow their predecessor. */
  readonly order: number;
  /** Streams whose read model is not the fold of the log. */
  readonly differing: number;
}

interface Row {
  id: string;
  stream: string;
  version: number;
}

/** Compares the effects with the table, which holds what was committed and nothing else. */
export async function judge({ pool, store, readerSchema }: Scenario): Promise<Verdict> {
  const log = await rowsOf(`SELECT event_id AS id, stream_id AS stream, version FROM ${store.schema}.events ORDER BY stream_id, version`);
  const effects = await rowsOf(`SELECT event_id AS id, stream_id AS stream, version FROM ${readerSchema}.effects ORDER BY seq`);
  const { rows: model } = await pool.query<{ stream_id: string; fold: string }>(`SELECT * FROM ${readerSchema}.model`);
  const seen = new Set(effects.map(({ id }) => id));
  const pure = foldAll(log);
  const kept = new Map(model.map((row) => [row.stream_id, row.fold]));
  return {
    events: log.length,
    lost: log.filter(({ id }) => !seen.has(id)).length,
    duplicated: effects.length - seen.size,
    order: outOfOrder(effects),
    differing: [...new Set([...pure.keys(), ...kept.keys()])].filter((stream) => pure.get(stream) !== kept.get(stream)).length,
  };

  async function rowsOf(sql: string): Promise<Row[]> {
    return (await pool.query<Row>(sql)).rows;
  }
}

/** A stream's own order is its versions; the log's order is what is under test. */
function foldAll(log: readonly Row[]): Map<string, string> {
  const states = new Map<string, string>();
  for (const event of log) states.set(event.stream, fold(states.get(event.stream), event));
  return states;
}

function outOfOrder(effects: readonly Row[]): number {
  const last = new Map<string, number>();
  let violations = 0;
  for (const { stream, version } of effects) {
    if (version !== (last.get(stream) ?? 0) + 1) violations++;
    last.set(stream, version);
  }
  return violations;
}
