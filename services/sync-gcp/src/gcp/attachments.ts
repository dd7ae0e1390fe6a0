import { ProviderError, withFacet, type Applied, type CallContext, type Changes, type Observed } from '@wami/provider-port';
import type { AllowPolicy } from './allow-policy';
import { granting, revoking, rolesOf, type Bindings } from './bindings';
import { CustomRoles } from './custom-roles';
import type { GcpClient } from './gcp.client';
import { roleIdOf, sorted } from './policy-shape';

export const POLICIES = 'policies';

/** Custom roles that members of the allow policy have: what is attached to them. Roles of Google's own are none of ours. */
export class Attachments {
  private readonly roles: CustomRoles;

  constructor(client: GcpClient, private readonly policy: AllowPolicy) {
    this.roles = new CustomRoles(client);
  }

  /** One read serves any number of things. */
  async reader(context: CallContext): Promise<(observed: Observed, member: string) => Observed> {
    const bindings = await this.policy.bindings(context);
    return (observed, member) => withFacet(observed, POLICIES, this.customRoles(bindings, member));
  }

  /** Gives and takes away in one write; those that were refused are named and the others count. */
  async apply(observed: Observed, member: string, { addTo, removeFrom }: Pick<Changes, 'addTo' | 'removeFrom'>, context: CallContext): Promise<Applied> {
    const [add, remove] = [sorted(addTo[POLICIES] ?? []), sorted(removeFrom[POLICIES] ?? [])];
    if (add.length + remove.length === 0) return { observed, rejected: [] };
    const full = (id: string): string => this.roles.fullName(id);
    const edits = [...add.map((id) => granting(full(id), member)), ...remove.map((id) => revoking(full(id), member))];
    const edited = await this.policy.edit(edits, context);
    const rejected: Applied['rejected'][number][] = [];
    for (const [index, name] of [...add, ...remove].entries()) {
      const { error, before = [] } = edited[index] ?? {};
      const refused = error ?? (index < add.length ? undefined : await this.unseen(name, before, member, context));
      if (refused) rejected.push({ facet: POLICIES, name, error: refused });
    }
    return { observed: afterwards(observed, add, remove, new Set(rejected.map(({ name }) => name))), rejected };
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

function afterwards(observed: Observed, add: readonly string[], remove: readonly string[], refused: ReadonlySet<string>): Observed {
  if (!observed.facetsRead.includes(POLICIES)) return observed;
  const gone = new Set(remove.filter((name) => !refused.has(name)));
  const before = observed.shape.facets[POLICIES] ?? [];
  return withFacet(observed, POLICIES, [...before.filter((name) => !gone.has(name)), ...add.filter((name) => !refused.has(name))]);
}
