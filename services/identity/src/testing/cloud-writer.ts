import type { BindingEvent, Difference, FoundThing, ImportableKind, ImportObstacle, NewEvent } from '@wami/contracts';
import type { EventStore } from '@wami/event-store';
import { kindOfId } from '../resources/known-kinds';

export interface Outcome {
  readonly resource: string;
  readonly intent: string;
  readonly tenant?: string;
  readonly account?: string;
  readonly operation?: 'create' | 'update' | 'delete' | 'adopt';
  readonly jobs?: readonly string[];
}

/** Writes what the AWS sync service would: outcomes of bindings, and answers to jobs. */
export class CloudWriter {
  private readonly versions = new Map<string, number>();

  constructor(readonly store: EventStore) {}

  succeeded(outcome: Outcome): Promise<void> {
    return this.say(outcome, 'wami.sync.succeeded.v1', { changed: true }, { nativeArn: 'arn:aws:iam::000000000001:user/x' });
  }

  failed(outcome: Outcome, nextRetryAt?: string): Promise<void> {
    return this.say(outcome, 'wami.sync.failed.v1', { code: 'Conflict', retryable: false, retryCount: 0, ...(nextRetryAt ? { nextRetryAt } : {}) }, { message: 'it is there already' });
  }

  waits(outcome: Outcome, reason: string): Promise<void> {
    return this.say(outcome, 'wami.sync.waiting.v1', { reason }, {});
  }

  started(outcome: Outcome): Promise<void> {
    return this.say(outcome, 'wami.sync.started.v1', { attempt: 1 }, {});
  }

  async accepted(job: string, bindings: number, account = '000000000001'): Promise<void> {
    const stream = `${job}/aws/${account}`;
    await this.append(stream, { type: 'wami.sync.job-accepted.v1', stream, key: job, tenant: '', subject: `arn:wami:iam::wami:test:sync-job/${job}`,
      data: { job, provider: 'aws', account, bindings }, personal: {} });
  }

  /** What an import found, as one chunk. */
  async found(job: string, kind: ImportableKind, chunk: number, things: Readonly<Record<string, Partial<FoundThing> & { readonly obstacle?: ImportObstacle }>>, tenant = 'acme'): Promise<void> {
    const stream = `aws/000000000001/${job}`;
    const full = Object.entries(things).map(([item, { obstacle: _obstacle, ...thing }]): [string, FoundThing] => {
      const name = thing.name ?? item;
      return [item, { providerResourceId: `AIDA-${kind}-${item}`, nativeArn: `arn:aws:iam::000000000001:${kind}/${name}`, nativeName: name, name, tags: {}, related: [], ...thing }];
    });
    await this.append(stream, {
      type: 'wami.sync.import-found.v1', stream, key: job, tenant, subject: `arn:wami:iam:${tenant}:wami:test:sync-job/${job}`,
      data: { job, provider: 'aws', account: '000000000001', kind, chunk, items: Object.entries(things).map(([item, { obstacle }]) => ({ item, ...(obstacle ? { obstacle } : {}) })) },
      personal: { things: Object.fromEntries(full) },
    });
  }

  /** What was changed at the target and is to become intent. */
  async pulled(resource: string, changes: readonly Difference[], tenant = 'acme'): Promise<void> {
    const kind = kindOfId(resource)?.kind ?? 'user';
    const stream = `aws/000000000001/${resource}`;
    await this.append(stream, {
      type: 'wami.sync.pulled.v1', stream, key: resource, tenant, subject: `arn:wami:iam:${tenant}:wami:test:${kind}/${resource}`,
      data: { resource, kind, provider: 'aws', account: '000000000001', version: 1, differs: changes.map(({ at }) => at) }, personal: { differences: [...changes] },
    });
  }

  /** A part of what a guard holds. */
  async tripped(approval: string, part: number, hash: string, expiresAt: string, tenant = 'acme'): Promise<void> {
    const stream = `aws/000000000001/${approval}`;
    await this.append(stream, {
      type: 'wami.sync.guard-tripped.v1', stream, key: approval, tenant, subject: `arn:wami:iam:${tenant}:wami:test:approval/${approval}`,
      data: { approval, provider: 'aws', account: '000000000001', part, items: [{ resource: `usr_${part}`, kind: 'user', takes: ['thing'], more: 0 }], held: part, budgets: [], hash, expiresAt }, personal: {},
    });
  }

  /** The guard lets go by itself. */
  async released(approval: string, why: 'within-budget' | 'expired', tenant = 'acme'): Promise<void> {
    const stream = `aws/000000000001/${approval}`;
    await this.append(stream, {
      type: 'wami.sync.guard-released.v1', stream, key: approval, tenant, subject: `arn:wami:iam:${tenant}:wami:test:approval/${approval}`,
      data: { approval, provider: 'aws', account: '000000000001', why, approved: 0 }, personal: {},
    });
  }

  private async say(outcome: Outcome, type: BindingEvent['type'], more: object, personal: object): Promise<void> {
    const { resource, intent, tenant = 'acme', account = '000000000001', operation = 'create', jobs } = outcome;
    const stream = `aws/${account}/${resource}`;
    const kind = kindOfId(resource)?.kind ?? 'user';
    await this.append(stream, { type, stream, key: resource, tenant, subject: `arn:wami:iam:${tenant}:wami:test:${kind}/${resource}`,
      data: { resource, kind, provider: 'aws', account, intent, version: 1, operation, ...(jobs ? { jobs: [...jobs] } : {}), ...more }, personal });
  }

  private async append(stream: string, event: NewEvent): Promise<void> {
    const expectedVersion = this.versions.get(stream) ?? 0;
    await this.store.append({ stream, tenant: event.tenant, expectedVersion, events: [event], meta: { actor: 'sync-aws', correlationId: 'test' } });
    this.versions.set(stream, expectedVersion + 1);
  }
}
