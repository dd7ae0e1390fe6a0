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
/** Fields whose parts change one by one, and what the parts are called; plans call them the same. */
const INSIDE: Readonly<Record<string, string>> = { tags: 'tags.', inlinePolicies: 'inlinePolicies/', federation: 'federation/' };
const MOST = { changes: 50, characters: 200, around: 40 };

/**
 * What of a resource changed since it was synced, field by field, tags as `tags.<key>`, inline policies as `inlinePolicies/<name>`, federated credentials as `federation/<name>`, relations by the other end's id; everything where it never
 * was. `events`: all of identity's about it, in their order. Pure.
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
    const inside = INSIDE[field];
    return inside === undefined ? [[field, textOf(value)]] : Object.entries(value as object).map(([key, one]) => [inside + key, textOf(one)]);
  }));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

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
  const skip = alike(from, to);
  return { field, ...(from === undefined ? {} : { from: short(from, skip) }), ...(to === undefined ? {} : { to: short(to, skip) }) };
}

/** So many characters of two long texts are left out at their beginning, where they would look the same: what differs is told. */
function alike(from = '', to = ''): number {
  if (Math.max(from.length, to.length) <= MOST.characters) return 0;
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  return Math.max(0, same - MOST.around);
}

function short(text: string, skip: number): string {
  const part = text.slice(skip, skip + MOST.characters);
  return `${skip > 0 ? '…' : ''}${part}${skip + part.length < text.length ? '…' : ''}`;
}
