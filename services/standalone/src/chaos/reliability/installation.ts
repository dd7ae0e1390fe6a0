import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory, servicesApart, temporaryDirectory, type ServiceProcess, type ServicesApart } from '@wami/testing';
import { Commands } from '../commands';
import { Expected } from '../expected';
import { Queries } from '../queries';
import type { Subject } from '../subject';
import { connectionTo, startWitness, WITNESS_KEYS, type Witness } from '../witness';
import type { SmallDisk } from './small-disk';

const ACCOUNT = '000000000043';
const TENANT = 'chaos';
const RETRY = { maxRetries: 100, baseDelayMs: 50, maxDelayMs: 1_000 };
const LEASE_SECONDS = '5';
/** So that a small disk has room for it. */
const FRUGAL = { max_wal_size: '64MB', min_wal_size: '32MB' };
const CLOCK = join(__dirname, 'clock-jump.cjs');

/** The services apart on PostgreSQL and Kafka, with two sync services that share one account of a cloud that stays whatever happens. */
export class Installation {
  readonly tenant = TENANT;
  readonly expected = new Expected();
  readonly queries: Queries;
  /** Set when it is over. */
  private readonly state = { over: false };

  private constructor(
    readonly wami: ServicesApart, readonly syncs: readonly [ServiceProcess, ServiceProcess], readonly witness: Witness, readonly disk: SmallDisk | undefined, private readonly folder: string,
  ) {
    this.queries = new Queries(this.subject(wami.projection), TENANT);
  }

  /** `disk`: where its database keeps everything; without one on that of the machine. */
  static async open(seed: number, disk?: SmallDisk): Promise<Installation> {
    const folder = temporaryDirectory('reliability');
    const witness = await startWitness(folder, ACCOUNT, {}, seed);
    writeFileSync(clockIn(folder), '0');
    const wami = await servicesApart({
      log: 'kafka', connections: JSON.stringify({ connections: [connectionTo(witness, TENANT)] }), env: { ...WITNESS_KEYS, WAMI_LEASE_SECONDS: LEASE_SECONDS, WAMI_LOG_LEVEL: 'error' },
      ...(disk ? { postgres: { folder: disk.folder, settings: FRUGAL } } : {}),
    });
    const second = await wami.another('sync-aws', { NODE_OPTIONS: `--require ${CLOCK}`, WAMI_CHAOS_CLOCK: clockIn(folder) });
    const installation = new Installation(wami, [wami.syncAws, second], witness, disk, folder);
    try {
      await installation.prepare();
      return installation;
    } catch (error) {
      await installation.close();
      throw error;
    }
  }

  /** `name` makes the idempotency keys unlike those of others. */
  commands(name: string): Commands {
    return new Commands(this.subject(this.wami.identity), this.expected, name);
  }

  /** The clock of the second sync service is off by so much from now on. */
  setClock(offsetMs: number): void {
    writeFileSync(clockIn(this.folder), String(offsetMs));
  }

  /** Resolves with the names of the processes that did not end well when asked to. */
  async end(): Promise<string[]> {
    this.state.over = true;
    const services = [...this.syncs, this.wami.projection, this.wami.identity];
    const outcomes = await Promise.allSettled(services.map((service) => service.stop()));
    return services.flatMap(({ name }, index) => (outcomes[index]?.status === 'rejected' ? [name] : []));
  }

  /** For who has to find the cause: what each service says of itself. */
  async condition(): Promise<string> {
    const services = [this.wami.identity, this.wami.projection, ...this.syncs];
    const said = await Promise.all(services.map(async (service) => {
      const readiness = await service.readiness().then((found) => JSON.stringify(found), (error: unknown) => `no answer: ${(error as Error).message}`);
      return `--- ${service.name} ${service.url}: ${readiness}\n${service.said()}\n`;
    }));
    return said.join('');
  }

  /** Whatever is left of it. */
  async close(): Promise<void> {
    this.state.over = true;
    await this.wami.stop();
    await this.witness.close();
    removeDirectory(this.folder);
  }

  private subject(service: ServiceProcess): Subject {
    const { state, wami } = this;
    return {
      url: service.url, token: wami.authorization.replace('Bearer ', ''),
      get over() {
        return state.over;
      },
      get lastWords() {
        return service.said();
      },
    };
  }

  private async prepare(): Promise<void> {
    const services = [this.wami.identity, this.wami.projection, ...this.syncs];
    for (const service of services) service.start();
    for (const service of services) await service.ready();
    const commands = this.commands('prepare');
    await commands.send({ method: 'POST', path: '/v1/tenants', body: { id: TENANT, name: 'Chaos' } });
    await commands.send({ method: 'PUT', path: `/v1/tenants/${TENANT}/sync-config`, body: { providers: [{ provider: 'aws', account: ACCOUNT }], retry: RETRY, guard: { maxDeletesPercent: 100, maxDeletesCount: 1_000_000 } } });
    if (this.expected.refused.length > 0) throw new Error(this.expected.refused.join('; '));
    this.expected.acknowledged = 0;
  }
}

const clockIn = (folder: string): string => join(folder, 'clock');
