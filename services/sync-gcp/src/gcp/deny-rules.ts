import type { iam_v2 } from '@googleapis/iam';
import type { Desired } from '@wami/provider-port';
import { isNameOfBoundary } from './access-boundary-document';

export type DenyPolicy = iam_v2.Schema$GoogleIamV2Policy;
export type RuleAtGoogle = iam_v2.Schema$GoogleIamV2PolicyRule;

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
export const isNameOfDenial = (name: string): boolean => name.includes('-') && !isNameOfBoundary(name);

/** What Google is to get of a policy that denies; undefined where it is none. */
export function denialsAtGoogle(name: string, { providerDocuments }: Desired['document']): { readonly displayName: string; readonly rules: readonly Denial[] } | undefined {
  const { gcp } = (providerDocuments ?? {}) as { readonly gcp?: Readonly<Record<string, unknown>> };
  if (gcp?.['rules'] === undefined) return undefined;
  const { rules, displayName } = gcp;
  const written = Array.isArray(rules) ? (rules as readonly (RuleAtGoogle | null)[]) : [];
  return { displayName: typeof displayName === 'string' && displayName !== '' ? displayName : name, rules: written.map((rule) => denialOf(rule ?? {}, false)) };
}

/** What one rule denies, and in which cases it does not, whoever it is about. A rule about nobody excepts what it denies as well: that is no word of it. */
export function denialOf({ description, denyRule }: RuleAtGoogle, isAboutNobody: boolean): Denial {
  const { deniedPermissions, exceptionPermissions, exceptionPrincipals, denialCondition } = denyRule ?? {};
  const denied = texts(deniedPermissions);
  const [permissions, principals] = [texts(exceptionPermissions).filter((permission) => !isAboutNobody || !denied.includes(permission)), texts(exceptionPrincipals)];
  const { expression, title, description: words } = denialCondition ?? {};
  return {
    ...(description ? { description } : {}), deniedPermissions: denied, ...(permissions.length === 0 ? {} : { exceptionPermissions: permissions }),
    ...(principals.length === 0 ? {} : { exceptionPrincipals: principals }),
    ...(expression ? { denialCondition: { expression, ...(title ? { title } : {}), ...(words ? { description: words } : {}) } } : {}),
  };
}

/** The rule about these, and about nobody else. */
export function ruleAbout({ description, ...denial }: Denial, principals: readonly string[]): RuleAtGoogle {
  const { deniedPermissions, exceptionPermissions = [], exceptionPrincipals, denialCondition } = denial;
  const exceptions = principals.length === 0 ? texts([...deniedPermissions, ...exceptionPermissions]) : exceptionPermissions;
  return {
    ...(description === undefined ? {} : { description }),
    denyRule: {
      deniedPrincipals: principals.length === 0 ? [EVERYBODY] : [...principals], deniedPermissions: [...deniedPermissions],
      ...(exceptions.length === 0 ? {} : { exceptionPermissions: [...exceptions] }), ...(exceptionPrincipals === undefined ? {} : { exceptionPrincipals: [...exceptionPrincipals] }),
      ...(denialCondition === undefined ? {} : { denialCondition }),
    },
  };
}

/** All that it denies it excepts: it denies nobody anything. */
export function deniesNothing({ denyRule }: RuleAtGoogle): boolean {
  const exceptions = denyRule?.exceptionPermissions ?? [];
  return (denyRule?.deniedPermissions ?? []).every((permission) => exceptions.includes(permission));
}

/** Whom a rule denies what it says. */
export function principalsOf(rule: RuleAtGoogle): readonly string[] {
  return deniesNothing(rule) ? [] : texts(rule.denyRule?.deniedPrincipals);
}

/** `user:ann@example.com`, as an allow policy says it, in the words of a deny policy. */
export function principalOf(member: string): string {
  const [kind = '', address = ''] = [member.slice(0, member.indexOf(':')), member.slice(member.indexOf(':') + 1)];
  return { user: `principal://goog/subject/${address}`, group: `principalSet://goog/group/${address}` }[kind] ?? `principal://iam.googleapis.com/projects/-/serviceAccounts/${address}`;
}

/** Order and repetition say nothing. */
export const texts = (list: readonly string[] | null | undefined): string[] => (Array.isArray(list) ? [...new Set(list.map(String))].sort() : []);

export const areSame = (some: readonly string[], others: readonly string[]): boolean => JSON.stringify(texts(some)) === JSON.stringify(texts(others));
