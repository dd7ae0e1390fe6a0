import type { PlanChange } from '@wami/contracts';
import { OWNER, type Changes, type Observed, type Shape } from '@wami/provider-port';

/** Of one operation; an event stays below 64 KiB with them. */
const MOST = { changes: 500, characters: 40_000 };

/** Field by field, tags as `tags.<key>`, relations one by one. Pure. */
export function changesOfUpdate({ fields, setTags, removeTags, addTo, removeFrom, adopt }: Changes, { shape }: Observed): PlanChange[] {
  return [
    ...(adopt ? [{ field: 'marks', to: 'wami' }] : []),
    ...ownFields(fields).map(([field, to]) => change(field, shape.fields[field], to)),
    ...Object.entries(setTags).map(([key, to]) => change(`tags.${key}`, shape.tags[key], to)),
    ...removeTags.map((key) => change(`tags.${key}`, shape.tags[key], undefined)),
    ...each(addTo, (field, to) => ({ field, to })), ...each(removeFrom, (field, from) => ({ field, from })),
  ];
}

/** All of a thing that would be made, or that would go. Pure. */
export function changesOfWhole({ fields, tags, facets }: Shape, as: 'from' | 'to'): PlanChange[] {
  const one = (field: string, value: string): PlanChange => (as === 'to' ? { field, to: value } : { field, from: value });
  return [
    ...ownFields(fields).map(([field, value]) => one(field, value)), ...Object.entries(tags).map(([key, value]) => one(`tags.${key}`, value)), ...each(facets, one),
  ];
}

/** Not whom it belongs to: that may be a person's name, and follows that by itself. */
function ownFields(fields: Shape['fields']): [string, string][] {
  return Object.entries(fields).filter(([field]) => field !== OWNER);
}

/** As many as fit, and how many do not. Pure. */
export function told(changes: readonly PlanChange[]): { readonly changes: PlanChange[]; readonly more: number } {
  let characters = 0;
  const fitting = changes.slice(0, MOST.changes).filter(({ field, from = '', to = '' }) => {
    const length = field.length + from.length + to.length;
    if (characters + length > MOST.characters) return false;
    characters += length;
    return true;
  });
  return { changes: fitting, more: changes.length - fitting.length };
}

function change(field: string, from: string | undefined, to: string | undefined): PlanChange {
  return { field, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function each(facets: Readonly<Record<string, readonly string[]>>, one: (facet: string, name: string) => PlanChange): PlanChange[] {
  return Object.entries(facets).flatMap(([facet, names]) => names.map((name) => one(facet, name)));
}
