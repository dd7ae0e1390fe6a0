import { invalidArgument } from './errors';
import type { Change, DenyPolicyRecord, DenyRule, GcpState } from './gcp-state';
import type { DenyPolicyRequest } from './requests';

/** Limits of one resource's deny policies ("Deny policies", IAM documentation; discovery document of iam v2). */
export const DENY_POLICIES_PER_RESOURCE = 500;
const RULES_PER_RESOURCE = 500;
const EVERYBODY = 'principalSet://goog/public:all';
const PERMISSION = /^[a-z0-9-]+(\.[a-z0-9-]+)+\/([A-Za-z0-9_-]+|\*)\.([A-Za-z0-9_-]+|\*)$/;
const ADDRESS = String.raw`[^\s@:?/]+@[^\s@:?/]+\.[^\s@:?/]+`;
/** Principal identifiers of v2 (discovery document of iam v2). */
const PRINCIPAL = new RegExp([
  `^${EVERYBODY}$`, `^(deleted:)?principal://goog/subject/${ADDRESS}`, `^(deleted:)?principalSet://goog/group/${ADDRESS}`, String.raw`^principalSet://goog/cloudIdentityCustomerId/C\w+$`,
  `^(deleted:)?principal://iam\\.googleapis\\.com/projects/-/serviceAccounts/${ADDRESS}`, String.raw`^(deleted:)?principal(Set)?://iam\.googleapis\.com/(projects/\d+/)?locations/global/work(force|load\w+)Pools/\S+$`,
  String.raw`^principalSet://cloudresourcemanager\.googleapis\.com/(projects|folders|organizations)/\d+/type/Service(Account|Agent)$`,
].join('|'));

/** The rules that a policy asks for. `others`: of the other deny policies of the resource. What Google says of a rule without principals is told nowhere: the sandbox refuses it. */
export function rulesFrom({ rules = [] }: DenyPolicyRequest, others: readonly DenyPolicyRecord[]): readonly DenyRule[] {
  if (rules.length === 0) throw invalidArgument('The policy must contain at least one rule.');
  if (rules.length + others.reduce((sum, { rules: { length } }) => sum + length, 0) > RULES_PER_RESOURCE) {
    throw invalidArgument(`The number of deny rules exceeds the maximum allowed size of ${RULES_PER_RESOURCE}.`);
  }
  return rules.map(({ description = '', denyRule }) => {
    if (denyRule === undefined) throw invalidArgument('The rules of a deny policy must be deny rules.');
    if ([...description].length > 256) throw invalidArgument('The description of a rule must be at most 256 characters.');
    const { deniedPrincipals = [], exceptionPrincipals = [], deniedPermissions = [], exceptionPermissions = [], denialCondition } = denyRule;
    if (deniedPrincipals.length === 0) throw invalidArgument('The deny rule must contain at least one denied principal.');
    if (deniedPermissions.length === 0) throw invalidArgument('The deny rule must contain at least one denied permission.');
    const principal = [...deniedPrincipals, ...exceptionPrincipals].find((one) => !PRINCIPAL.test(one)) ?? exceptionPrincipals.find((one) => one === EVERYBODY);
    if (principal !== undefined) throw invalidArgument(`The principal specified by (${principal}) is in an incorrect format.`);
    const permission = [...deniedPermissions, ...exceptionPermissions].find((one) => !PERMISSION.test(one));
    if (permission !== undefined) throw invalidArgument(`Permission ${permission} is not supported in deny policies.`);
    if (denialCondition !== undefined && (denialCondition.expression ?? '').trim() === '') throw invalidArgument('The condition expression must not be empty.');
    return { description, denyRule: { deniedPrincipals, exceptionPrincipals, deniedPermissions, exceptionPermissions, ...(denialCondition === undefined ? {} : { denialCondition }) } };
  });
}

/** Rules about one who was deleted stay, under a name that says whom they meant, and back; members are called as an allow policy calls them (discovery document of iam v2). */
export function renamedPrincipal(state: GcpState, from: string, to: string): readonly Change[] {
  const [before, after] = [principalOf(from), principalOf(to)];
  const renamed = (principals: readonly string[]): readonly string[] => principals.map((principal) => (principal === before ? after : principal));
  return state.denyPolicies().filter((policy) => JSON.stringify(policy).includes(JSON.stringify(before))).map((policy): Change => ({
    type: 'deny-put', policy: {
      ...policy, rules: policy.rules.map(({ description, denyRule }) =>
        ({ description, denyRule: { ...denyRule, deniedPrincipals: renamed(denyRule.deniedPrincipals), exceptionPrincipals: renamed(denyRule.exceptionPrincipals) } })),
    },
  }));
}

/** `deleted:user:ann@example.com?uid=1` -> `deleted:principal://goog/subject/ann@example.com?uid=1` */
function principalOf(member: string): string {
  return member.replace(/^(deleted:)?(user|group|serviceAccount):/, (_all, deleted: string | undefined, kind: string) =>
    `${deleted ?? ''}${{ user: 'principal://goog/subject/', group: 'principalSet://goog/group/' }[kind] ?? 'principal://iam.googleapis.com/projects/-/serviceAccounts/'}`);
}
