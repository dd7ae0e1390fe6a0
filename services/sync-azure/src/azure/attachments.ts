import { createHash } from 'node:crypto';
import type { RoleAssignment } from '@azure/arm-authorization';
import { orAbsent, ProviderError, type CallContext, type End, type FacetCalls, type Observed } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import { isAlready, isPlaceGone } from './azure.errors';
import { noPlace } from './names-and-limits';
import { contains } from './place';
import { customRoles, roleAt } from './role-definitions';
import { objectId, unlessAlready } from './ends';

export const POLICIES = 'policies';
export type PrincipalType = 'User' | 'Group' | 'ServicePrincipal';

/** A namespace of our own for names of assignments: the same three make the same name. */
const NAMESPACE = Buffer.from('5f0c2a7e0b1d4e7f9a3c6d8e1b2f4a60', 'hex');

/** The name of an assignment: a UUID by the three that make it (RFC 9562, version 5), so that a repeated create finds the first. */
export function assignmentName(scope: string, principalId: string, roleDefinitionId: string): string {
  const hash = createHash('sha1').update(NAMESPACE).update([scope, principalId, roleDefinitionId].join('\n').toLowerCase()).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The role assignments of the custom roles at the place that the connection is for. */
export class Attachments {
  constructor(
    private readonly client: AzureClient,
    private readonly context: CallContext,
  ) {}

  /** The custom roles of a principal at the place. Without a place there are none. */
  facetOf(type: PrincipalType): FacetCalls {
    return {
      facet: POLICIES,
      standing: (owner) => this.standing(principalOf(owner)),
      add: (owner, end) => unlessAlready(this.assign(principalOf(owner), type, end)),
      remove: (owner, end) => this.unassign(principalOf(owner), end),
      exists: (end) => this.exists(end),
    };
  }

  /** By id of the principal, in two reads for all of them: the names of its custom roles at the place. */
  async ofAll(): Promise<ReadonlyMap<string, readonly string[]>> {
    if (this.client.place === undefined) return new Map();
    const [assignments, names] = [await this.list('atScope()'), await this.roleNames()];
    const all = new Map<string, string[]>();
    for (const { principalId = '', roleDefinitionId = '' } of assignments.filter((one) => this.isHere(one))) {
      const name = names.get(guidOf(roleDefinitionId));
      if (name !== undefined) all.set(principalId, [...(all.get(principalId) ?? []), name]);
    }
    return all;
  }

  /** Takes away what a principal is assigned at the place and within it: it would stay there as "identity not found". What stands in a management group is not seen as within it. */
  async clear(owner: Observed): Promise<void> {
    if (this.client.place === undefined) return;
    for (const { id } of await noneWhereGone(this.ofPrincipal(principalOf(owner)))) await this.delete(id);
  }

  /** Takes away every assignment of a role at the place and within it. */
  async clearRole(roleDefinitionId: string): Promise<void> {
    const all = await noneWhereGone(this.list());
    for (const { id } of all.filter((one) => this.isWithin(one) && guidOf(one.roleDefinitionId) === guidOf(roleDefinitionId))) await this.delete(id);
  }

  private async standing(principalId: string): Promise<readonly string[]> {
    if (this.client.place === undefined) return [];
    const here = (await this.ofPrincipal(principalId)).filter((one) => this.isHere(one));
    if (here.length === 0) return [];
    const names = await this.roleNames();
    return here.flatMap(({ roleDefinitionId }) => names.get(guidOf(roleDefinitionId)) ?? []);
  }

  private async assign(principalId: string, principalType: PrincipalType, end: End): Promise<void> {
    const roleDefinitionId = roleOf(end);
    const name = assignmentName(this.scope, principalId, roleDefinitionId);
    const create = this.client.rbac(
      'write',
      'RoleAssignments.Create',
      (arm, abortSignal) => arm.roleAssignments.create(this.scope.slice(1), name, { roleDefinitionId, principalId, principalType }, { abortSignal }),
      this.context,
    );
    await create.catch((error: unknown) => {
      if (!isAlready(error)) throw error;
    });
  }

  /** Somebody else may have assigned the role under another name. */
  private async unassign(principalId: string, end: End): Promise<void> {
    const roleDefinitionId = roleOf(end);
    if (await this.delete(`${this.scope}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(this.scope, principalId, roleDefinitionId)}`)) return;
    const other = (await this.ofPrincipal(principalId)).find((one) => this.isHere(one) && guidOf(one.roleDefinitionId) === guidOf(roleDefinitionId));
    if (other === undefined) throw new ProviderError('NotFound', `${end.name} is not assigned`, { effect: 'none' });
    await this.delete(other.id);
  }

  private async exists(end: End): Promise<boolean> {
    return (await roleAt(this.client, this.scope, objectId(end), this.context)) !== undefined;
  }

  private async ofPrincipal(principalId: string): Promise<RoleAssignment[]> {
    const all = await this.list(`principalId eq '${principalId}'`);
    return all.filter((one) => one.principalId === principalId && this.isWithin(one));
  }

  private list(filter?: string): Promise<RoleAssignment[]> {
    return this.client.rbacPages(
      'RoleAssignments.ListForScope',
      (arm, abortSignal) => arm.roleAssignments.listForScope(this.scope.slice(1), { abortSignal, ...(filter === undefined ? {} : { filter }) }),
      this.context,
    );
  }

  /** True where there was one. */
  private async delete(id = ''): Promise<boolean> {
    const gone = await orAbsent(
      this.client.rbac('write', 'RoleAssignments.DeleteById', async (arm, abortSignal) => ((await arm.roleAssignments.deleteById(id.slice(1), { abortSignal })) as RoleAssignment | undefined) ?? {}, this.context),
    );
    return gone?.id !== undefined;
  }

  private async roleNames(): Promise<ReadonlyMap<string, string>> {
    const roles = await customRoles(this.client, this.scope, this.context);
    return new Map(roles.flatMap(({ name, roleName }) => (name === undefined || roleName === undefined ? [] : [[name.toLowerCase(), roleName] as const])));
  }

  /** Lists tell of what is above too. */
  private isWithin({ scope = '' }: RoleAssignment): boolean {
    return contains(this.scope, scope);
  }

  private isHere({ scope }: RoleAssignment): boolean {
    return scope?.toLowerCase() === this.scope.toLowerCase();
  }

  /** @throws ProviderError `Unsupported` where the connection says not where */
  private get scope(): string {
    if (this.client.place === undefined) throw noPlace();
    return this.client.place.scope;
  }
}

/** The place was deleted, and with it all that was given there. */
function noneWhereGone(found: Promise<RoleAssignment[]>): Promise<RoleAssignment[]> {
  return found.catch((error: unknown) => {
    if (!isPlaceGone(error)) throw error;
    return [];
  });
}

/** Ids of the same thing differ in case, and in whether they name the subscription: the last part says which it is. */
function guidOf(id = ''): string {
  return id.slice(id.lastIndexOf('/') + 1).toLowerCase();
}

function principalOf({ nativeArn }: Observed): string {
  return nativeArn.slice(nativeArn.lastIndexOf('/') + 1);
}

/** @throws ProviderError `NotFound` where nothing of that name is known at the target */
function roleOf(end: End): string {
  objectId(end);
  return end.arn ?? '';
}
