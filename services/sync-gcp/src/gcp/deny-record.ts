import { createHash } from 'node:crypto';
import type { OwnershipMark } from '@wami/provider-port';
import { areSame, denialOf, deniesNothing, EVERYBODY, principalsOf, ruleAbout, texts, type Denial, type DenyPolicy, type RuleAtGoogle } from './deny-rules';
import { describe, readDescription } from './marks';

const RECORD = /^Denies nothing: WAMI's record of whom it denies, ([0-9a-f]{12})$/;

/**
 * What stands in a deny policy. The first rule of one of ours is a record, of whom WAMI denies what the others say: it names them both as denied and as excepted, and excepts all that it
 * denies, so that it denies nobody anything even where somebody takes one of the two out. Its description has the mark, and a digest of what the others deny.
 */
export interface Standing {
  /** Absent where there is no record, or none of ours. */
  readonly mark?: OwnershipMark;
  readonly record?: RuleAtGoogle;
  /** Whom WAMI denies it; absent where that is not certain: there is no record, its two lists are not the same, or everybody is in them. */
  readonly attached?: readonly string[];
  /** Of the words that WAMI wrote; absent where there is no record. */
  readonly digest?: string;
  /** All but the record. */
  readonly rules: readonly RuleAtGoogle[];
  /** What they say. */
  readonly denials: readonly Denial[];
}

export function standingIn(all: readonly RuleAtGoogle[] | undefined): Standing {
  const record = all?.find(({ description }) => digestIn(description) !== undefined);
  const rules = (all ?? []).filter((rule) => rule !== record);
  if (record === undefined) return { rules, denials: rules.map((rule) => denialOf(rule, deniesNothing(rule))) };
  const { mark } = readDescription(record.description ?? '');
  const [denied, excepted] = [texts(record.denyRule?.deniedPrincipals), texts(record.denyRule?.exceptionPrincipals)];
  const attached = areSame(denied, [EVERYBODY]) && excepted.length === 0 ? [] : areSame(denied, excepted) && !denied.includes(EVERYBODY) ? denied : undefined;
  const denials = rules.map((rule) => denialOf(rule, attached?.length === 0 || deniesNothing(rule)));
  return { ...(mark === undefined ? {} : { mark }), record, ...(attached === undefined ? {} : { attached }), digest: digestIn(record.description) ?? '', rules, denials };
}

/** The record says whom and what the rules are about, and denies nothing. */
export function isSound({ record, attached, digest, denials }: Standing): boolean {
  return record !== undefined && attached !== undefined && deniesNothing(record) && digest === digestOf(denials);
}

/** Every rule is about those whom WAMI denies it, and about nobody else. */
export function isAsAttached({ attached, rules }: Standing): boolean {
  return attached !== undefined && rules.every((rule) => areSame(principalsOf(rule), attached));
}

/** As it is compared: whom a rule is about says that it differs, where these are others than WAMI attached it to; so does a record that is none any more. */
export function observedRules(standing: Standing): readonly object[] {
  const { record, attached = [], rules, denials } = standing;
  const told = rules.map((rule, index) => ({ ...denials[index], ...(areSame(principalsOf(rule), attached) ? {} : { deniedPrincipals: texts(rule.denyRule?.deniedPrincipals) }) }));
  return record === undefined || isSound(standing) ? told : [...told, { ...denialOf(record, false), deniedPrincipals: texts(record.denyRule?.deniedPrincipals) }];
}

/** Whom a policy denies what its rules say: nobody who is missing in one of them, or in the record. */
export function deniedBy({ rules: all }: DenyPolicy): readonly string[] {
  const { record, rules } = standingIn(all);
  const recorded = record === undefined ? [] : [texts(record.denyRule?.deniedPrincipals)];
  const [first = [], ...others] = rules.map(principalsOf);
  return first.filter((principal) => [...others, ...recorded].every((principals) => principals.includes(principal)));
}

/** The whole of a policy of ours: all its rules about those, behind the record. */
export function rulesAtGoogle(denials: readonly Denial[], principals: readonly string[], mark: OwnershipMark | undefined): RuleAtGoogle[] {
  const about = texts(principals);
  const { deniedPermissions = [], denialCondition } = denials[0] ?? {};
  const { denyRule } = ruleAbout({ deniedPermissions, ...(denialCondition === undefined ? {} : { denialCondition }) }, []);
  const named = about.length === 0 ? {} : { deniedPrincipals: about, exceptionPrincipals: about };
  const record: RuleAtGoogle = { description: describe(recordText(digestOf(denials)), mark), denyRule: { ...denyRule, ...named } };
  return [record, ...denials.map((denial) => ruleAbout(denial, about))];
}

/** None of these is denied anything by the rule any more; all else of it stays, whatever it says. */
export function withoutThem(rule: RuleAtGoogle, isMeant: (principal: string) => boolean): RuleAtGoogle {
  const { deniedPrincipals, deniedPermissions = [], exceptionPermissions } = rule.denyRule ?? {};
  const left = texts(deniedPrincipals).filter((principal) => !isMeant(principal));
  const nobody = { deniedPrincipals: [EVERYBODY], exceptionPermissions: texts([...(deniedPermissions ?? []), ...(exceptionPermissions ?? [])]) };
  return deniedPrincipals?.some(isMeant) ? { ...rule, denyRule: { ...rule.denyRule, ...(left.length === 0 ? nobody : { deniedPrincipals: left }) } } : rule;
}

/** Nor does the record say so. */
export function recordWithoutThem(record: RuleAtGoogle, isMeant: (principal: string) => boolean): RuleAtGoogle {
  const { denyRule } = withoutThem(record, isMeant);
  return { ...record, denyRule: { ...denyRule, exceptionPrincipals: texts(denyRule?.exceptionPrincipals).filter((principal) => !isMeant(principal)) } };
}

/** The record with this mark: what it says stays. */
export const marked = (record: RuleAtGoogle, mark: OwnershipMark): RuleAtGoogle => ({ ...record, description: describe(readDescription(record.description ?? '').text, mark) });

/** The record without the mark: what it says stays. */
export const unmarked = (record: RuleAtGoogle): RuleAtGoogle => ({ ...record, description: readDescription(record.description ?? '').text });

/** What the description of a record says behind the mark. */
export const recordText = (digest: string): string => `Denies nothing: WAMI's record of whom it denies, ${digest}`;

/** Whether a description says that its rule is a record, and of which words. */
export const digestIn = (description: string | null | undefined): string | undefined => RECORD.exec(readDescription(description ?? '').text)?.[1];

/** Of all that says what is denied and when: not of titles and descriptions. */
export function digestOf(denials: readonly Denial[]): string {
  const words = denials.map(({ deniedPermissions, exceptionPermissions = [], exceptionPrincipals = [], denialCondition }) => [deniedPermissions, exceptionPermissions, exceptionPrincipals, denialCondition?.expression ?? '']);
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 12);
}
