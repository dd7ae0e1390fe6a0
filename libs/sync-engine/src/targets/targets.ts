import type { TargetHealth } from '../engine';
import type { Reporting } from '../reports/target-reports';
import { acquire, leave, release, renew } from './lease';
import { PageTurns } from './page-turns';
import { Signal } from './signal';
import { TargetWorker } from './target-worker';
import type { WorkerParts } from './worker-parts';

const MOST_PAGES = 4;

/** The targets that this process owns: takes free ones, keeps them while it lives, lets go of what it lost and of what is another replica's part. */
export class Targets {
  private readonly workers = new Map<string, TargetWorker>();
  private readonly leaving = new Set<Promise<void>>();
  private readonly given = new Set<TargetWorker>();
  private readonly pageTurns = new PageTurns(MOST_PAGES);
  private readonly signal: Signal;
  private loop: Promise<void> | undefined;
  private closing = false;
  problem: string | undefined;

  constructor(private readonly parts: Omit<WorkerParts, 'lease' | 'onLost' | 'targets' | 'listingRoom' | 'pageTurns'>) {
    this.signal = new Signal(parts.seams.clock);
  }

  start(): void {
    this.loop = this.run();
  }

  health(): TargetHealth[] {
    return [...this.workers.values()].map((worker) => ({ account: worker.account, ...worker.health() }));
  }

  /** Those that this process owns, for whoever tells of them. */
  reporting(): Reporting[] {
    return [...this.workers.values()].map((worker) => worker.reporting());
  }

  /** There may be work at these accounts; one of them may be new. */
  wake(accounts: Iterable<string>): void {
    for (const account of accounts) {
      const worker = this.workers.get(account);
      if (worker) worker.wake();
      else this.signal.raise();
    }
  }

  /** There may be a plan to answer. */
  planned(): void {
    for (const worker of this.workers.values()) worker.planned();
    this.signal.raise();
  }

  reconnected(accounts: Iterable<string>): void {
    for (const account of accounts) this.workers.get(account)?.reconnected();
  }

  /** Finishes what is in flight, records it, and gives all targets back. */
  async close(): Promise<void> {
    this.closing = true;
    this.signal.raise();
    await this.loop;
    const workers = [...this.workers.values()];
    await Promise.all(workers.map((worker) => worker.stop()));
    this.parts.recorder.stop();
    await this.parts.recorder.flush();
    await Promise.all(this.leaving);
    const { db, owner } = this.parts;
    await Promise.all([release(db, owner, workers.map(({ lease }) => lease)), leave(db, owner)]).catch((error: unknown) => this.note(error));
    this.workers.clear();
  }

  private async run(): Promise<void> {
    const { clock } = this.parts.seams;
    const { leaseMs, pollMs } = this.parts.options;
    let renewAt = 0;
    while (!this.closing) {
      try {
        if (clock.now() >= renewAt) {
          await this.renew();
          renewAt = clock.now() + leaseMs / 5;
        }
        await this.acquire();
        await this.parts.pauses.refresh();
        this.problem = undefined;
      } catch (error) {
        this.note(error);
      }
      await this.signal.wait(Math.min(pollMs, leaseMs / 5));
    }
  }

  private async acquire(): Promise<void> {
    const { db, owner, seams, options } = this.parts;
    const asked = seams.clock.now();
    for (const lease of await acquire(db, owner, options.leaseMs)) {
      const former = this.workers.get(lease.account);
      if (former) this.drop(former);
      const worker = new TargetWorker({ ...this.parts, lease, targets: () => this.workers.size, listingRoom: () => this.listingRoom(), pageTurns: this.pageTurns, onLost: (lost) => this.drop(lost) }, asked);
      this.workers.set(lease.account, worker);
      worker.start();
    }
  }

  private listingRoom(): number {
    const listings = new Set([...this.workers.values()].flatMap((worker) => worker.listings()));
    return this.parts.options.mostListed - [...listings].reduce((sum, { size }) => sum + size, 0);
  }

  private async renew(): Promise<void> {
    const { db, owner, seams, options } = this.parts;
    const workers = [...this.workers.values()];
    if (workers.length === 0) return;
    const asked = seams.clock.now();
    const { accounts, part } = await renew(db, owner, workers.map(({ lease }) => lease), options.leaseMs);
    for (const worker of workers) {
      if (accounts.has(worker.account)) worker.renewed(asked);
      else this.drop(worker);
    }
    for (const worker of [...this.workers.values()].filter((one) => !this.given.has(one)).slice(part)) this.give(worker);
  }

  /** Another replica has less than its part: the target is its, as soon as what was begun is on record. */
  private give(worker: TargetWorker): void {
    const { db, owner, metrics } = this.parts;
    this.given.add(worker);
    const finish = async (): Promise<void> => {
      await worker.stop();
      await worker.recorded();
      if (this.workers.get(worker.account) !== worker) return;
      this.workers.delete(worker.account);
      await release(db, owner, [worker.lease]);
      metrics.gone(worker.account);
    };
    this.leavingBy(finish().finally(() => this.given.delete(worker)));
  }

  private drop(worker: TargetWorker): void {
    if (this.workers.get(worker.account) !== worker) return;
    this.workers.delete(worker.account);
    worker.abandon();
    this.leavingBy(worker.stop().then(() => {
      if (!this.workers.has(worker.account)) this.parts.metrics.gone(worker.account);
    }));
  }

  private leavingBy(work: Promise<void>): void {
    const left = work.catch((error: unknown) => this.note(error)).finally(() => this.leaving.delete(left));
    this.leaving.add(left);
  }

  private note(error: unknown): void {
    this.problem = 'the leases of targets cannot be kept';
    this.parts.logger.error({ error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' }, this.problem);
  }
}
