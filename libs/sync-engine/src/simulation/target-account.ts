import type { RecordedEvent } from '@wami/contracts';
import type { Connection } from '@wami/provider-port';
import type { Schedule, SeededRandom } from '@wami/testing';
import { CONNECTION } from '../spec-support/engine-under-test';
import { Foreigners } from './foreigners';
import type { Intentions } from './intentions';
import { Oracles } from './oracles';
import { SimulatedCloud } from './simulated-cloud';
import type { Swarm } from './swarm';

/** One account in a simulated world: what stands there, the hands of others in it, and who judges what is done there. */
export class TargetAccount {
  readonly cloud: SimulatedCloud;
  readonly foreigners: Foreigners;
  private judge: Oracles | undefined;

  /** `nth`: of the accounts, from 0. */
  constructor(readonly account: string, private readonly nth: number, schedule: Schedule, private readonly random: SeededRandom, private readonly swarm: Swarm) {
    this.cloud = new SimulatedCloud(schedule, this.fork('cloud'));
    this.cloud.hasPolicies = swarm.policies;
    this.cloud.hasInline = swarm.inlines;
    this.foreigners = new Foreigners(this.cloud, this.fork('foreigners'));
    this.foreigners.isBusy = swarm.imports;
  }

  get oracles(): Oracles {
    if (this.judge === undefined) throw new Error('nobody judges yet');
    return this.judge;
  }

  judged(people: Intentions, told: readonly RecordedEvent[]): void {
    this.judge = new Oracles(this.account, this.cloud, people, this.foreigners, told);
    this.cloud.habits = this.swarm.cloud(this.fork('ways'));
  }

  connection(mode: NonNullable<Connection['mode']>): Connection {
    return { ...CONNECTION, account: this.account, mode, ...(this.swarm.bursts ? { limits: { concurrency: 1 } } : {}) };
  }

  private fork(purpose: string): SeededRandom {
    return this.random.fork(this.nth === 0 ? purpose : `${purpose} of account ${this.nth}`);
  }
}
