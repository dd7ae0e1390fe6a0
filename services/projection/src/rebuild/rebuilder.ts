import { inTransaction, KeysUnavailable, type PersonalData } from '@wami/event-store';
import { describeError, type Logger } from '@wami/platform';
import type { Pool } from 'pg';
import type { ReadModel } from '../model/read-model';
import { begin, catchUpAndSwap, Interrupted, keepReplayed, writeFirst, writeIndexes, writeKeys, type BuildContext } from './build-generation';
import { findRebuild, modelsOf, moveRebuild, nextRebuild, type RebuildJob } from './rebuild-jobs';
import { beginRollback, keepAgain } from './roll-back';
import { whileLocked } from './while-locked';

export interface RebuilderParts {
  readonly pool: Pool;
  readonly schema: string;
  readonly models: readonly ReadModel[];
  readonly personal: PersonalData;
  readonly logger: Logger;
  /** Events read and written at a time. */
  readonly page: number;
}

const LOOK_MS = 1000;
/** A step that fails so often in a row fails the job; connections come and go. */
const TRIES = 3;
const PAUSE_MS = 200;

/** Does rebuild jobs, one at a time among all replicas. A job that was cut off goes on where it was. */
export class Rebuilder {
  private readonly stop = new AbortController();
  private wake: () => void = () => undefined;
  private readonly loop: Promise<void>;
  private problem: string | undefined;

  constructor(private readonly parts: RebuilderParts) {
    this.loop = this.run();
  }

  /** Looks for jobs at once. */
  look(): void {
    this.wake();
  }

  /** For an operator: why the newest job failed. */
  get reason(): string | undefined {
    return this.problem;
  }

  /** Resolves when the page in hand is written. */
  async close(): Promise<void> {
    this.stop.abort();
    this.wake();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      try {
        await this.doJobs();
      } catch (error) {
        if (!(error instanceof Interrupted)) this.parts.logger.warn(describeError(error), 'looking for rebuilds failed');
      }
      await this.pause(LOOK_MS);
    }
  }

  private async doJobs(): Promise<void> {
    const { pool, schema, models } = this.parts;
    if (!(await nextRebuild(pool, schema, models))) return;
    await whileLocked(pool, schema, 'wami rebuild', async () => {
      for (let job = await nextRebuild(pool, schema, models); job && !this.stop.signal.aborted; job = await nextRebuild(pool, schema, models)) await this.build(job);
    });
  }

  private async build(started: RebuildJob): Promise<void> {
    const { logger } = this.parts;
    const { job, verb } = started;
    for (let failures = 0; ;) {
      try {
        if (await this.step(job)) return;
        failures = 0;
      } catch (error) {
        if (error instanceof Interrupted) throw error;
        const waits = error instanceof KeysUnavailable;
        if (!waits) failures++;
        logger.error({ job, ...describeError(error) }, waits ? `a ${verb} waits` : `a ${verb} failed`);
        if (waits) await this.wait(error);
        else if (failures < TRIES) await this.pause(PAUSE_MS * failures);
        else return this.giveUp(started, describeError(error).error);
      }
    }
  }

  private async giveUp(failed: RebuildJob, error: string): Promise<void> {
    const { pool, schema, models } = this.parts;
    this.problem = error;
    await inTransaction(pool, async (client) => {
      if (failed.verb === 'rollback') await keepAgain(client, schema, modelsOf(failed, models));
      await moveRebuild(client, schema, failed.job, { phase: 'failed', error });
    });
  }

  /** It goes on by itself once keys can be had again. */
  private async wait({ message }: KeysUnavailable): Promise<void> {
    this.problem = message;
    await this.pause(LOOK_MS);
    if (this.stop.signal.aborted) throw new Interrupted(message);
  }

  /** Does what the job's phase asks for; true when nothing is left. */
  private async step(id: string): Promise<boolean> {
    const { pool, schema, models, personal, logger, page } = this.parts;
    const job = await findRebuild(pool, schema, id);
    if (!job) return true;
    const context: BuildContext = { pool, schema, personal, page, job: id, verb: job.verb, models: modelsOf(job, models), signal: this.stop.signal };
    switch (job.phase) {
      case 'waiting': await (job.verb === 'rollback' ? beginRollback(context) : begin(context, job)); return false;
      case 'first': await writeFirst(context, job); return false;
      case 'keys': await writeKeys(context, job); return false;
      case 'indexes': await writeIndexes(context, job); return false;
      case 'catch-up':
        await (job.verb === 'replay' ? keepReplayed(context, job) : catchUpAndSwap(context));
        this.problem = undefined;
        logger.info({ job: id, models: job.models, events: job.total }, job.verb === 'replay' ? 'read models were made of a part of the events' : `the read models were swapped: ${job.verb}`);
        return false;
      case 'done':
      case 'failed': return true;
    }
  }

  private pause(ms: number): Promise<void> {
    if (this.stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
