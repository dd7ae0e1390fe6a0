import { comparePositions, type LogPosition, type PlanChange } from '@wami/contracts';
import type { Ingested } from '../model/read-model';
import { kindOfType, KINDS, RESOURCE_TYPES } from '../resources/resource-kinds';

/** What was synced: the resource's own version, and how far identity's log was read for it. */
export interface Synced {
  readonly version: number;
  readonly intent: LogPosition;
}

const RELATION = /^wami\.(membership|attachment)\.(added|removed)\.v\d+$/;
/** Decides where it is synced to, and stands in no cloud. */
const NOT_THERE: ReadonlySet<string> = new Set(['syncToProviders']);
const MOST = { changes: 50, characters: 200 };

/**
 * What of a resource changed since it was synced, field by field, tags as `tags.<key>`, relations by the other end's id; everything where it never was. `events`: all of identity's about it,
 * in their order. Pure.
 */
export function changesSince(events: readonly Ingested[], synced: Synced | undefined): { readonly changes: PlanChange[]; readonly more: number } {
  const changes = [...fieldsChanged(events, synced), ...relationsChanged(events, synced)];
  return { changes: changes.slice(0, MOST.changes), more: Math.max(0, changes.length - MOST.changes) };
}

function fieldsChanged(events: readonly Ingested[], synced: Synced | undefined): PlanChange[] {
  const own = events.filter(({ type }) => RESOURCE_TYPES.has(type));
  const before = flat(documentOf(synced ? own.filter(({ version }) => version <= synced.version) : []));
  const after = flat(documentOf(own));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((field) => {
    const [from, to] = [before.get(field), after.get(field)];
    return from === to ? [] : [change(field, from, to)];
  });
}

function documentOf(events: readonly Ingested[]): object {
  return events.reduce<object | null | undefined>((document, event) => KINDS[kindOfType(event.type)].evolve(document, event), undefined) ?? {};
}

function flat(document: object): Map<string, string> {
  return new Map(Object.entries(document).flatMap(([field, value]): [string, string][] => {
    if (value === undefined || value === null || NOT_THERE.has(field)) return [];
    return field === 'tags' ? Object.entries(value as object).map(([key, tag]) => [`tags.${key}`, String(tag)]) : [[field, typeof value === 'string' ? value : JSON.stringify(value)]];
  }));
}

/** One that came and went since is no change. */
function relationsChanged(events: readonly Ingested[], synced: Synced | undefined): PlanChange[] {
  const last = new Map<string, readonly [first: boolean, now: boolean]>();
  for (const event of events) {
    const [, relation = '', verb = ''] = RELATION.exec(event.type) ?? [];
    if (relation === '' || (synced && comparePositions(event.position, synced.intent) <= 0)) continue;
    const other = String((event.data as Readonly<Record<string, unknown>>)[relation === 'membership' ? 'groupId' : 'policyId']);
    const key = `${relation === 'membership' ? 'groups' : 'policies'} ${other}`;
    last.set(key, [last.get(key)?.[0] ?? verb !== 'added', verb === 'added']);
  }
  return [...last].flatMap(([key, [before, now]]) => {
    const [field = '', other] = key.split(' ');
    return before === now ? [] : [now ? change(field, undefined, other) : change(field, other, undefined)];
  });
}

function change(field: string, from: string | undefined, to: string | undefined): PlanChange {
  return { field, ...(from === undefined ? {} : { from: short(from) }), ...(to === undefined ? {} : { to: short(to) }) };
}

const short = (text: string): string => (text.length > MOST.characters ? `${text.slice(0, MOST.characters)}…` : text);
