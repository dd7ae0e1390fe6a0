import { byKey } from '../cloud/order';
import type { Store } from '../cloud/store';
import { DirectoryState } from './directory-state';
import type { DirectoryChange } from './directory-state';

export interface ServiceAccountRecord {
  /** Given once in the world, never again. */
  readonly uniqueId: string;
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  readonly description: string;
  readonly disabled: boolean;
  /** Milliseconds since 1970; absent while it is alive. */
  readonly deletedAt?: number;
  /** Those that people made. Absent: none. */
  readonly keys?: readonly KeyRecord[];
}
/** Without its private half, which is told once. */
export interface KeyRecord {
  /** Forty hexadecimal digits. */
  readonly id: string;
  readonly algorithm: string;
  readonly createdAt: number;
  readonly disabled: boolean;
}
export interface RoleRecord {
  /** As it stands in the name, behind `roles/`. */
  readonly id: string;
  /** Absent: it is the project's. */
  readonly of?: 'organization';
  readonly title: string;
  readonly description: string;
  readonly includedPermissions: readonly string[];
  readonly stage: string;
  readonly etag: string;
  readonly deletedAt?: number;
}
export interface Condition {
  readonly expression: string;
  readonly title: string;
  readonly description?: string;
  readonly location?: string;
}
export interface Binding {
  readonly role: string;
  /** In their order as text. */
  readonly members: readonly string[];
  readonly condition?: Condition;
}
export interface AuditConfig {
  readonly service: string;
  readonly auditLogConfigs: readonly { readonly logType: string; readonly exemptedMembers?: readonly string[] }[];
}
export interface PolicyRecord {
  readonly etag: string;
  /** By role. */
  readonly bindings: readonly Binding[];
  readonly auditConfigs: readonly AuditConfig[];
}

export interface DenyRule {
  readonly description: string;
  readonly denyRule: {
    readonly deniedPrincipals: readonly string[];
    readonly exceptionPrincipals: readonly string[];
    readonly deniedPermissions: readonly string[];
    readonly exceptionPermissions: readonly string[];
    readonly denialCondition?: Partial<Condition>;
  };
}
export interface DenyPolicyRecord {
  readonly id: string;
  /** Absent: it is the project's. */
  readonly of?: NodeAbove;
  readonly uid: string;
  readonly displayName: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly rules: readonly DenyRule[];
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A principal access boundary policy of the organisation. */
export interface AccessBoundaryRecord {
  readonly id: string;
  readonly uid: string;
  readonly displayName: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly rules: readonly { readonly description: string; readonly resources: readonly string[]; readonly effect: string }[];
  readonly enforcementVersion: string;
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}
/** What binds one to principals. It stands in the organisation. */
export interface PolicyBindingRecord extends Pick<AccessBoundaryRecord, 'id' | 'uid' | 'displayName' | 'annotations' | 'etag' | 'createdAt' | 'updatedAt'> {
  readonly principalSet: string;
  /** Name of the policy. */
  readonly policy: string;
  readonly policyUid: string;
  readonly condition?: Partial<Condition>;
}

/** What has policies beside the project. */
export type NodeAbove = 'folder' | 'organization';

/** The journal's alphabet. Each carries the whole new value, so applying one twice is applying it once. */
export type Change =
  | { readonly type: 'account-put'; readonly account: ServiceAccountRecord }
  | { readonly type: 'role-put'; readonly role: RoleRecord }
  | { readonly type: 'account-forgotten'; readonly id: string }
  | { readonly type: 'policy-put'; readonly policy: PolicyRecord; readonly of?: NodeAbove }
  | { readonly type: 'deny-put'; readonly policy: DenyPolicyRecord }
  | { readonly type: 'deny-forgotten'; readonly id: string; readonly of?: NodeAbove }
  | { readonly type: 'access-boundary-put'; readonly policy: AccessBoundaryRecord }
  | { readonly type: 'access-boundary-forgotten'; readonly id: string }
  | { readonly type: 'policy-binding-put'; readonly binding: PolicyBindingRecord }
  | { readonly type: 'policy-binding-forgotten'; readonly id: string }
  | DirectoryChange
  | { readonly type: 'cleared' };

export type GcpStore = Store<GcpState, Change>;

/** The etag of a policy that nobody ever set. */
const UNTOUCHED: PolicyRecord = { etag: 'ACAB', bindings: [], auditConfigs: [] };

/** All that one project, its organisation with a folder, and the organisation's directory hold, what is deleted but can be brought back included. */
export class GcpState {
  readonly directory = new DirectoryState();
  private readonly accountRecords = new Map<string, ServiceAccountRecord>();
  private readonly roleRecords = new Map<string, RoleRecord>();
  private readonly policyRecords = new Map<NodeAbove | undefined, PolicyRecord>();
  private readonly denyRecords = new Map<string, DenyPolicyRecord>();
  private readonly boundaryRecords = new Map<string, AccessBoundaryRecord>();
  private readonly bindingRecords = new Map<string, PolicyBindingRecord>();

  /** Allow policy of the project, or of what is above it. */
  policy(of?: NodeAbove): PolicyRecord {
    return this.policyRecords.get(of) ?? UNTOUCHED;
  }

  /** Each that anybody ever set. */
  policies(): readonly (readonly [NodeAbove | undefined, PolicyRecord])[] {
    return [...this.policyRecords];
  }

  /** Of project, folder and organisation, by id. */
  denyPolicies(): readonly DenyPolicyRecord[] {
    return [...this.denyRecords.values()].sort(byKey(({ id }) => id));
  }

  /** Of the organisation, by id. */
  accessBoundaries(): readonly AccessBoundaryRecord[] {
    return [...this.boundaryRecords.values()].sort(byKey(({ id }) => id));
  }

  /** Of the organisation, by id. */
  policyBindings(): readonly PolicyBindingRecord[] {
    return [...this.bindingRecords.values()].sort(byKey(({ id }) => id));
  }

  /** By e-mail address. */
  accounts(): readonly ServiceAccountRecord[] {
    return [...this.accountRecords.values()].sort(byKey(({ email }) => email));
  }

  account(uniqueId: string): ServiceAccountRecord | undefined {
    return this.accountRecords.get(uniqueId);
  }

  /** The one that is alive under this address. */
  accountAt(email: string): ServiceAccountRecord | undefined {
    return [...this.accountRecords.values()].find((account) => account.deletedAt === undefined && account.email === email);
  }

  /** Of the project or the organisation, by id. */
  roles(of: RoleRecord['of']): readonly RoleRecord[] {
    return [...this.roleRecords.values()].filter((role) => role.of === of).sort(byKey(({ id }) => id));
  }

  role(id: string, of: RoleRecord['of']): RoleRecord | undefined {
    return this.roleRecords.get(roleKey({ id, of }));
  }

  asChanges(): readonly Change[] {
    return [
      ...this.accounts().map((account): Change => ({ type: 'account-put', account })),
      ...[...this.roleRecords.values()].map((role): Change => ({ type: 'role-put', role })),
      ...this.policies().map(([of, policy]): Change => ({ type: 'policy-put', policy, ...(of === undefined ? {} : { of }) })),
      ...this.denyPolicies().map((policy): Change => ({ type: 'deny-put', policy })),
      ...this.accessBoundaries().map((policy): Change => ({ type: 'access-boundary-put', policy })),
      ...this.policyBindings().map((binding): Change => ({ type: 'policy-binding-put', binding })),
      ...this.directory.asChanges(),
    ];
  }

  apply(change: Change): void {
    switch (change.type) {
      case 'account-put': this.accountRecords.set(change.account.uniqueId, change.account); return;
      case 'account-forgotten': this.accountRecords.delete(change.id); return;
      case 'role-put': this.roleRecords.set(roleKey(change.role), change.role); return;
      case 'policy-put': this.policyRecords.set(change.of, change.policy); return;
      case 'deny-put': this.denyRecords.set(denyKey(change.policy), change.policy); return;
      case 'deny-forgotten': this.denyRecords.delete(denyKey(change)); return;
      case 'access-boundary-put': this.boundaryRecords.set(change.policy.id, change.policy); return;
      case 'access-boundary-forgotten': this.boundaryRecords.delete(change.id); return;
      case 'policy-binding-put': this.bindingRecords.set(change.binding.id, change.binding); return;
      case 'policy-binding-forgotten': this.bindingRecords.delete(change.id); return;
      case 'cleared': this.clear(); return;
      default: this.directory.apply(change);
    }
  }

  private clear(): void {
    this.accountRecords.clear();
    this.roleRecords.clear();
    this.policyRecords.clear();
    this.denyRecords.clear();
    this.boundaryRecords.clear();
    this.bindingRecords.clear();
    this.directory.clear();
  }
}

const roleKey = ({ id, of }: { readonly id: string; readonly of?: RoleRecord['of'] | undefined }): string => `${of ?? ''}/${id}`;
const denyKey = ({ id, of }: Pick<DenyPolicyRecord, 'id' | 'of'>): string => `${of ?? ''}/${id}`;
