import { createHash } from 'node:crypto';
import type { SyncReason } from '@wami/contracts';
import { INLINE_POLICIES, inlineField, inlineIn, inlineOf, ProviderError, type Applied, type Observed, type Shape } from '@wami/provider-port';
import { inlineTake } from '../guard/takes';
import type { Outcome } from './outcome';
import type { Pass } from './pass';
import type { Work } from './work';

type Fields = Shape['fields'];

/** An inline policy as an attempt may have left it: its name, and what it says, for somebody else may have one of that name. */
function tryOf([name, text]: readonly [string, string]): string {
  return `${name} ${createHash('sha256').update(text).digest('base64url')}`;
}

/** What an attempt at these fields may leave; stands in `triedEnds` beside the other ends of relations. */
export function inlineTries(fields: Fields): string[] {
  return Object.entries(inlineIn(fields)).map(tryOf);
}

/** Names of inline policies that it should have, and of those that are ours and stand there or may. */
export function inlineNames({ resource, binding: { presence, triedEnds } }: Pick<Work, 'resource' | 'binding'>): string[] {
  const tried = (triedEnds[INLINE_POLICIES] ?? []).map((one) => one.slice(0, one.indexOf(' ')));
  return [...new Set([...Object.keys(inlineOf(resource.document ?? {})), ...Object.keys(inlineIn(presence?.fields ?? {})), ...tried])].sort();
}

/** Fields of what was seen or is on record, without inline policies that are nobody's concern here: those of others, and those that the guard holds. */
export function concerning(fields: Fields, work: Work): Fields {
  const standing = Object.keys(inlineIn(fields));
  if (standing.length === 0) return fields;
  const known = new Set(inlineNames(work).filter((name) => !isHeld(work, name)));
  const others = new Set(standing.filter((name) => !known.has(name)).map(inlineField));
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !others.has(field)));
}

/** The guard does not let it be taken away: it stays as it stands. */
const isHeld = ({ withheld }: Pick<Work, 'withheld'>, name: string): boolean => withheld?.takes.includes(inlineTake(name)) ?? false;

/** One of that name is on record, or just this is what an attempt may have left. */
function isOurs({ binding: { presence, triedEnds } }: Pick<Work, 'binding'>, name: string, text: string): boolean {
  return presence?.fields[inlineField(name)] !== undefined || (triedEnds[INLINE_POLICIES]?.includes(tryOf([name, text])) ?? false);
}

/** Those of ours that are not wanted any more are taken away; what others put there stays. Pure. */
export function withdrawnInline(from: Fields, to: Fields, work: Work): Fields {
  const gone = Object.entries(inlineIn(from)).filter(([name, text]) => to[inlineField(name)] === undefined && isOurs(work, name, text));
  return Object.fromEntries(gone.map(([name]) => [inlineField(name), '']));
}

/** A name is asked for that nothing of ours has there yet: somebody else may have it. Pure. */
export function claimsInline({ changes, work: { binding: { presence } } }: Pass): boolean {
  return Object.entries(inlineIn(changes?.fields ?? {})).some(([name, text]) => text !== '' && presence?.fields[inlineField(name)] === undefined);
}

/** Names that ours should have and that inline policies of others have, which stay where the tenant does not want them replaced. Pure. */
export function takenInline(work: Work, there: Fields, wanted: Fields): string[] {
  const strategy = strategyOf(work);
  if (strategy === 'overwrite' || strategy === 'merge') return [];
  return Object.entries(inlineIn(wanted)).filter(([name, text]) => {
    const found = there[inlineField(name)];
    return found !== undefined && found !== text && !isOurs(work, name, found);
  }).map(([name]) => name);
}

const strategyOf = ({ binding: { strategy }, config }: Work): string => strategy ?? config.conflictResolution;

/** What was seen as if these were as they are wanted: nothing is done about them. */
export function leaving<Seen extends { readonly fields: Fields }>(seen: Seen, wanted: Fields, names: readonly string[]): Seen {
  const same = Object.fromEntries(names.flatMap((name) => { const text = wanted[inlineField(name)]; return text === undefined ? [] : [[inlineField(name), text] as const]; }));
  return { ...seen, fields: { ...seen.fields, ...same } };
}

export function takenWords(names: readonly string[]): SyncReason {
  return `inline policies of these names stand there already and are not managed by WAMI: ${names.join(', ')}`;
}

/** With those that stay as others have them named as refused. */
export function withTaken({ observed, rejected }: Applied, names: readonly string[]): Applied {
  if (names.length === 0) return { observed, rejected };
  const error = new ProviderError('Conflict', takenWords(names), { effect: 'none' });
  return { observed, rejected: [...rejected, ...names.map((name) => ({ facet: INLINE_POLICIES, name, error }))] };
}

/** Nothing helps but somebody's decision; where that is to leave it so, all else is done. */
export function decided(outcome: Outcome, work: Work, names: readonly string[]): Outcome {
  if (names.length === 0 || outcome.is !== 'failed' || outcome.error.message !== takenWords(names)) return outcome;
  const { operation, presence } = outcome;
  return strategyOf(work) === 'skip' ? { is: 'skipped', reason: takenWords(names), operation, presence } : { ...outcome, final: true };
}

/** What is on record of fields: what was refused or is held is as it was before. */
export function fieldsAfter({ work, wanted }: Pass, { shape }: Observed, rejected: Applied['rejected']): Fields {
  const { binding: { presence } } = work;
  const refused = rejected.filter(({ facet }) => facet === INLINE_POLICIES).map(({ name }) => inlineField(name));
  const held = Object.entries(inlineIn(presence?.fields ?? {})).filter(([name]) => isHeld(work, name));
  if (refused.length + held.length === 0) return wanted.fields;
  const fields: Record<string, string> = { ...wanted.fields, ...Object.fromEntries(held.map(([name, text]) => [inlineField(name), text])) };
  for (const field of refused) {
    // One that an attempt before this made and that could not be taken away stays on record as it stands.
    const before = presence?.fields[field] ?? (wanted.fields[field] === undefined ? shape.fields[field] : undefined);
    if (before === undefined) delete fields[field];
    else fields[field] = before;
  }
  return fields;
}

/** It is to have inline policies, and the adapter knows none. Pure. */
export function cannotHoldInline({ work: { resource }, wanted }: Pass): boolean {
  return Object.keys(inlineOf(resource.document ?? {})).length > 0 && Object.keys(inlineIn(wanted.fields)).length === 0;
}
