import { Inject, Injectable } from '@nestjs/common';
import type { EventStore } from '@wami/event-store';
import { asWorker, describeError, type HealthCheck, type Logger } from '@wami/platform';
import { Directory } from '../directory/directory';
import { PauseEnds } from '../pauses/pause-ends';
import { EVENT_STORE, LOGGER } from '../ports';
import { ForgottenImports } from '../imports/forgotten-imports';
import { RepairStatements } from '../repairs/repair-statements';
import { Alarm } from './alarm';
import { Relations } from './relations';
import { systemContext } from './system-context';
import { Tasks, type Task } from './tasks';
import { TenantDeletion } from './tenant-deletion';

const IDLE_MS = 1000;
const RETRY_MS = { first: 100, most: 10_000 };
const PURGE_MS = 10 * 60_000;
const PURGE_LIMIT = 10_000;

/** Work that follows from events: relations of what was deleted, forced deletions of tenants, pauses that are over, statements of repairs, old idempotency keys. */
@Injectable()
export class Housekeeper {
  private readonly alarm = new Alarm();
  private problem: string | undefined;
  private purgedAt = -Infinity;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly tasks: Tasks, private readonly directory: Directory, private readonly relations: Relations, private readonly deletion: TenantDeletion,
    private readonly pauses: PauseEnds,
    private readonly imports: ForgottenImports, private readonly repairs: RepairStatements,
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await this.directory.start(() => this.alarm.ring());
    this.running = asWorker('housekeeping', () => this.run());
  }

  health(): HealthCheck {
    const directory = this.directory.health();
    return directory.ok && this.problem !== undefined ? { ok: false, reason: this.problem } : directory;
  }

  /** The task in flight goes on elsewhere, or after the next start. */
  async close(): Promise<void> {
    this.alarm.stop();
    await this.running;
    await this.directory.close();
  }

  private async run(): Promise<void> {
    while (!this.alarm.stopped) {
      try {
        const task = await this.tasks.claim();
        if (task) await this.perform(task);
        else await this.alarm.wait(IDLE_MS);
        await this.purge();
        this.problem = undefined;
      } catch (error) {
        this.problem = `housekeeping waits for its database (${describeError(error).error})`;
        await this.alarm.wait(IDLE_MS);
      }
    }
  }

  private async perform(task: Task): Promise<void> {
    try {
      const done = await this.carryOut(task);
      if (done) await this.tasks.finish(task);
      else await this.tasks.postpone(task, this.alarm.stopped ? 0 : RETRY_MS.first);
    } catch (error) {
      const delay = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** Math.min(task.attempts, 10));
      this.logger.warn({ ...describeError(error), task: task.kind, subject: task.subject, attempts: task.attempts }, 'housekeeping task failed, tried again later');
      await this.tasks.postpone(task, delay);
    }
  }

  /** False where something is left. */
  private carryOut(task: Task): Promise<boolean> {
    switch (task.kind) {
      case 'relations': return this.relations.removeAll(task, this.alarm.signal);
      case 'tenant': return this.deletion.carryOut(task, this.alarm.signal);
      case 'pause': return this.pauses.whenOver(systemContext(task), task.subject);
      case 'import': return this.imports.forget(task).then(() => true);
      case 'repair': return this.repairs.stateSome(task, this.alarm.signal);
    }
  }

  private async purge(): Promise<void> {
    if (performance.now() - this.purgedAt < PURGE_MS) return;
    const purged = await this.store.purgeIdempotencyKeys(PURGE_LIMIT);
    if (purged < PURGE_LIMIT) this.purgedAt = performance.now();
  }
}
