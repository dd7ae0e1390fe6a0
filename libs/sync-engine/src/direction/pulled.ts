import type { Difference, NewEventOf, syncPulled } from '@wami/contracts';
import { bindingStream, type Binding, type Presence } from '../bindings/binding';
import { kindNamed, type Document } from '../kinds';
import type { Outcome } from '../reconcile/outcome';
import type { ComparedShape } from '../reconcile/shape';
import { placeInTheOpen } from '../reconcile/part-names';
import type { Work } from '../reconcile/work';
import type { Verdict } from '../record/verdict';
import { partsOf, withParts, type Side } from './parts';

/**
 * What somebody changed at the target and what is to become intent, and is not yet or was refused: as it is here, and as it is there. Of a name the one
 * that the resource has or would have here. `told`: identity may have heard of it.
 */
export interface Pulled {
  readonly differences: readonly Difference[];
  readonly told: boolean;
}

/** Of an event; what is more is told after the next look. */
const MOST = 100;

export function pulledOf(differences: readonly Difference[], told: boolean): Pulled | undefined {
  return differences.length === 0 ? undefined : { differences: differences.slice(0, MOST), told };
}

/** What a side amounts to in words of the resource itself; a name that nobody could have here has no `found`. Pure. */
export function differenceOf({ at, wanted, found }: Side, { kind, document }: { readonly kind: string; readonly document: Document }, nameHere: (name: string) => string | undefined): Difference {
  if (at === 'fields/name') return difference(at, kindNamed(kind).nameOf(document), found === undefined ? undefined : nameHere(found));
  return difference(at, at.startsWith('tags/') ? (document['tags'] as Record<string, string> | undefined)?.[at.slice('tags/'.length)] : wanted, found);
}

function difference(at: string, expected: string | undefined, found: string | undefined): Difference {
  return { at, ...(expected === undefined ? {} : { expected }), ...(found === undefined ? {} : { found }) };
}

/** Whether just this was told before, and nothing became of it yet. Pure. */
export function isTold({ at, expected, found }: Difference, presence: Presence | null): boolean {
  return presence?.pulled?.told === true && presence.pulled.differences.some((one) => one.at === at && one.expected === expected && one.found === found);
}

/** What has become intent by now of what was pulled is agreed: it goes on record. Pure. */
export function withPulled(presence: Presence, wanted: ComparedShape, name: string): Presence {
  const { pulled, ...rest } = presence;
  if (pulled === undefined) return presence;
  const here = partsOf(wanted);
  const isAgreed = ({ at, found }: Difference): boolean => (at === 'fields/name' ? name : here.get(at)) === found;
  const left = pulledOf(pulled.differences.filter((one) => !isAgreed(one)), pulled.told);
  return { ...withParts(rest, pulled.differences.filter(isAgreed).map(({ at }) => ({ at, value: here.get(at) }))), ...(left ? { pulled: left } : {}) };
}

/** A verdict that says too what was pulled, where identity has not heard of it. Pure. */
export function telling(provider: string, { binding, resource }: Work, outcome: Outcome, verdict: Verdict): Verdict {
  const presence = verdict.row.presence ?? outcome.presence;
  if (presence?.pulled?.told !== false) return verdict;
  const { differences } = presence.pulled;
  return {
    ...verdict, events: [...verdict.events, pulledEvent(provider, binding, resource.version, differences)], row: { ...verdict.row, presence: { ...presence, pulled: { differences, told: true } } },
  };
}

function pulledEvent(provider: string, binding: Binding, version: number, differences: readonly Difference[]): NewEventOf<typeof syncPulled> {
  const { resource, kind, account, tenant, subject } = binding;
  return {
    type: 'wami.sync.pulled.v1', stream: bindingStream(provider, binding), key: resource, tenant, subject, personal: { differences: [...differences] },
    data: { resource, kind, provider, account, version, differs: differences.map(({ at }) => placeInTheOpen(at)) },
  };
}
