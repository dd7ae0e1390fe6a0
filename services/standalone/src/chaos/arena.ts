import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newDataDirectory, removeDirectory, temporaryDirectory } from '@wami/testing';
import type { FaultPlan } from '@wami/sandbox';
import { Commands } from './commands';
import { Expected } from './expected';
import type { Bug } from './planted-bugs';
import { Queries } from './queries';
import { Victim } from './victim';
import { connectionTo, startWitness, WITNESS_KEYS, type Witness } from './witness';

const ACCOUNT = '000000000042';
const TENANT = 'chaos';
/** A look under many names fails often where a tenth of all calls does. */
const RETRY = { maxRetries: 100, baseDelayMs: 50, maxDelayMs: 1_000 };

export interface ArenaOptions {
  readonly faults?: FaultPlan;
  /** Of the cloud's faults. */
  readonly seed?: number;
  readonly bugs?: readonly Bug[];
}

/** WAMI as one killable process with a database of its own, one tenant, and a cloud that stays when WAMI goes. */
export class Arena {
  readonly tenant = TENANT;
  readonly expected = new Expected();
  readonly queries: Queries;

  private constructor(readonly victim: Victim, readonly witness: Witness, private readonly folder: string) {
    this.queries = new Queries(victim, TENANT);
  }

  static async open({ faults, seed, bugs = [] }: ArenaOptions = {}): Promise<Arena> {
    const folder = temporaryDirectory('chaos');
    const witness = await startWitness(folder, ACCOUNT, {}, seed);
    const connections = join(folder, 'connections.yaml');
    writeFileSync(connections, JSON.stringify({ connections: [connectionTo(witness, TENANT)] }));
    const data = join(folder, 'data');
    mkdirSync(data, { mode: 0o755 });
    await newDataDirectory(join(data, 'postgres'));
    const victim = new Victim(data, { ...WITNESS_KEYS, WAMI_CONNECTIONS: connections, WAMI_CHAOS_BUGS: bugs.join(',') });
    const arena = new Arena(victim, witness, folder);
    try {
      await victim.start();
      await arena.prepare();
      witness.sandbox.faults.set(faults ?? {});
      return arena;
    } catch (error) {
      await arena.close();
      throw error;
    }
  }

  /** `name` makes the idempotency keys unlike those of others. */
  commands(name: string): Commands {
    return new Commands(this.victim, this.expected, name);
  }

  /** Resolves when no binding has work left. */
  untilAtRest(): Promise<void> {
    return this.queries.untilAtRest();
  }

  /** Whatever is left of it. */
  async close(): Promise<void> {
    await this.victim.dispose();
    await this.witness.close();
    removeDirectory(this.folder);
  }

  private async prepare(): Promise<void> {
    const commands = this.commands('prepare');
    await commands.send({ method: 'POST', path: '/v1/tenants', body: { id: TENANT, name: 'Chaos' } });
    await commands.send({ method: 'PUT', path: `/v1/tenants/${TENANT}/sync-config`, body: { providers: [{ provider: 'aws', account: ACCOUNT }], retry: RETRY, guard: { maxDeletesPercent: 100, maxDeletesCount: 1_000_000 } } });
    if (this.expected.refused.length > 0) throw new Error(this.expected.refused.join('; '));
    this.expected.acknowledged = 0;
  }
}
