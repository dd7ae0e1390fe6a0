import {
  type AccessKeyEvent, attachmentId, idFrom, IMPORTABLE_KINDS, type AttachmentOwnerKind, type EventMeta, type GroupEvent, type ImportableKind, type LoginProfileEvent, type LogPosition, type NewEvent, type PauseEvent, type PolicyEvent, type RoleEvent, type ServiceAccountEvent, type SyncConfigPatch, type TenantEvent, type Adoption,
} from '@wami/contracts';
import {
  accessKeyDecider, attachmentDecider, groupDecider, loginProfileDecider, membershipDecider, pauseDecider, policyDecider, roleDecider, serviceAccountDecider, tenantDecider, userDecider, type AccessKey, type AccessKeyCommand, type Decider, type Group, type GroupCommand, type LoginProfile, type LoginProfileCommand, type Pause, type PauseCommand, type PauseDocument, type PolicyCommand,
  type PolicyState, type ResourceRef, type Role, type RoleCommand, type ServiceAccount, type ServiceAccountCommand, type Tenant, type TenantCommand, type User, type UserCommand, type UserStreamEvent,
} from '@wami/domain';
import type { EventStore } from '@wami/event-store';

export const INSTANCE = 'local';
export const ACCOUNT = '000000000001';
const META = { actor: 'admin', correlationId: 'req_1' };

/** Identity's commands, straight to its event store; used by specs. Each resolves with the place of the last event. */
export class TestIdentity<Store extends Pick<EventStore, 'append' | 'head'> = EventStore> {
  /** Who commands. */
  meta: EventMeta = META;
  private readonly states = new Map<string, { version: number; tenant: string; state: unknown }>();
  private count = 0;

  constructor(readonly store: Store) {}

  async tenant(path: string, config?: SyncConfigPatch): Promise<string> {
    const id = this.id('tenant');
    await this.run<Tenant, TenantCommand, TenantEvent>(id, path, tenantDecider, (ref) => ({ ref, rootId: id, type: 'create', body: { id: path, name: path } }));
    if (config) await this.configure(id, path, config);
    return id;
  }

  configure(id: string, path: string, config: SyncConfigPatch): Promise<LogPosition> {
    return this.run<Tenant, TenantCommand, TenantEvent>(id, path, tenantDecider, (ref) => ({ ref, rootId: id, type: 'configure-sync', config }));
  }

  async user(userName: string, more: { tenant?: string; tags?: Record<string, string>; path?: string; permissionsBoundary?: string; syncToProviders?: string[]; inlinePolicies?: Record<string, Record<string, unknown>> } = {}): Promise<string> {
    const id = this.id('user');
    const { tenant = 'acme', ...rest } = more;
    await this.run<User, UserCommand, UserStreamEvent>(id, tenant, userDecider, (ref) => ({ ref, type: 'create', body: { tenant, userName, ...rest } }));
    return id;
  }

  /** What was found at a target is to be managed; resolves with its id. */
  async imported(kind: 'user' | 'group', name: string, { adopts, ...more }: { tenant: string; tags: Record<string, string>; path?: string; adopts: Adoption }): Promise<string> {
    const id = this.id(kind);
    const { tenant, tags } = more;
    if (kind === 'user') await this.run<User, UserCommand, UserStreamEvent>(id, tenant, adopting(userDecider, adopts), (ref) => ({ ref, type: 'create', body: { userName: name, ...more } }));
    else await this.run<Group, GroupCommand, GroupEvent>(id, tenant, adopting(groupDecider, adopts), (ref) => ({ ref, type: 'create', body: { groupName: name, tenant, tags } }));
    return id;
  }

  patchUser(id: string, body: Record<string, unknown>): Promise<LogPosition> {
    return this.run<User, UserCommand, UserStreamEvent>(id, '', userDecider, (ref) => ({ ref, type: 'patch', body }));
  }

  deleteUser(id: string): Promise<LogPosition> {
    return this.run<User, UserCommand, UserStreamEvent>(id, '', userDecider, (ref) => ({ ref, type: 'delete' }));
  }

  eraseUser(id: string): Promise<LogPosition> {
    return this.run<User, UserCommand, UserStreamEvent>(id, '', userDecider, (ref) => ({ ref, type: 'erase' }));
  }

  async group(groupName: string, tenant = 'acme'): Promise<string> {
    const id = this.id('group');
    await this.run<Group, GroupCommand, GroupEvent>(id, tenant, groupDecider, (ref) => ({ ref, type: 'create', body: { tenant, groupName } }));
    return id;
  }

  patchGroup(id: string, body: Record<string, unknown>): Promise<LogPosition> {
    return this.run<Group, GroupCommand, GroupEvent>(id, '', groupDecider, (ref) => ({ ref, type: 'patch', body }));
  }

  deleteGroup(id: string): Promise<LogPosition> {
    return this.run<Group, GroupCommand, GroupEvent>(id, '', groupDecider, (ref) => ({ ref, type: 'delete' }));
  }

  member(type: 'add' | 'remove', groupId: string, userId: string, tenant = 'acme'): Promise<LogPosition> {
    return this.run(`mem_${groupId.slice(4)}_${userId.slice(4)}`, tenant, membershipDecider, () => ({ type, ends: { groupId, userId, tenant, instance: INSTANCE } }));
  }

  async policy(policyName: string, tenant = 'acme'): Promise<string> {
    const id = this.id('policy');
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
    await this.run<PolicyState, PolicyCommand, PolicyEvent>(id, tenant, policyDecider, (ref) => ({ ref, type: 'create', body: { tenant, policyName, document } }));
    return id;
  }

  deletePolicy(id: string): Promise<LogPosition> {
    return this.run<PolicyState, PolicyCommand, PolicyEvent>(id, '', policyDecider, (ref) => ({ ref, type: 'delete' }));
  }

  async role(roleName: string, { tenant = 'acme', ...more }: { tenant?: string; permissionsBoundary?: string } = {}): Promise<string> {
    const id = this.id('role');
    const trustPolicy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
    await this.run<Role, RoleCommand, RoleEvent>(id, tenant, roleDecider, (ref) => ({ ref, type: 'create', body: { tenant, roleName, trustPolicy, ...more } }));
    return id;
  }

  patchRole(id: string, body: Record<string, unknown>): Promise<LogPosition> {
    return this.run<Role, RoleCommand, RoleEvent>(id, '', roleDecider, (ref) => ({ ref, type: 'patch', body }));
  }

  deleteRole(id: string): Promise<LogPosition> {
    return this.run<Role, RoleCommand, RoleEvent>(id, '', roleDecider, (ref) => ({ ref, type: 'delete' }));
  }

  async serviceAccount(accountName: string, more: Record<string, unknown> = {}): Promise<string> {
    const id = this.id('service-account');
    await this.run<ServiceAccount, ServiceAccountCommand, ServiceAccountEvent>(id, 'acme', serviceAccountDecider, (ref) => ({ ref, type: 'create', body: { tenant: 'acme', accountName, ...more } }));
    return id;
  }

  patchServiceAccount(id: string, body: Record<string, unknown>): Promise<LogPosition> {
    return this.run<ServiceAccount, ServiceAccountCommand, ServiceAccountEvent>(id, '', serviceAccountDecider, (ref) => ({ ref, type: 'patch', body }));
  }

  attach(type: 'add' | 'remove', policyId: string, ownerId: string, { kind: ownerKind = 'user', tenant = 'acme' }: { kind?: AttachmentOwnerKind; tenant?: string } = {}): Promise<LogPosition> {
    const ends = { policyId, ownerId, ownerKind, tenant, instance: INSTANCE };
    return this.run(attachmentId(policyId, ownerId), tenant, attachmentDecider, () => ({ type, ends }));
  }

  /** Resolves with its id. */
  async accessKey(ownerId: string, { tenant = 'acme', sealTo = 'OUjP4K3daVt4DlkHcZXabFZQaycyd5QYerAsqAyBXE0=' }: { tenant?: string; sealTo?: string } = {}): Promise<string> {
    const id = this.id('access-key');
    await this.run<AccessKey, AccessKeyCommand, AccessKeyEvent>(id, tenant, accessKeyDecider, (ref) => ({ ref, type: 'create', body: { tenant, ownerId, ownerKind: 'user', sealTo } }));
    return id;
  }

  changeKey(id: string, change: { readonly status: 'active' | 'inactive' } | 'delete'): Promise<LogPosition> {
    return this.run<AccessKey, AccessKeyCommand, AccessKeyEvent>(id, '', accessKeyDecider, (ref) => (change === 'delete' ? { ref, type: 'delete' } : { ref, type: 'patch', body: change }));
  }

  /** Resolves with its id. */
  async loginProfile(ownerId: string, { tenant = 'acme', sealTo = 'OUjP4K3daVt4DlkHcZXabFZQaycyd5QYerAsqAyBXE0=' }: { tenant?: string; sealTo?: string } = {}): Promise<string> {
    const id = this.id('login-profile');
    await this.run<LoginProfile, LoginProfileCommand, LoginProfileEvent>(id, tenant, loginProfileDecider, (ref) => ({ ref, type: 'create', body: { tenant, ownerId, sealTo } }));
    return id;
  }

  deleteLoginProfile(id: string): Promise<LogPosition> {
    return this.run<LoginProfile, LoginProfileCommand, LoginProfileEvent>(id, '', loginProfileDecider, (ref) => ({ ref, type: 'delete' }));
  }

  job(verb: 'sync' | 'retry' | 'resolve' | 'apply', more: Record<string, unknown> = {}): Promise<string> {
    return this.asked('wami.sync-job.requested.v1', 'acme', { verb, ...more });
  }

  /** Who we are there is to be asked now. */
  check(account = ACCOUNT, tenant = 'acme'): Promise<string> {
    return this.asked('wami.check.requested.v1', tenant, { targets: [{ provider: 'aws', account }] });
  }

  private async asked(type: string, tenant: string, more: Record<string, unknown>): Promise<string> {
    const id = this.id('job');
    const event: NewEvent = {
      type, stream: id, key: id, tenant, subject: `arn:wami:iam:${tenant}:wami:${INSTANCE}:sync-job/${id}`, data: { scope: '', targets: [{ provider: 'aws', account: ACCOUNT }], ...more }, personal: {},
    };
    await this.store.append({ stream: id, tenant, expectedVersion: 0, events: [event], meta: META });
    return id;
  }

  /** Resolves with its id. */
  async pause({ tenant = 'acme', ...document }: Partial<PauseDocument> & { tenant?: string } = {}): Promise<string> {
    const id = this.id('pause');
    const now = document.until === undefined ? '' : new Date(Date.parse(document.until) - 1000).toISOString();
    await this.run<Pause, PauseCommand, PauseEvent>(id, tenant, pauseDecider, (ref) => ({ ref, type: 'start', now, pause: { reason: 'a freeze', ...document } }));
    return id;
  }

  resume(id: string): Promise<LogPosition> {
    return this.run<Pause, PauseCommand, PauseEvent>(id, '', pauseDecider, (ref) => ({ ref, type: 'end' }));
  }

  /** Asks what stands at the target that nobody manages; resolves with the job. */
  async import({ tenant = 'acme', kinds = IMPORTABLE_KINDS, adopt = true, scope = '' }: { tenant?: string; kinds?: readonly ImportableKind[]; adopt?: boolean; scope?: string } = {}): Promise<string> {
    const id = this.id('job');
    const event: NewEvent = {
      type: 'wami.import.requested.v1', stream: id, key: id, tenant, subject: `arn:wami:iam:${tenant}:wami:${INSTANCE}:sync-job/${id}`,
      data: { provider: 'aws', account: ACCOUNT, kinds: [...kinds], adopt, scope }, personal: { reason: '' },
    };
    await this.store.append({ stream: id, tenant, expectedVersion: 0, events: [event], meta: META });
    return id;
  }

  /** Asks for a plan of everything, or of what `more` says. */
  async plan(more: Record<string, unknown> = {}): Promise<string> {
    const id = this.id('plan');
    const event: NewEvent = {
      type: 'wami.plan.requested.v1', stream: id, key: id, tenant: 'acme', subject: `arn:wami:iam:acme:wami:${INSTANCE}:plan/${id}`,
      data: { scope: '', targets: [{ provider: 'aws', account: ACCOUNT }], expiresAt: new Date(Date.now() + 3_600_000).toISOString(), ...more }, personal: {},
    };
    await this.store.append({ stream: id, tenant: 'acme', expectedVersion: 0, events: [event], meta: META });
    return id;
  }

  /** Asks for what is parked. */
  async ofParked(verb: 'retry' | 'skip', more: { provider?: string; event?: string; reason?: string } = {}): Promise<void> {
    const id = this.id('deadLetterRequest');
    const event: NewEvent = { type: 'wami.dead-letters.requested.v1', stream: id, key: id, tenant: '', subject: `arn:wami:iam::wami:${INSTANCE}:dead-letter/${id}`, data: { verb, ...more }, personal: {} };
    await this.store.append({ stream: id, tenant: '', expectedVersion: 0, events: [event], meta: this.meta });
  }

  /** Decides about a list of removals. */
  async decide(approval: string, type: 'approved' | 'rejected', hash = '', tenant = 'acme'): Promise<void> {
    const event: NewEvent = {
      type: `wami.approval.${type}.v1`, stream: approval, key: approval, tenant, subject: `arn:wami:iam:${tenant}:wami:${INSTANCE}:approval/${approval}`,
      data: { provider: 'aws', account: ACCOUNT, ...(type === 'approved' ? { hash } : {}) }, personal: {},
    };
    const known = this.states.get(approval)?.version ?? 0;
    await this.store.append({ stream: approval, tenant, expectedVersion: known, events: [event], meta: this.meta });
    this.states.set(approval, { version: known + 1, tenant, state: undefined });
  }

  private id(kind: 'tenant' | 'user' | 'group' | 'policy' | 'role' | 'service-account' | 'access-key' | 'login-profile' | 'job' | 'pause' | 'plan' | 'deadLetterRequest'): string {
    this.count += 1;
    return idFrom(kind, 1_700_000_000_000 + this.count, Buffer.from(String(this.count).padStart(10, '0')));
  }

  /** Decides and appends; ids of resources keep their tenant. */
  private async run<State, Command, E extends NewEvent>(
    id: string, tenant: string, decider: Decider<State, Command, E>, command: (ref: ResourceRef) => Command,
  ): Promise<LogPosition> {
    const known = this.states.get(id) ?? { version: 0, tenant, state: decider.initialState };
    const events = decider.decide(known.state as State, command({ id, tenant: known.tenant, instance: INSTANCE }));
    if (events.length === 0) return this.store.head();
    const result = await this.store.append({ stream: id, tenant: known.tenant, expectedVersion: known.version, events, meta: this.meta });
    this.states.set(id, { version: result.version, tenant: known.tenant, state: events.reduce<State>((state, event) => decider.evolve(state, event), known.state as State) });
    return result.position;
  }
}

/** With what it stands for on each of its events, as identity says it of what is imported. */
function adopting<State, Command, E extends NewEvent>(decider: Decider<State, Command, E>, adopts: Adoption): Decider<State, Command, E> {
  return { ...decider, decide: (state, command) => decider.decide(state, command).map((event) => ({ ...event, personal: { ...event.personal as object, adopts } })) };
}
