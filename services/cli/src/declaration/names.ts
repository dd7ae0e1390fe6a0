import { tenantLineage } from '@wami/contracts';
import type { Mistake } from './mistakes';
import { keyOf, type Actual, type Declaration, type DeclaredThing, type Reference, type Thing, type ThingKind } from './model';

/** What names stand for: things of the file, or of WAMI. */
export class Names {
  constructor(private readonly declaration: Declaration, private readonly actual: Actual, private readonly mistakes: Mistake[]) {}

  /** Of this tenant, or of the nearest above that has it. Undefined, and a mistake, where there is none. */
  policy(owner: DeclaredThing, reference: Reference): Thing | undefined {
    const tenants = reference.tenant === undefined ? tenantLineage(owner.tenant).reverse() : [reference.tenant];
    return this.find('policy', tenants, reference, `in ${owner.tenant} or above it`);
  }

  user(group: DeclaredThing, reference: Reference): Thing | undefined {
    return this.find('user', [reference.tenant ?? group.tenant], reference, `in ${group.tenant}`);
  }

  /** The parent that a tenant needs. */
  checkParent({ tenant, at }: DeclaredThing): void {
    const parent = tenantLineage(tenant).at(-2);
    if (parent === undefined || this.known({ kind: 'tenant', tenant: parent, name: parent })) return;
    this.mistakes.push({ at, what: `its parent ${parent} is neither declared nor there` });
  }

  private find(kind: ThingKind, tenants: readonly string[], { name, tenant, at }: Reference, where: string): Thing | undefined {
    const found = tenants.map((one): Thing => ({ kind, tenant: one, name })).find((thing) => this.known(thing));
    if (!found) this.mistakes.push({ at, what: `there is no ${kind} ${name} ${tenant === undefined ? where : `in ${tenant}`}, neither declared nor in WAMI` });
    return found;
  }

  private known(thing: Thing): boolean {
    return this.declaration.things.has(keyOf(thing)) || this.actual.byKey.has(keyOf(thing));
  }
}
