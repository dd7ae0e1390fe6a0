import { ProviderError, withFacet, type Applied, type CallContext, type Changes, type Observed } from '@wami/provider-port';
import type { AllowPolicy } from './allow-policy';
import { granting, revoking, revokingAllOf, rolesOf, type Bindings } from './bindings';
import { CustomRoles } from './custom-roles';
import type { Denials } from './denials';
import { isNameOfDenial } from './deny-rules';
import type { GcpClient } from './gcp.client';
import { noDenials } from './policies.handler';
import { roleIdOf, sorted } from './policy-shape';

export const POLICIES = 'policies';

type Rejected = Applied['rejected'];

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

  /** Denies first and spares last, so that nobody can do more in between; what is given and taken is one write. Those that were refused are named and the others count. */
  async apply(observed: Observed, member: string, { addTo, removeFrom }: Pick<Changes, 'addTo' | 'removeFrom'>, context: CallContext): Promise<Applied> {
    const [add, remove] = [sorted(addTo[POLICIES] ?? []), sorted(removeFrom[POLICIES] ?? [])];
    if (add.length + remove.length === 0) return { observed, rejected: [] };
    const isRole = (name: string): boolean => !isNameOfDenial(name);
    const [denied, spared] = [add.filter(isNameOfDenial), remove.filter(isNameOfDenial)];
    const rejected = [
      ...(await this.denials?.deny(POLICIES, denied, member, context) ?? unheld(denied)),
      ...(await this.give(add.filter(isRole), remove.filter(isRole), member, context)),
      ...(await this.denials?.spare(POLICIES, spared, member, context) ?? unheld(spared)),
    ];
    return { observed: afterwards(observed, add, remove, new Set(rejected.map(({ name }) => name))), rejected };
  }

  /** Of somebody who is about to be deleted: Google would keep what was given as that of `deleted:` members. */
  async takeAll(member: string, context: CallContext): Promise<void> {
    const [revoked] = await this.policy.edit([revokingAllOf(member)], context);
    if (revoked?.error) throw revoked.error;
  }

  /** Of somebody who was deleted, and not before: until then what is denied is denied. */
  async forget(member: string, context: CallContext): Promise<void> {
    await this.denials?.forget(member, context);
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

const unheld = (names: readonly string[]): Rejected => names.map((name) => ({ facet: POLICIES, name, error: noDenials() }));

function afterwards(observed: Observed, add: readonly string[], remove: readonly string[], refused: ReadonlySet<string>): Observed {
  if (!observed.facetsRead.includes(POLICIES)) return observed;
  const gone = new Set(remove.filter((name) => !refused.has(name)));
  const before = observed.shape.facets[POLICIES] ?? [];
  return withFacet(observed, POLICIES, [...before.filter((name) => !gone.has(name)), ...add.filter((name) => !refused.has(name))]);
}
