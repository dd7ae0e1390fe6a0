import type { Random } from '../seams';
import { nextSweepAt } from './next-sweep';
import type { Setter, SweepRow } from './sweep-table';

/** No sweep is planned any more; the row stays, since it counts the events of its stream. */
export const NEVER = Number.MAX_SAFE_INTEGER;
const NEW = { since: null, cursor: '', compared: 0, attempts: 0, events: 0 };

/** The rows that have to change so that every schedule that holds has its next time. Pure. */
export function plannedSweeps(setters: readonly Setter[], rows: readonly SweepRow[], now: number, random: Random): SweepRow[] {
  const wanted = new Map(setters.flatMap(({ tenant, schedule, concerned }) => (schedule !== null && concerned ? [[tenant, schedule] as const] : [])));
  const known = new Map(rows.map((row) => [row.tenant, row]));
  const planned = [...wanted].flatMap(([tenant, schedule]) => {
    const row = known.get(tenant);
    return row?.schedule === schedule && row.dueAt !== NEVER ? [] : [{ ...NEW, events: row?.events ?? 0, tenant, schedule, dueAt: nextSweepAt(schedule, now, random) }];
  });
  const ended = rows.filter(({ tenant, dueAt }) => dueAt !== NEVER && !wanted.has(tenant)).map((row) => ({ ...row, ...NEW, events: row.events, dueAt: NEVER }));
  return [...planned, ...ended];
}
