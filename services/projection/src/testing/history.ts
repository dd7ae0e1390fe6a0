import { comparePositions, type LogPosition, type RecordedEvent } from '@wami/contracts';

/** Chooses a whole number from 0 up to `below`; from a generator of test data, so that a failure can be repeated. */
export type Choose = (below: number) => number;

const ACCOUNTS = ['1', '2'];
const pick = <T>(choose: Choose, from: readonly T[]): T => from[choose(from.length)] as T;
const pad = (n: number): string => String(n).padStart(3, '0');

/**
 * A history as identity and an engine could write it: tenants that change their minds, people, memberships, attachments, pauses, outcomes and repeats of them.
 * Two histories on one log need names and places (`tx`) of their own.
 */
export class History {
  readonly events: RecordedEvent[] = [];
  private readonly versions = new Map<string, number>();
  private readonly intents = new Map<string, LogPosition>();
  private readonly users: { readonly id: string; readonly tenant: string; alive: boolean }[] = [];
  private readonly tenants: { readonly path: string; readonly id: string }[] = [];
  private configured: LogPosition = '0.0';
  private readonly pauses: { readonly id: string; readonly key: string; readonly tenant: string; stands: boolean }[] = [];
  private places = 0;

  constructor(private readonly choose: Choose, steps: number, private readonly name = 'acme', private readonly tx = 100) {
    this.tenant(this.name);
    for (let i = 0; i < steps; i++) this.step();
  }

  private step(): void {
    const { choose } = this;
    const dice = choose(20);
    if (dice < 1 && this.tenants.length < 4) return this.tenant(`${pick(choose, this.tenants).path}/t${this.tenants.length}`);
    if (dice < 4) return this.configure();
    if (dice < 8) return this.makeUser();
    if (dice < 13) return this.changeUser();
    if (dice < 14) return this.pause();
    return this.outcome();
  }

  private identity(type: string, stream: string, key: string, tenant: string, data: object, personal: object = {}): LogPosition {
    return this.record('identity', `${this.tx}.${++this.places}`, { type, stream, key, tenant, data, personal });
  }

  private record(source: string, position: LogPosition, event: Pick<RecordedEvent, 'type' | 'stream' | 'key' | 'tenant' | 'data' | 'personal'>): LogPosition {
    const version = (this.versions.get(event.stream) ?? 0) + 1;
    this.versions.set(event.stream, version);
    const n = this.events.length + 1;
    this.events.push({
      ...event, id: `evt_${this.name}_${pad(n)}`, source, version, position, subject: `arn:wami:iam:${event.tenant}:wami:local:thing/${event.stream}`,
      time: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(), meta: { actor: 'test', correlationId: 'c' },
    });
    return position;
  }

  private tenant(path: string): void {
    const id = `ten_${this.name}${this.tenants.length}`;
    this.tenants.push({ path, id });
    this.identity('wami.tenant.created.v1', id, `ten_${this.name}0`, path, { tenantId: id, path, name: path, providerAccounts: [], quotas: {}, metadata: {} });
  }

  private configure(): void {
    const { choose } = this;
    const { path, id } = pick(choose, this.tenants);
    const providers = ACCOUNTS.filter(() => choose(2) === 1).map((account) => ({ provider: 'aws', account }));
    const config = { ...(choose(4) === 0 ? {} : { providers }), ...(choose(3) === 0 ? { triggers: { onUpdate: choose(2) === 1 } } : {}) };
    // Some were recorded by an earlier release.
    this.configured = this.identity(`wami.tenant.sync-configured.v${1 + (this.events.length % 2)}`, id, `ten_${this.name}0`, path, { config });
  }

  private makeUser(): void {
    const { choose } = this;
    const user = { id: `usr_${this.name}${pad(this.users.length)}`, tenant: pick(choose, this.tenants).path, alive: true };
    this.users.push(user);
    const narrow = choose(4) === 0 ? { syncToProviders: [`aws/${pick(choose, ACCOUNTS)}`] } : {};
    this.intents.set(user.id, this.identity('wami.user.created.v1', user.id, user.id, user.tenant, { path: '/', tags: {}, ...narrow }, { userName: user.id }));
  }

  private changeUser(): void {
    const { choose } = this;
    const user = this.users.length > 0 ? pick(choose, this.users) : undefined;
    if (!user) return;
    const at = [user.id, user.id, user.tenant] as const;
    if (!user.alive || choose(3) === 0) {
      this.intents.set(user.id, choose(2) === 0
        ? this.identity('wami.membership.added.v1', `mem_G_${user.id}`, user.id, user.tenant, { groupId: 'grp_G', userId: user.id })
        : this.identity('wami.attachment.added.v1', `att_P_${user.id}`, user.id, user.tenant, { policyId: 'pol_P', ownerId: user.id, ownerKind: 'user' }));
    } else if (choose(4) === 0) {
      user.alive = false;
      this.intents.set(user.id, this.identity('wami.user.deleted.v1', ...at, {}));
    } else {
      const narrow = choose(3) === 0 ? { syncToProviders: choose(2) === 0 ? null : [`aws/${pick(choose, ACCOUNTS)}`] } : {};
      this.intents.set(user.id, this.identity('wami.user.updated.v1', ...at, { tags: { n: String(choose(5)) }, ...narrow }));
    }
  }

  private pause(): void {
    const { choose } = this;
    const standing = this.pauses.filter(({ stands }) => stands);
    const ended = standing.length > 0 && choose(2) === 0 ? pick(choose, standing) : undefined;
    if (ended) {
      ended.stands = false;
      return void this.identity('wami.pause.ended.v1', ended.id, ended.key, ended.tenant, {});
    }
    const user = this.users.length > 0 && choose(2) === 0 ? pick(choose, this.users) : undefined;
    const id = `pau_${this.name}${pad(this.pauses.length)}`;
    const pause = { id, key: user?.id ?? id, tenant: user?.tenant ?? pick(choose, this.tenants).path, stands: true };
    this.pauses.push(pause);
    this.identity('wami.pause.started.v1', id, pause.key, pause.tenant, user ? { resource: user.id } : { provider: 'aws' }, { reason: `why ${id}` });
  }

  private outcome(): void {
    const { choose } = this;
    const user = this.users.length > 0 ? pick(choose, this.users) : undefined;
    if (!user) return;
    const account = pick(choose, ACCOUNTS);
    const own = this.intents.get(user.id) ?? '0.0';
    const intent = choose(3) === 0 && comparePositions(this.configured, own) > 0 ? this.configured : own;
    const told = { resource: user.id, kind: 'user', provider: 'aws', account, intent, version: 1, operation: user.alive ? 'create' : 'delete', ...(choose(3) === 0 ? { jobs: ['job_A'] } : {}) };
    const [type, data, personal] = pick(choose, [
      ['requested', {}, {}], ['waiting', { reason: 'waiting for grp_G' }, {}], ['started', { attempt: 1 }, {}],
      ['succeeded', { changed: true }, { nativeArn: 'arn:aws:x' }], ['succeeded', { changed: false }, { nativeArn: 'arn:aws:x' }],
      ['failed', { code: 'Throttled', retryable: true, retryCount: 1 }, { message: 'slow down' }], ['unconfigured', { reason: 'no connection' }, {}],
    ] as const);
    const stream = `aws/${account}/${user.id}`;
    this.record('sync-aws', `${this.tx + 100}.${this.events.length + 1}`, { type: `wami.sync.${type}.v1`, stream, key: user.id, tenant: user.tenant, data: { ...told, ...data }, personal });
  }
}

/** The same events in another order of arrival: those of one source and key keep theirs. */
export function interleaved(events: readonly RecordedEvent[], choose: Choose): RecordedEvent[] {
  const lines = new Map<string, RecordedEvent[]>();
  for (const event of events) lines.set(`${event.source} ${event.key}`, [...(lines.get(`${event.source} ${event.key}`) ?? []), event]);
  const open = [...lines.values()];
  const out: RecordedEvent[] = [];
  while (open.length > 0) {
    const at = choose(open.length);
    const next = open[at]?.shift();
    if (next) out.push(next);
    if (open[at]?.length === 0) open.splice(at, 1);
  }
  return out;
}

export function inBatches<T>(events: readonly T[], choose: Choose, most: number): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < events.length;) {
    const size = 1 + choose(most);
    batches.push(events.slice(at, at + size));
    at += size;
  }
  return batches;
}

/** Repeatable numbers from a seed (mulberry32). */
export function chooser(seed: number): Choose {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
