import { tenantLineage } from '@wami/contracts';
import { withoutDefaults } from './fields';
import { keyOf, type Actual, type ActualThing, type Thing } from './model';

const SECTION = { user: 'users', group: 'groups', role: 'roles', policy: 'policies', 'service-account': 'serviceAccounts', 'identity-provider': 'identityProviders' } as const;

type Tenant = Record<string, unknown> & Partial<Record<(typeof SECTION)[keyof typeof SECTION], Record<string, unknown>>>;

/** What WAMI holds, as a file would declare it. `within`: only this tenant and below. */
export function exported(name: string, actual: Actual, within: string | undefined): { readonly declaration: string; readonly tenants: Record<string, Tenant> } {
  const inside = ({ tenant }: Thing): boolean => within === undefined || tenant === within || tenant.startsWith(`${within}/`);
  const things = [...actual.byKey.values()].filter(inside).sort(byPlace);
  const relations = namesOfRelations(actual);
  const tenants: Record<string, Tenant> = {};
  for (const thing of things) if (thing.kind === 'tenant') tenants[thing.tenant] = tenantOf(thing);
  for (const thing of things) {
    const tenant = tenants[thing.tenant];
    if (thing.kind === 'tenant' || !tenant) continue;
    (tenant[SECTION[thing.kind]] ??= {})[thing.name] = resourceOf(thing, actual, relations);
  }
  return { declaration: name, tenants };
}

function tenantOf(thing: ActualThing): Tenant {
  return withoutDefaults(thing) as Tenant;
}

function resourceOf(thing: ActualThing, actual: Actual, relations: Relations): object {
  const { permissionsBoundary, ...fields } = withoutDefaults(thing);
  const boundary = typeof permissionsBoundary === 'string' ? actual.byId.get(permissionsBoundary) : undefined;
  const policies = relations.policiesOf(thing.id).map((policy) => policyReference(thing, policy, actual));
  const members = relations.membersOf(thing.id).map((user) => (user.tenant === thing.tenant ? user.name : { name: user.name, tenant: user.tenant }));
  return {
    ...fields, ...(boundary ? { permissionsBoundary: policyReference(thing, boundary, actual) } : {}), ...(members.length > 0 ? { members } : {}), ...(policies.length > 0 ? { policies } : {}),
  };
}

/** Its bare name where that finds it. */
function policyReference(owner: Thing, { name, tenant }: Thing, { byKey }: Actual): string | { name: string; tenant: string } {
  const found = tenantLineage(owner.tenant).reverse().find((path) => byKey.has(keyOf({ kind: 'policy', tenant: path, name })));
  return found === tenant ? name : { name, tenant };
}

interface Relations {
  readonly membersOf: (group: string) => readonly ActualThing[];
  readonly policiesOf: (owner: string) => readonly ActualThing[];
}

function namesOfRelations({ relations, byId }: Actual): Relations {
  const members = new Map<string, ActualThing[]>();
  const policies = new Map<string, ActualThing[]>();
  for (const { kind, toId, ofId } of relations) {
    const [map, near, far] = kind === 'membership' ? [members, toId, ofId] : [policies, ofId, toId];
    const thing = byId.get(far);
    if (thing) map.set(near, [...(map.get(near) ?? []), thing]);
  }
  return { membersOf: (group) => (members.get(group) ?? []).sort(byPlace), policiesOf: (owner) => (policies.get(owner) ?? []).sort(byPlace) };
}

function byPlace(a: Thing, b: Thing): number {
  return compare(a.tenant, b.tenant) || compare(a.name, b.name);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
