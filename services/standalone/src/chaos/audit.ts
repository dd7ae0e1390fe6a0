import type { SyncState, WamiCloudEvent } from '@wami/contracts';
import type { Expected } from './expected';
import type { ProjectedRow, Queries } from './queries';
import type { Cloud, Witness } from './witness';

/** What was promised, and where to look whether it came true. */
export interface Audited {
  readonly expected: Expected;
  readonly queries: Queries;
  readonly witness: Witness;
}

/** What does not agree with the answers that were given; one text each. */
export interface Findings {
  /** Acknowledged, and not there or not so. */
  readonly lost: readonly string[];
  /** There more than once, or though nobody asked for it. */
  readonly duplicated: readonly string[];
  /** Refused though they were right. */
  readonly refused: readonly string[];
  /** Promised events that are in the log. */
  readonly applied: number;
}

/** One text each. */
export function problemsOf({ lost, duplicated, refused }: Findings): string[] {
  return [...lost.map((what) => `lost: ${what}`), ...duplicated.map((what) => `duplicated: ${what}`), ...refused.map((what) => `refused: ${what}`)];
}

const MOST_STORIES = 5;

/** For who has to find the cause: what log and cloud tell about the first resources that something is wrong with. */
export async function storiesOf(found: Findings, { queries, witness }: Audited): Promise<string> {
  const ids = [...new Set([...found.lost, ...found.duplicated].flatMap((what) => /(?:usr|grp)_\w+/.exec(what)?.[0] ?? []))].slice(0, MOST_STORIES);
  const events = ids.length > 0 ? await queries.events() : [];
  return ids.map((id) => [
    `--- ${id}`, ...events.filter(({ key }) => key === id).map(({ time, type, data }) => `${time} ${type} ${JSON.stringify(data)}`), '--- in the cloud', ...witness.changesOf(id), '',
  ].join('\n')).join('');
}

/** Compares answers, log, read model and cloud. For a victim at rest. */
export async function audit({ expected, queries, witness }: Audited): Promise<Findings> {
  const events = eventFindings(expected, await queries.events());
  const rows = rowFindings(expected, await queries.resources());
  const states = stateFindings(expected, await queries.syncStates());
  const cloud = cloudFindings(expected, witness.look());
  const parts = [events, rows, states, cloud];
  return {
    lost: parts.flatMap(({ lost }) => lost), duplicated: parts.flatMap(({ duplicated }) => duplicated), refused: expected.refused, applied: events.applied,
  };
}

type Part = Pick<Findings, 'lost' | 'duplicated'>;

/** Every promised event once; of housekeeping's own, as of everybody's, no place of a stream is taken twice or empty. */
function eventFindings({ events: promised }: Expected, found: readonly WamiCloudEvent[]): Part & { applied: number } {
  const actual = tally(found.filter(({ actor, type }) => actor === 'admin' && !type.startsWith('wami.sync.') && !type.startsWith('wami.tenant.')).map(({ type, stream }) => `${type} ${stream}`));
  const lost: string[] = [];
  const duplicated: string[] = [];
  let applied = 0;
  for (const event of new Set([...promised.keys(), ...actual.keys()])) {
    const [want, have] = [promised.get(event) ?? 0, actual.get(event) ?? 0];
    applied += Math.min(want, have);
    if (have < want) lost.push(`event ${event}: ${have} of ${want}`);
    if (have > want) duplicated.push(`event ${event}: ${have} instead of ${want}`);
  }
  const places = tally(found.map(({ source, stream, streamversion }) => `${source} ${stream} ${streamversion}`));
  duplicated.push(...[...places].filter(([, times]) => times > 1).map(([place]) => `event in the read model at ${place}`));
  for (const { source, stream, streamversion } of found) {
    if (streamversion > 1 && !places.has(`${source} ${stream} ${streamversion - 1}`)) lost.push(`event in the read model before ${source} ${stream} ${streamversion}`);
  }
  return { lost, duplicated, applied };
}

function rowFindings({ users, groups }: Expected, rows: readonly ProjectedRow[]): Part {
  const wanted = new Map([
    ...[...users.values()].map(({ id, name, path, tags, version }) => [id, textOf({ kind: 'user', name, path, tags, version })] as const),
    ...[...groups.values()].map(({ id, name, version }) => [id, textOf({ kind: 'group', name, tags: {}, version })] as const),
  ]);
  return compare('row', wanted, rows.map(({ id, kind, name, path, tags, version }) => [id, textOf({ kind, name, ...(path === undefined ? {} : { path }), tags, version })]));
}

function stateFindings({ users, groups }: Expected, states: readonly SyncState[]): Part {
  const wanted = new Map([...users.values(), ...groups.values()].map(({ id, version }) => [id, textOf({ state: 'Synced', version })]));
  return compare('binding', wanted, states.map((found) => [
    found.resource, found.state === 'Synced' ? textOf({ state: found.state, version: found.version }) : textOf({ ...found }),
  ]));
}

function cloudFindings(expected: Expected, { users, groups, births }: Cloud): Part {
  const wanted = new Map([
    ...[...expected.users.values()].map(({ id, name, path, tags, groups: of }) => [id, textOf({ name, path, tags, groups: [...of].sort() })] as const),
    ...[...expected.groups.values()].map(({ id, name }) => [id, textOf({ name, members: expected.membersOf(id) })] as const),
  ]);
  const held = compare('in the cloud', wanted, [
    ...users.map(({ id, name, path, tags, groups: of }) => [id, textOf({ name, path, tags, groups: of })] as const),
    ...groups.map(({ id, name, members }) => [id, textOf({ name, members })] as const),
  ]);
  const again = [...births].filter(([, times]) => times > 1).map(([id, times]) => `${id} was made ${times} times in the cloud`);
  return { lost: held.lost, duplicated: [...held.duplicated, ...again] };
}

function compare(what: string, wanted: ReadonlyMap<string, string>, found: readonly (readonly [string, string])[]): Part {
  const times = tally(found.map(([id]) => id));
  const texts = new Map(found);
  return {
    lost: [...wanted].filter(([id, text]) => texts.get(id) !== text).map(([id, text]) => `${what} ${id}: ${texts.get(id) ?? 'absent'} instead of ${text}`),
    duplicated: [...times].filter(([id, count]) => count > 1 || !wanted.has(id)).map(([id, count]) => `${what} ${id}: ${wanted.has(id) ? `${count} times` : `left over as ${texts.get(id)}`}`),
  };
}

function tally(texts: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  return times;
}

/** With its keys in order, so that equal things have equal texts. */
function textOf(value: Readonly<Record<string, unknown>>): string {
  const sorted = (part: unknown): unknown => (typeof part === 'object' && part !== null && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)])) : part);
  return JSON.stringify(sorted(value));
}
