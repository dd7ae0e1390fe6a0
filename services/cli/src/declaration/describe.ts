import { colours } from '../output/colour';
import type { FieldChange } from './fields';
import { labelOf, type Thing } from './model';
import { isLinking, type Foreign, type Kept, type Linking, type Plan, type PlannedChange } from './plan';

const SIGNS = {
  create: colours.green('+'), change: colours.yellow('~'), delete: colours.red('-'), add: colours.green('+'), attach: colours.green('+'), remove: colours.red('-'), detach: colours.red('-'),
} as const;

/** What a person reads before saying yes. */
export function describePlan({ changes, foreign, kept }: Plan): string {
  return [...changes.flatMap(describeChange), ...foreign.flatMap(describeForeign), ...kept.map(describeKept)].map((line) => `${line}\n`).join('');
}

/** One line, without its sign. */
export function sentenceOf(change: PlannedChange): string {
  return isLinking(change) ? linkSentence(change.action, change) : labelOf(change.thing);
}

function describeChange(change: PlannedChange): string[] {
  const sign = SIGNS[change.action];
  if (isLinking(change)) return [`${sign} ${linkSentence(change.action, change)}`];
  return [`${sign} ${labelOf(change.thing)}`, ...fieldLines(change.fields.filter(({ from, to }) => from !== undefined || !isEmpty(to)), change.action === 'create')];
}

function linkSentence(action: Linking['action'], { of, to }: Pick<Linking, 'of' | 'to'>): string {
  switch (action) {
    case 'add': return `${labelOf(of)} joins ${labelOf(to)}`;
    case 'remove': return `${labelOf(of)} leaves ${labelOf(to)}`;
    case 'attach': return `${labelOf(to)} is attached to ${labelOf(of)}`;
    case 'detach': return `${labelOf(to)} is detached from ${labelOf(of)}`;
  }
}

function fieldLines(fields: readonly FieldChange[], isNew: boolean): string[] {
  return fields.map(({ field, from, to }) => `    ${field}: ${isNew ? valueOf(to) : `${valueOf(from)} -> ${valueOf(to)}`}`);
}

function describeForeign({ thing, fields, declaredBy }: Foreign): string[] {
  const whose = declaredBy === undefined ? 'was not made by this declaration' : `belongs to the declaration ${declaredBy}`;
  return [`${colours.red('!')} ${labelOf(thing)} ${whose}; --adopt takes it over`, ...fieldLines(fields, false)];
}

function describeKept({ what, why }: Kept): string {
  return colours.dim(`= ${'kind' in what ? labelOf(what) : `${labelOf(what.of)} stays with ${labelOf(what.to)}`}: ${why}`);
}

const isEmpty = (value: unknown): boolean => value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** Never cut: somebody is about to agree to it. */
const valueOf = (value: unknown): string => (value === undefined ? '(none)' : JSON.stringify(value));

export interface Summary { readonly create: number; readonly change: number; readonly delete: number; readonly join: number; readonly part: number }

export function summaryOf(changes: readonly PlannedChange[]): Summary {
  const count = (...actions: string[]): number => changes.filter(({ action }) => actions.includes(action)).length;
  return { create: count('create'), change: count('change'), delete: count('delete'), join: count('add', 'attach'), part: count('remove', 'detach') };
}

/** `2 to create, 1 to change` */
export function totalOf(changes: readonly PlannedChange[]): string {
  const { create, change, delete: gone, join, part } = summaryOf(changes);
  const parts = ([[create, 'to create'], [change, 'to change'], [gone, 'to delete'], [join, 'to join or attach'], [part, 'to take out or detach']] as const).filter(([count]) => count > 0);
  return parts.length === 0 ? 'nothing to do' : parts.map(([count, what]) => `${count} ${what}`).join(', ');
}

export const shortName = ({ kind, tenant, name }: Thing): string => (kind === 'tenant' ? `tenant/${tenant}` : `${kind}/${name}`);
