import { randomUUID } from 'node:crypto';
import type { RoleDefinition } from '@azure/arm-authorization';
import { findOwn, orAbsent, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import { Attachments } from './attachments';
import type { AzureClient } from './azure.client';
import { markedText, readMarked } from './marks';
import { checkPolicy, noPlace } from './names-and-limits';
import { quoted } from './pages';
import { customRoles, desiredRole, isAssigned, listRoles, observedRole, putRole, roleAt, roleOfPolicy } from './role-definitions';

/** Custom roles of Azure RBAC. Their names are unique in the tenant whatever the case; the mark is the end of their description. */
export class PoliciesHandler implements ResourceHandler {
  readonly kind = 'policy';
  readonly facets: readonly string[] = [];

  constructor(private readonly client: AzureClient) {}

  shape(desired: Desired): Shape {
    return desiredRole(desired, this.client.place?.scope ?? '');
  }

  check(desired: Desired): ProviderError | undefined {
    return checkPolicy(desired, this.client.place);
  }

  /** By id where it is known, else one list by each name. */
  async observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { providerResourceId } = reference;
    const known = providerResourceId === undefined ? undefined : await this.get(providerResourceId, context);
    if (known !== undefined) return observedRole(known);
    return findOwn(reference, async (name) => {
      const [found] = await listRoles(this.client, this.scope, `roleName eq ${quoted(name)}`, context);
      return found && observedRole(found);
    });
  }

  /** One call. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { name, document, mark } = desired;
    const role = roleOfPolicy(document, this.scope);
    const description = markedText(role.description, mark);
    const made = await putRole(this.client, this.scope, randomUUID(), { ...role, description, roleName: name, roleType: 'CustomRole' }, context);
    return { observed: observedRole({ ...made, roleName: name, description }), rejected: [] };
  }

  /** Azure takes a role as a whole: a look before, and what is not to change stays as it was found. */
  async update(desired: Desired, observed: Observed, { fields, adopt = false }: Changes, context: CallContext): Promise<Applied> {
    if (Object.keys(fields).length === 0 && !adopt) return { observed, rejected: [] };
    const current = await this.get(observed.providerResourceId, context);
    if (current === undefined) throw new ProviderError('NotFound', `${observed.name} is not there any more`, { effect: 'none' });
    const { text, mark } = readMarked(current.description);
    const wanted = roleOfPolicy(desired.document, this.scope);
    const keeps = adopt ? desired.mark : mark;
    const words = fields['description'] === undefined ? text : wanted.description;
    const role: RoleDefinition = {
      roleName: fields['name'] ?? current.roleName ?? observed.name,
      roleType: 'CustomRole',
      description: keeps === undefined ? words : markedText(words, keeps),
      permissions: fields['document'] === undefined ? (current.permissions ?? []) : wanted.permissions,
      assignableScopes: fields['document'] === undefined ? (current.assignableScopes ?? []) : wanted.assignableScopes,
    };
    await putRole(this.client, this.scope, observed.providerResourceId, role, context);
    return { observed: observedRole({ ...role, id: observed.nativeArn, name: observed.providerResourceId }), rejected: [] };
  }

  /** Its assignments are looked for only where Azure says that there are some: a place may have thousands. */
  async delete({ nativeArn, providerResourceId }: Observed, context: CallContext): Promise<void> {
    const remove = () =>
      orAbsent(this.client.rbac('write', 'RoleDefinitions.Delete', (arm, abortSignal) => arm.roleDefinitions.delete(this.scope.slice(1), providerResourceId, { abortSignal }), context));
    try {
      await remove();
    } catch (error) {
      if (!isAssigned(error)) throw error;
      await new Attachments(this.client, context).clearRole(nativeArn);
      await remove();
    }
  }

  /** The description without the mark. */
  async release({ providerResourceId }: Observed, context: CallContext): Promise<void> {
    const current = await this.get(providerResourceId, context);
    if (current === undefined) return;
    const { text, mark } = readMarked(current.description);
    const { roleName = '', permissions = [], assignableScopes = [] } = current;
    if (mark !== undefined) await putRole(this.client, this.scope, providerResourceId, { roleName, roleType: 'CustomRole', permissions, assignableScopes, description: text }, context);
  }

  /** All of them in one page of Azure's. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    if (this.client.place === undefined) return;
    yield (await customRoles(this.client, this.scope, context)).map(observedRole);
  }

  private get(guid: string, context: CallContext): Promise<RoleDefinition | undefined> {
    return roleAt(this.client, this.scope, guid, context);
  }

  /** @throws ProviderError `Unsupported` where the connection says not where */
  private get scope(): string {
    if (this.client.place === undefined) throw noPlace();
    return this.client.place.scope;
  }
}
