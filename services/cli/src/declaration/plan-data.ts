import { stringify } from 'yaml';
import { csv } from '../output/csv';
import { jsonLine, type Format } from '../output/format';
import { describePlan, shortName, summaryOf } from './describe';
import type { Outcome } from './execute';
import type { Thing } from './model';
import { isLinking, type Plan, type PlannedChange } from './plan';

/** Prints the plan, or after it was applied what became of it, in the form that was asked for. */
export function printPlan(plan: Plan, format: Format, outcomes?: ReadonlyMap<PlannedChange, Outcome>): void {
  const text = render(plan, format, outcomes);
  if (text !== '') process.stdout.write(text);
}

function render(plan: Plan, format: Format, outcomes?: ReadonlyMap<PlannedChange, Outcome>): string {
  switch (format) {
    case 'table': return outcomes ? '' : describePlan(plan);
    case 'json': return `${JSON.stringify(dataOf(plan, outcomes), null, 2)}\n`;
    case 'yaml': return stringify(dataOf(plan, outcomes));
    case 'jsonl': return plan.changes.map((change) => `${jsonLine(changeData(change, outcomes?.get(change)))}\n`).join('');
    case 'csv': return `${csv(plan.changes.map((change) => changeData(change, outcomes?.get(change))))}\n`;
    case 'name': return plan.changes.map((change) => `${isLinking(change) ? `${shortName(change.of)} ${shortName(change.to)}` : shortName(change.thing)}\n`).join('');
    case 'none': return '';
  }
}

function dataOf({ declaration, changes, kept, foreign }: Plan, outcomes?: ReadonlyMap<PlannedChange, Outcome>): object {
  return {
    declaration, summary: summaryOf(changes), changes: changes.map((change) => changeData(change, outcomes?.get(change))),
    foreign: foreign.map(({ thing, fields, declaredBy }) => ({ ...thingData(thing), fields, ...(declaredBy === undefined ? {} : { declaredBy }) })),
    kept: kept.map(({ what, why }) => ({ ...('kind' in what ? thingData(what) : { of: thingData(what.of), to: thingData(what.to) }), why })),
  };
}

function changeData(change: PlannedChange, outcome: Outcome | undefined): object {
  const what = isLinking(change) ? { of: thingData(change.of), to: thingData(change.to) }
    : { ...thingData(change.thing), ...('actual' in change ? { id: change.actual.id } : {}), fields: change.fields };
  return { action: change.action, ...what, ...(outcome ? resultData(outcome) : {}) };
}

const thingData = ({ kind, tenant, name }: Thing): object => ({ kind, tenant, name });

function resultData(outcome: Outcome): object {
  switch (outcome.state) {
    case 'done': return { result: 'done' };
    case 'failed': return { result: 'failed', error: outcome.problem };
    case 'skipped': return { result: 'skipped', why: outcome.why };
  }
}
