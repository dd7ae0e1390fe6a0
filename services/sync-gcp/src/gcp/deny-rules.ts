import type { iam_v2 } from '@googleapis/iam';
import type { Desired, OwnershipMark } from '@wami/provider-port';
import { describe, readDescription } from './marks';

export type DenyPolicy = iam_v2.Schema$GoogleIamV2Policy;
type RuleAtGoogle = iam_v2.Schema$GoogleIamV2PolicyRule;

/** A condition as Google writes it. */
interface Condition {
  readonly expression: string;
  readonly title?: string;
  readonly description?: string;
}
/** A deny rule without those whom it is about. What says nothing is left out. */
export interface Denial {
  readonly description?: string;
  readonly deniedPermissions: readonly string[];
  readonly exceptionPermissions?: readonly string[];
  readonly exceptionPrincipals?: readonly string[];
  readonly denialCondition?: Condition;
}
/** What is written of a deny policy, and nothing else can be after it was made. */
export interface DenyContent {
  readonly displayName: string;
  readonly rules: readonly RuleAtGoogle[];
}

/**
 * Stands in a rule as long as it is about nobody: nothing says that Google takes a rule without principals. All that such a rule denies it excepts too, and a permission that is both
 * is not denied.
 */
export const EVERYBODY = 'principalSet://goog/public:all';

/** A role's id never has a hyphen, and what denies always has one here: so a name alone says what it is the name of, to an attachment too. */
export const isNameOfDenial = (name: string): boolean => name.includes('-');

/** What Google is to get of a policy that denies; undefined where it is none. */
export function denialsAtGoogle(name: string, { providerDocuments }: Desired['document']): { readonly displayName: string; readonly rules: readonly Denial[] } | undefined {
  const { gcp } = (providerDocuments ?? {}) as { readonly gcp?: Readonly<Record<string, unknown>> };
  if (!Array.isArray(gcp?.['rules'])) return undefined;
  const { rules, displayName } = gcp;
  return { displayName: typeof displayName === 'string' && displayName !== '' ? displayName : name, rules: (rules as readonly (RuleAtGoogle | null)[]).map((rule) => denialOf(rule ?? {})) };
}

/** What one rule denies, and in which cases it does not, whoever it is about. */
export function denialOf({ description, denyRule }: RuleAtGoogle): Denial {
  const { deniedPermissions, exceptionPermissions, exceptionPrincipals, denialCondition } = denyRule ?? {};
  const denied = texts(deniedPermissions);
  const { text } = readDescription(description ?? '');
  const [permissions, principals] = [texts(exceptionPermissions).filter((permission) => !denied.includes(permission)), texts(exceptionPrincipals)];
  const { expression, title, description: words } = denialCondition ?? {};
  return {
    ...(text === '' ? {} : { description: text }), deniedPermissions: denied, ...(permissions.length === 0 ? {} : { exceptionPermissions: permissions }),
    ...(principals.length === 0 ? {} : { exceptionPrincipals: principals }),
    ...(expression ? { denialCondition: { expression, ...(title ? { title } : {}), ...(words ? { description: words } : {}) } } : {}),
  };
}

/** As it stands at Google: where it is about everybody, whom nothing is attached to, it says so, and differs from what is wanted. */
export function observedDenial(rule: RuleAtGoogle): Denial & { readonly deniedPrincipals?: readonly string[] } {
  return { ...denialOf(rule), ...(principalsOf(rule).includes(EVERYBODY) ? { deniedPrincipals: [EVERYBODY] } : {}) };
}

/** Whom a policy denies what its rules say: nobody who is missing in one of them. */
export function deniedBy({ rules }: DenyPolicy): readonly string[] {
  const [first = [], ...others] = (rules ?? []).map(principalsOf);
  return first.filter((principal) => others.every((principals) => principals.includes(principal)));
}

/** Of a deny policy the description of a rule is the one place for a mark: nothing but its name and its rules can be changed after it was made. */
export function markIn(rules: DenyPolicy['rules']): OwnershipMark | undefined {
  return rules?.flatMap(({ description }) => readDescription(description ?? '').mark ?? [])[0];
}

/** The rules with the mark in the first of them, about those principals. */
export function rulesAtGoogle(denials: readonly Denial[], principals: readonly string[], mark: OwnershipMark | undefined): RuleAtGoogle[] {
  return denials.map((denial, index) => ruleAbout(denial, principals, index === 0 ? mark : undefined));
}

/** The policy with other words, about the very same principals as before but never about everybody. What is left out stays. */
export function rewriting(changed: { readonly displayName?: string; readonly denials?: readonly Denial[] }, mark: OwnershipMark | undefined): (content: DenyContent) => DenyContent {
  return ({ displayName, rules }) => {
    const about = [...new Set(rules.flatMap(principalsOf))].filter((principal) => principal !== EVERYBODY).sort();
    const { denials } = changed;
    const rewritten = denials === undefined ? rules.map((rule, index) => ({ ...rule, description: describe(denialOf(rule).description ?? '', index === 0 ? mark : undefined) })) : rulesAtGoogle(denials, about, mark);
    return { displayName: changed.displayName ?? displayName, rules: rewritten };
  };
}

/** Each rule is about this principal too. */
export function denying(principal: string): (content: DenyContent) => DenyContent {
  return edited((principals) => (principals.includes(principal) ? principals : [...principals, principal]));
}

/** No rule is about any of these any more. */
export function sparing(isMeant: (principal: string) => boolean): (content: DenyContent) => DenyContent {
  return edited((principals) => (principals.some(isMeant) ? principals.filter((principal) => !isMeant(principal)) : principals));
}

function edited(change: (principals: readonly string[]) => readonly string[]): (content: DenyContent) => DenyContent {
  return (content) => {
    const rules = content.rules.map((rule) => {
      const before = principalsOf(rule);
      const after = change(before);
      return after === before ? rule : ruleAbout(denialOf(rule), after, readDescription(rule.description ?? '').mark);
    });
    return rules.every((rule, index) => rule === content.rules[index]) ? content : { ...content, rules };
  };
}

/** `user:ann@example.com`, as an allow policy says it, in the words of a deny policy. */
export function principalOf(member: string): string {
  const [kind = '', address = ''] = [member.slice(0, member.indexOf(':')), member.slice(member.indexOf(':') + 1)];
  return { user: `principal://goog/subject/${address}`, group: `principalSet://goog/group/${address}` }[kind] ?? `principal://iam.googleapis.com/projects/-/serviceAccounts/${address}`;
}

/** Of a rule that denies nothing: nobody. */
function principalsOf({ denyRule }: RuleAtGoogle): readonly string[] {
  const exceptions = denyRule?.exceptionPermissions ?? [];
  const deniesNothing = (denyRule?.deniedPermissions ?? []).every((permission) => exceptions.includes(permission));
  return deniesNothing ? [] : denyRule?.deniedPrincipals ?? [];
}

function ruleAbout({ description, ...denial }: Denial, principals: readonly string[], mark: OwnershipMark | undefined): RuleAtGoogle {
  const said = describe(description ?? '', mark);
  const { deniedPermissions, exceptionPermissions = [], exceptionPrincipals, denialCondition } = denial;
  const exceptions = principals.length === 0 ? texts([...deniedPermissions, ...exceptionPermissions]) : exceptionPermissions;
  return {
    ...(said === '' ? {} : { description: said }),
    denyRule: {
      deniedPrincipals: principals.length === 0 ? [EVERYBODY] : [...principals], deniedPermissions: [...deniedPermissions],
      ...(exceptions.length === 0 ? {} : { exceptionPermissions: [...exceptions] }), ...(exceptionPrincipals === undefined ? {} : { exceptionPrincipals: [...exceptionPrincipals] }),
      ...(denialCondition === undefined ? {} : { denialCondition }),
    },
  };
}

/** Order and repetition say nothing. */
const texts = (list: readonly string[] | null | undefined): string[] => (Array.isArray(list) ? [...new Set(list.map(String))].sort() : []);
