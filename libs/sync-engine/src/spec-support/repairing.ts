import type { NewEvent, NewEventOf, repairStated } from '@wami/contracts';
import type { EngineUnderTest } from './engine-under-test';
import { ACCOUNT, INSTANCE } from './identity';

type Data = NewEventOf<typeof repairStated>['data'];

/** What is stated of one resource; the rest is as that of a user without relations. */
export interface Said extends Partial<Data> {
  readonly id: string;
  readonly userName?: string;
  /** Its tenant. */
  readonly tenant?: string;
}

/** Identity's part of a repair, straight to its event store; used by specs. */
export class Repairing {
  private version = 0;

  constructor(private readonly test: EngineUnderTest, readonly repair: string, private readonly dryRun = false) {}

  async state(...said: readonly Said[]): Promise<void> {
    const upTo = await this.test.identity.store.head();
    await this.append(said.map(({ id, userName, tenant = 'acme', ...more }): NewEvent => ({
      type: 'wami.repair.stated.v1', stream: this.repair, key: id, tenant, subject: `arn:wami:iam:${tenant}:wami:${INSTANCE}:user/${id}`,
      data: {
        repair: this.repair, within: 'acme', dryRun: this.dryRun, kind: 'user', version: 1, deleted: false, upTo, groups: [], policies: [], document: { path: '/', tags: {} }, ...more,
      } satisfies Data,
      personal: userName === undefined ? {} : { document: { userName } },
    })));
  }

  /** All was stated; `asks` for the clouds too. */
  async tell(stated: number, asks = true): Promise<void> {
    const about = { stream: this.repair, key: this.repair, tenant: 'acme', subject: `arn:wami:iam:acme:wami:${INSTANCE}:repair/${this.repair}`, personal: {} };
    const sync: NewEvent = { ...about, type: 'wami.sync-job.requested.v1', data: { verb: 'sync', scope: 'acme', filter: { tenant: 'acme' }, targets: [{ provider: 'aws', account: ACCOUNT }] } };
    await this.append([{ ...about, type: 'wami.repair.told.v1', data: { stated } }, ...(asks ? [sync] : [])]);
  }

  /** What the engine said of it: resource and fields of each word, and the end. */
  async answers(): Promise<{ readonly compared: readonly (readonly [string, string])[]; readonly answer?: object }> {
    const events = await this.test.store.readStream(`aws/${this.repair}`);
    const compared = events.flatMap(({ type, data }) => {
      const { resource, differs, right } = data as { resource: string; differs: string[]; right: boolean };
      return type === 'wami.sync.repair-compared.v1' ? [[resource, `${differs.join(' ')}${right ? '' : ' wrong'}`] as const] : [];
    });
    const end = events.find(({ type }) => type === 'wami.sync.repair-answered.v1')?.data;
    return { compared, ...(end ? { answer: end as object } : {}) };
  }

  private async append(events: readonly NewEvent[]): Promise<void> {
    await this.test.identity.store.append({ stream: this.repair, tenant: 'acme', expectedVersion: this.version, events, meta: { actor: 'admin', correlationId: 'req_1' } });
    this.version += events.length;
  }
}
