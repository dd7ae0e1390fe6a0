import { ProviderError, withFacet, type Applied, type CallContext, type Changes, type Observed, type OwnershipMark } from '@wami/provider-port';
import type { AllowPolicy } from './allow-policy';
import { isNameOfBoundary } from './access-boundary-document';
import { granting, revoking, revokingAllOf, rolesOf, type Bindings } from './bindings';
import { CustomRoles } from './custom-roles';
import type { Denials } from './denials';
import { isNameOfDenial } from './deny-rules';
import type { GcpClient } from './gcp.client';
import { noDenials } from './policies.handler';
import { roleIdOf, sorted } from './policy-shape';

export const POLICIES = 'policies';

type Rejected = Applied['rejected'];
type Relations = Pick<Changes, 'addTo' | 'removeFrom'>;

/** Makes and takes away the relations of somebody that are no attachments. */
type OtherRelations = (observed: Observed, changes: Relations) => Promise<Applied>;
const NO_OTHERS: OtherRelations = async (observed) => ({ observed, rejected: [] });

/** For whom it is called. `instance`: whose marks are ours. */
export interface OnBehalf {
  readonly instance: OwnershipMark['instance'];
  readonly context: CallContext;
}

/** What is attached to members of the allow policy: custom roles that they have, deny policies that are about them. Roles of Google's own are none of ours. */
export class Attachments {
  private readonly roles: CustomRoles;

  /** `denials`: absent where the connection holds none. */
  constructor(client: GcpClient, private readonly policy: AllowPolicy, private readonly denials?: Denials) {
    this.roles = new CustomRoles(client);
  }

  /** One read of the allow policy, and of all deny policies where they are held, serve any number of things. */
  async reader(context: CallContext): Promise<(observed: Observed, member: string) => Observed> {
    const bindings = await this.policy.bindings(context);
    const denied = await this.denials?.reader(context);
    return (observed, member) => withFacet(observed, POLICIES, [...this.customRoles(bindings, member), ...(denied?.(member) ?? [])]);
  }

  /**
   * Denies first and spares last, with all else in between: nobody can do more meanwhile. Where something could not be denied nothing more is given, of no kind; where something could not be taken
   * away, what is denied stays denied. What is given and taken is one write. Those that were refused are named, what was not tried for that among them, and the others count.
   */
  async apply(observed: Observed, member: string, changes: Relations, { instance, context }: OnBehalf, others: OtherRelations = NO_OTHERS): Promise<Applied> {
    const { addTo, removeFrom } = changes;
    const [add, remove] = [sorted(addTo[POLICIES] ?? []), sorted(removeFrom[POLICIES] ?? [])];
    if (add.length + remove.length === 0) return others(observed, changes);
    const boundaries = add.filter(isNameOfBoundary);
    if (boundaries.length > 0) return this.unlessBoundaries(boundaries, observed, member, changes, { instance, context }, others);
    const [roles, denied, spared] = [add.filter(isRole), add.filter(isNameOfDenial), remove.filter(isNameOfDenial)];
    const undenied = denied.length === 0 ? [] : await this.denials?.deny(POLICIES, denied, member, instance, context) ?? unheld(denied);
    const [first] = undenied;
    const withheld = first === undefined ? [] : notTried({ ...addTo, [POLICIES]: roles }, `${first.name} is to deny something first`, first);
    const joined = await others(observed, { addTo: first === undefined ? addTo : {}, removeFrom });
    const given = await this.give(first === undefined ? roles : [], remove.filter(isRole), member, context);
    const left = [...joined.rejected, ...given].find(({ facet, name }) => removeFrom[facet]?.includes(name));
    const unspared = spared.length === 0 ? [] : left ? notTried({ [POLICIES]: spared }, `${left.name} is to be taken away first`, left) : await this.denials?.spare(POLICIES, spared, member, instance, context) ?? unheld(spared);
    const rejected = [...undenied, ...withheld, ...joined.rejected, ...given, ...unspared];
    return { observed: afterwards(joined.observed, add, remove, new Set(rejected.flatMap(({ facet, name }) => (facet === POLICIES ? [name] : [])))), rejected };
  }

  /** What says what can be reached is nothing that is given or denied: all else goes its way. */
  private async unlessBoundaries(names: readonly string[], observed: Observed, member: string, { addTo, removeFrom }: Relations, behalf: OnBehalf, others: OtherRelations): Promise<Applied> {
    const left = { ...addTo, [POLICIES]: (addTo[POLICIES] ?? []).filter((name) => !isNameOfBoundary(name)) };
    const applied = await this.apply(observed, member, { addTo: left, removeFrom }, behalf, others);
    return { ...applied, rejected: [...applied.rejected, ...names.map((name) => ({ facet: POLICIES, name, error: new ProviderError('Unsupported', NOT_ATTACHED, { effect: 'none' }) }))] };
  }

  /** Names of policies of ours whose rules speak of somebody, by the address. */
  async denying(member: string, { instance, context }: OnBehalf): Promise<readonly string[]> {
    return await this.denials?.about(member, instance, context) ?? [];
  }

  /** Of somebody who is about to be deleted: Google would keep what was given as that of `deleted:` members. */
  async takeAll(member: string, context: CallContext): Promise<void> {
    const [revoked] = await this.policy.edit([revokingAllOf(member)], context);
    if (revoked?.error) throw revoked.error;
  }

  /** Of somebody who was deleted, and not before: until then what is denied is denied. Without a mark it is not known which policies are ours, and none is changed: Google keeps whoever is deleted as that. */
  async forget(member: string, mark: OwnershipMark | undefined, context: CallContext): Promise<void> {
    if (mark !== undefined) await this.denials?.forget(member, mark.instance, context);
  }

  /** In one write of the allow policy. */
  private async give(add: readonly string[], remove: readonly string[], member: string, context: CallContext): Promise<Rejected> {
    if (add.length + remove.length === 0) return [];
    const full = (id: string): string => this.roles.fullName(id);
    const edits = [...add.map((id) => granting(full(id), member)), ...remove.map((id) => revoking(full(id), member))];
    const edited = await this.policy.edit(edits, context);
    const rejected: Rejected[number][] = [];
    for (const [index, name] of [...add, ...remove].entries()) {
      const { error, before = [] } = edited[index] ?? {};
      const refused = error ?? (index < add.length ? undefined : await this.unseen(name, before, member, context));
      if (refused) rejected.push({ facet: POLICIES, name, error: refused });
    }
    return rejected;
  }

  /** What was to be taken away and is not there passes for done where the member has nothing of the kind, or the role is there and not given to it. */
  private async unseen(id: string, before: Bindings, member: string, context: CallContext): Promise<ProviderError | undefined> {
    const held = this.customRoles(before, member);
    if (held.length === 0 || held.includes(id)) return undefined;
    const role = await this.roles.get(id, context);
    if (role !== undefined && role.deleted !== true) return undefined;
    return new ProviderError('NotFound', `there is no custom role ${this.roles.fullName(id)}`, { effect: 'none' });
  }

  private customRoles(bindings: Bindings, member: string): string[] {
    const prefix = this.roles.fullName('');
    return sorted(rolesOf(bindings, member).flatMap((role) => (role.startsWith(prefix) ? [roleIdOf(role)] : [])));
  }
}

const isRole = (name: string): boolean => !isNameOfDenial(name) && !isNameOfBoundary(name);
const NOT_ATTACHED = 'a principal access boundary is attached to nobody: it limits whom it is the permissions boundary of';

/** What was not tried since another was refused. */
function notTried(relations: Changes['addTo'], why: string, { error }: Rejected[number]): Rejected {
  return Object.entries(relations).flatMap(([facet, names]) => names.map((name) => ({ facet, name, error: new ProviderError(error.code, `not tried, since ${why}: ${error.message}`, { ...error.options, effect: 'none' }) })));
}

const unheld = (names: readonly string[]): Rejected => names.map((name) => ({ facet: POLICIES, name, error: noDenials() }));

function afterwards(observed: Observed, add: readonly string[], remove: readonly string[], refused: ReadonlySet<string>): Observed {
  if (!observed.facetsRead.includes(POLICIES)) return observed;
  const gone = new Set(remove.filter((name) => !refused.has(name)));
  const before = observed.shape.facets[POLICIES] ?? [];
  return withFacet(observed, POLICIES, [...before.filter((name) => !gone.has(name)), ...add.filter((name) => !refused.has(name))]);
}
