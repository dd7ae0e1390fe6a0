import { createHash } from 'node:crypto';
import type { SyncReason } from '@wami/contracts';
import { FEDERATION, INLINE_POLICIES, partAt, partField, PARTS, partsIn, ProviderError, writtenIn, type Applied, type Observed, type Part, type Reference, type Shape } from '@wami/provider-port';
import type { Presence } from '../bindings/binding';
import { partTake } from '../guard/takes';
import type { Outcome } from './outcome';
import type { Pass } from './pass';
import type { Work } from './work';

type Fields = Shape['fields'];

/** What people call parts of a kind. */
const WORDS: Readonly<Record<Part, string>> = { [INLINE_POLICIES]: 'inline policies', [FEDERATION]: 'federated credentials' };

/** A part as an attempt may have left it: its name, and what it says, for somebody else may have one of that name. */
function tryOf(name: string, text: string): string {
  return `${name} ${createHash('sha256').update(text).digest('base64url')}`;
}

/** Names by the kind of part that they are of. */
function byPart(fields: readonly string[], of = (_field: string, name: string): string => name): Partial<Record<Part, string[]>> {
  return Object.fromEntries(PARTS.flatMap((part) => {
    const names = fields.flatMap((field) => { const at = partAt(field); return at?.part === part ? [of(field, at.name)] : []; });
    return names.length === 0 ? [] : [[part, names]];
  }));
}

/** What an attempt at these fields may leave; stands in `triedEnds` beside the other ends of relations. */
export function triedParts(fields: Fields): Readonly<Record<string, readonly string[]>> {
  return byPart(Object.keys(fields), (field, name) => tryOf(name, fields[field] ?? ''));
}

/** Fields of all parts that a document asks for. */
function askedFor({ document }: Work['resource']): string[] {
  return PARTS.flatMap((part) => Object.keys(writtenIn(part, document ?? {})).map((name) => partField(part, name)));
}

/** Fields of parts that it should have, and of those that are ours and stand there or may. */
function lookedFor({ resource, binding: { presence, triedEnds } }: Pick<Work, 'resource' | 'binding'>): string[] {
  const tried = PARTS.flatMap((part) => (triedEnds[part] ?? []).map((one) => partField(part, one.slice(0, one.indexOf(' ')))));
  return [...new Set([...askedFor(resource), ...Object.keys(partsIn(presence?.fields ?? {})), ...tried])].sort();
}

/** Their names, as a handler is told of them. */
export function partNames(work: Pick<Work, 'resource' | 'binding'>): Pick<Reference, Part> {
  return byPart(lookedFor(work));
}

/** Fields of what was seen or is on record, without parts that are nobody's concern here: those of others, and those that the guard holds. */
export function concerning(fields: Fields, work: Work): Fields {
  const standing = Object.keys(partsIn(fields));
  if (standing.length === 0) return fields;
  const known = new Set(lookedFor(work).filter((field) => !isHeld(work, field)));
  const others = new Set(standing.filter((field) => !known.has(field)));
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !others.has(field)));
}

/** The guard does not let it be taken away: it stays as it stands. */
const isHeld = ({ withheld }: Pick<Work, 'withheld'>, field: string): boolean => withheld?.takes.includes(partTake(field)) ?? false;

/** One of that name is on record, or just this is what an attempt may have left. */
function isOurs({ binding: { presence, triedEnds } }: Pick<Work, 'binding'>, field: string, text: string): boolean {
  const at = partAt(field);
  return presence?.fields[field] !== undefined || (at !== undefined && (triedEnds[at.part]?.includes(tryOf(at.name, text)) ?? false));
}

/** Those of ours that are not wanted any more are taken away; what others put there stays. Pure. */
export function withdrawnParts(from: Fields, to: Fields, work: Work): Fields {
  const gone = Object.entries(partsIn(from)).filter(([field, text]) => to[field] === undefined && isOurs(work, field, text));
  return Object.fromEntries(gone.map(([field]) => [field, '']));
}

type Lateness = { readonly now: number; readonly visibilityMs: number };

/** We wrote on it so lately that a look may not show it, and that a call may not find it. */
const isLately = (presence: Presence | null, { now, visibilityMs }: Lateness): boolean => now - (presence?.writtenAt ?? -Infinity) < visibilityMs;

/**
 * Of ours those that are to go or to be otherwise than on record, as they are there: soon after we wrote on it a look may be late, and what is forgotten then
 * nobody looks for again. Taking away what is not there, or writing what is so already, costs one call. Pure.
 */
export function unseenParts({ work, wanted, remembered }: Pass, ages: Lateness): Fields {
  const { lost, binding: { presence } } = work;
  if (!isLately(presence, ages)) return {};
  // What an attempt did that nobody answered only a look tells, and there is a later one.
  return Object.fromEntries(Object.entries(partsIn(remembered?.fields ?? {})).filter(([field, text]) => (lost ? wanted.fields[field] === undefined : wanted.fields[field] !== text)));
}

/** Those that were taken away soon after we wrote on it and that the provider knew none of, as in `triedEnds`: it may show them later. Undefined: none. Pure. */
export function unknownParts({ work: { binding: { presence, triedEnds } } }: Pass, { unknown = [] }: Applied, ages: Lateness): Work['binding']['triedEnds'] | undefined {
  if (unknown.length === 0 || !isLately(presence, ages)) return undefined;
  return Object.fromEntries(PARTS.map((part) => [part, unknown.filter(({ facet }) => facet === part).flatMap(({ name }) => {
    const text = presence?.fields[partField(part, name)];
    return [...(text === undefined ? [] : [tryOf(name, text)]), ...(triedEnds[part] ?? []).filter((one) => one.startsWith(`${name} `))];
  })]));
}

/** A name is asked for that nothing of ours has there yet: somebody else may have it. Pure. */
export function claimsParts({ changes, work: { binding: { presence } } }: Pass): boolean {
  return Object.entries(partsIn(changes?.fields ?? {})).some(([field, text]) => text !== '' && presence?.fields[field] === undefined);
}

/** Fields that ours should have and under whose names others have theirs, which stay where the tenant does not want them replaced. Pure. */
export function takenParts(work: Work, there: Fields, wanted: Fields): string[] {
  const strategy = strategyOf(work);
  if (strategy === 'overwrite' || strategy === 'merge') return [];
  return Object.entries(partsIn(wanted)).filter(([field, text]) => {
    const found = there[field];
    return found !== undefined && found !== text && !isOurs(work, field, found);
  }).map(([field]) => field);
}

const strategyOf = ({ binding: { strategy }, config }: Work): string => strategy ?? config.conflictResolution;

/** What was seen as if these were as they are wanted: nothing is done about them. */
export function leaving<Seen extends { readonly fields: Fields }>(seen: Seen, wanted: Fields, taken: readonly string[]): Seen {
  const same = Object.fromEntries(taken.flatMap((field) => { const text = wanted[field]; return text === undefined ? [] : [[field, text] as const]; }));
  return { ...seen, fields: { ...seen.fields, ...same } };
}

export function takenWords(taken: readonly string[]): SyncReason {
  const names = byPart(taken);
  return `${kindsOf(taken)} of these names stand there already and are not managed by WAMI: ${PARTS.flatMap((part) => names[part] ?? []).join(', ')}`;
}

function kindsOf(taken: readonly string[]): string {
  const names = byPart(taken);
  return PARTS.filter((part) => names[part]).map((part) => WORDS[part]).join(' and ');
}

/** With those that stay as others have them named as refused. */
export function withTaken(applied: Applied, taken: readonly string[]): Applied {
  if (taken.length === 0) return applied;
  const error = new ProviderError('Conflict', takenWords(taken), { effect: 'none' });
  return { ...applied, rejected: [...applied.rejected, ...taken.flatMap((field) => { const at = partAt(field); return at ? [{ facet: at.part, name: at.name, error }] : []; })] };
}

/** Nothing helps but somebody's decision; where that is to leave it so, all else is done. */
export function decided(outcome: Outcome, work: Work, taken: readonly string[], changed: boolean): Outcome {
  if (taken.length === 0 || outcome.is !== 'failed' || outcome.error.message !== takenWords(taken)) return outcome;
  const { operation, presence } = outcome;
  return strategyOf(work) === 'skip' ? { is: 'skipped', reason: `${kindsOf(taken)} of names that are given here stand there already and are not managed by WAMI`, changed, operation, presence } : { ...outcome, final: true };
}

/** What is on record of fields: what was refused or is held is as it was before. */
export function fieldsAfter({ work, wanted }: Pass, { shape }: Observed, rejected: Applied['rejected']): Fields {
  const { binding: { presence } } = work;
  const refused = rejected.flatMap(({ facet, name }) => PARTS.filter((part) => part === facet).map((part) => partField(part, name)));
  const held = Object.entries(partsIn(presence?.fields ?? {})).filter(([field]) => isHeld(work, field));
  if (refused.length + held.length === 0) return wanted.fields;
  const fields: Record<string, string> = { ...wanted.fields, ...Object.fromEntries(held) };
  for (const field of refused) {
    // One that an attempt before this made and that could not be taken away stays on record as it stands.
    const before = presence?.fields[field] ?? (wanted.fields[field] === undefined ? shape.fields[field] : undefined);
    if (before === undefined) delete fields[field];
    else fields[field] = before;
  }
  return fields;
}

/** What it is to have of parts that the adapter knows none of, as people call them. Pure. */
export function notHeld({ work: { resource }, wanted }: Pass): string[] {
  const [asked, held] = [byPart(askedFor(resource)), byPart(Object.keys(wanted.fields))];
  return PARTS.filter((part) => asked[part] && !held[part]).map((part) => WORDS[part]);
}
