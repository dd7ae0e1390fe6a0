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
}
export interface RoleRecord {
  /** As it stands in the name, behind `roles/`. */
  readonly id: string;
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

/** The journal's alphabet. Each carries the whole new value, so applying one twice is applying it once. */
export type Change =
  | { readonly type: 'account-put'; readonly account: ServiceAccountRecord }
  | { readonly type: 'role-put'; readonly role: RoleRecord }
  | { readonly type: 'account-forgotten' | 'role-forgotten'; readonly id: string }
  | { readonly type: 'policy-put'; readonly policy: PolicyRecord }
  | DirectoryChange
  | { readonly type: 'cleared' };

export type GcpStore = Store<GcpState, Change>;

/** The etag of a policy that nobody ever set. */
const UNTOUCHED: PolicyRecord = { etag: 'ACAB', bindings: [], auditConfigs: [] };

/** All that one project and its organisation's directory hold, what is deleted but can be brought back included. */
export class GcpState {
  readonly directory = new DirectoryState();
  private readonly accountRecords = new Map<string, ServiceAccountRecord>();
  private readonly roleRecords = new Map<string, RoleRecord>();
  private policyRecord = UNTOUCHED;

  get policy(): PolicyRecord {
    return this.policyRecord;
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

  /** By id. */
  roles(): readonly RoleRecord[] {
    return [...this.roleRecords.values()].sort(byKey(({ id }) => id));
  }

  role(id: string): RoleRecord | undefined {
    return this.roleRecords.get(id);
  }

  asChanges(): readonly Change[] {
    return [
      ...this.accounts().map((account): Change => ({ type: 'account-put', account })),
      ...this.roles().map((role): Change => ({ type: 'role-put', role })),
      { type: 'policy-put', policy: this.policyRecord },
      ...this.directory.asChanges(),
    ];
  }

  apply(change: Change): void {
    switch (change.type) {
      case 'account-put': this.accountRecords.set(change.account.uniqueId, change.account); return;
      case 'account-forgotten': this.accountRecords.delete(change.id); return;
      case 'role-put': this.roleRecords.set(change.role.id, change.role); return;
      case 'role-forgotten': this.roleRecords.delete(change.id); return;
      case 'policy-put': this.policyRecord = change.policy; return;
      case 'cleared': this.clear(); return;
      default: this.directory.apply(change);
    }
  }

  private clear(): void {
    this.accountRecords.clear();
    this.roleRecords.clear();
    this.policyRecord = UNTOUCHED;
    this.directory.clear();
  }
}
