import { Links } from '../cloud/links';
import { byKey } from '../cloud/order';
import type { Store } from '../cloud/store';

export type ObjectType = 'user' | 'group' | 'application' | 'servicePrincipal';
export type Fields = Readonly<Record<string, unknown>>;

/** An object of the directory. Secrets are not among its fields. */
export interface DirectoryObject {
  readonly id: string;
  readonly type: ObjectType;
  readonly fields: Fields;
  /** Milliseconds since 1970; absent while it is alive. */
  readonly deletedAt?: number;
}
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}
export interface RoleDefinition {
  /** A GUID in lower case. */
  readonly name: string;
  readonly roleName: string;
  readonly type: 'CustomRole' | 'BuiltInRole';
  readonly description: string;
  readonly assignableScopes: readonly string[];
  readonly permissions: readonly Permission[];
  readonly createdOn: string;
  readonly updatedOn: string;
}
export interface RoleAssignment {
  readonly name: string;
  readonly scope: string;
  /** The name of the definition. */
  readonly role: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly description: string | null;
  readonly condition: string | null;
  readonly conditionVersion: string | null;
  readonly createdOn: string;
  readonly updatedOn: string;
}

/** The journal's alphabet. Each carries the whole new value, so applying one twice is applying it once. */
export type Change =
  | { readonly type: 'object-put'; readonly object: DirectoryObject }
  | { readonly type: 'member-added' | 'member-removed'; readonly groupId: string; readonly memberId: string }
  | { readonly type: 'definition-put'; readonly definition: RoleDefinition }
  | { readonly type: 'assignment-put'; readonly assignment: RoleAssignment }
  | { readonly type: 'object-forgotten' | 'definition-deleted' | 'assignment-deleted' | 'resource-group-deleted'; readonly id: string }
  | { readonly type: 'cleared' };

export type AzureStore = Store<AzureState, Change>;

/** All that one tenant and one subscription of it hold, what is deleted but can be restored included. */
export class AzureState {
  private readonly objectRecords = new Map<string, DirectoryObject>();
  private readonly definitionRecords = new Map<string, RoleDefinition>();
  private readonly assignmentRecords = new Map<string, RoleAssignment>();
  /** Scopes in lower case. */
  private readonly deletedGroups = new Set<string>();
  /** From group to member; those of deleted objects wait for their return. */
  private readonly memberships = new Links();

  /** Alive or deleted, in the order of their making. */
  objects(): readonly DirectoryObject[] {
    return [...this.objectRecords.values()];
  }

  /** Alive ones of this type, by id. */
  ofType(type: ObjectType): readonly DirectoryObject[] {
    return this.objects().filter((object) => object.type === type && object.deletedAt === undefined).sort(byKey(({ id }) => id));
  }

  object(id: string): DirectoryObject | undefined {
    return this.objectRecords.get(id.toLowerCase());
  }

  isMember(groupId: string, memberId: string): boolean {
    return this.memberships.has(groupId, memberId);
  }

  /** Alive ones, by id. */
  membersOf(groupId: string): readonly DirectoryObject[] {
    return this.alive(this.memberships.of(groupId));
  }

  groupsOf(memberId: string): readonly DirectoryObject[] {
    return this.alive(this.memberships.to(memberId));
  }

  /** Custom ones, by name. */
  definitions(): readonly RoleDefinition[] {
    return [...this.definitionRecords.values()].sort(byKey(({ name }) => name));
  }

  definition(name: string): RoleDefinition | undefined {
    return this.definitionRecords.get(name.toLowerCase());
  }

  assignments(): readonly RoleAssignment[] {
    return [...this.assignmentRecords.values()].sort(byKey(({ name }) => name));
  }

  assignment(name: string): RoleAssignment | undefined {
    return this.assignmentRecords.get(name.toLowerCase());
  }

  /** The resource group that a scope lies in, where that was deleted; every other is there. */
  deletedGroupOf(scope: string): string | undefined {
    return [...this.deletedGroups].find((group) => scope.toLowerCase() === group || scope.toLowerCase().startsWith(`${group}/`));
  }

  asChanges(): readonly Change[] {
    return [
      ...this.objects().map((object): Change => ({ type: 'object-put', object })),
      ...this.objects().flatMap(({ id }) => [...this.memberships.of(id)].map((memberId): Change => ({ type: 'member-added', groupId: id, memberId }))),
      ...this.definitions().map((definition): Change => ({ type: 'definition-put', definition })),
      ...this.assignments().map((assignment): Change => ({ type: 'assignment-put', assignment })),
      ...[...this.deletedGroups].map((id): Change => ({ type: 'resource-group-deleted', id })),
    ];
  }

  apply(change: Change): void {
    switch (change.type) {
      case 'object-put': this.objectRecords.set(change.object.id, change.object); return;
      case 'object-forgotten': this.objectRecords.delete(change.id); this.memberships.forget(change.id); return;
      case 'member-added': return this.memberships.add(change.groupId, change.memberId);
      case 'member-removed': return this.memberships.remove(change.groupId, change.memberId);
      case 'definition-put': this.definitionRecords.set(change.definition.name, change.definition); return;
      case 'definition-deleted': this.definitionRecords.delete(change.id); return;
      case 'assignment-put': this.assignmentRecords.set(change.assignment.name, change.assignment); return;
      case 'assignment-deleted': this.assignmentRecords.delete(change.id); return;
      case 'resource-group-deleted': this.deleteGroup(change.id); return;
      case 'cleared': this.clear(); return;
    }
  }

  private alive(ids: ReadonlySet<string>): readonly DirectoryObject[] {
    return [...ids].flatMap((id) => this.objectRecords.get(id) ?? []).filter(({ deletedAt }) => deletedAt === undefined).sort(byKey(({ id }) => id));
  }

  /** What was given there goes with it. */
  private deleteGroup(id: string): void {
    this.deletedGroups.add(id.toLowerCase());
    for (const { name, scope } of this.assignments()) if (this.deletedGroupOf(scope) !== undefined) this.assignmentRecords.delete(name);
  }

  private clear(): void {
    for (const part of [this.deletedGroups, this.objectRecords, this.definitionRecords, this.assignmentRecords, this.memberships]) part.clear();
  }
}
