import { DEFAULT_SYNC_CONFIG } from '@wami/contracts';
import { retryDelay } from '../record/backoff';
import { BesidePasses, type BesideParts } from '../targets/beside-passes';
import { whileOwned } from '../targets/while-owned';
import { importAppend, listedEvent } from './import-events';
import { forgetImport, lockImport, nextImport, postponeImport, saveProgress, type ImportProblem, type ImportRow } from './import-table';
import { ReadingFailed, ReadingStopped, TargetReading } from './read-target';

/** A kind that could not be read after so many failures is told of as a problem of the import. */
const ATTEMPTS = 6;

/** Reads one owned target for the imports that asked for it, one after the other, beside the passes. */
export class TargetImports extends BesidePasses {
  constructor(private readonly parts: BesideParts) {
    super(parts, parts.pollMs);
  }

  protected async run(): Promise<void> {
    const { db, lease, seams: { clock } } = this.parts;
    for (;;) {
      const row = this.stopped ? undefined : await nextImport(db, lease.account, clock.now());
      if (!row || !(await this.read(row))) return;
    }
  }

  /** False where the target rests for now. */
  private async read(row: ImportRow): Promise<boolean> {
    const { db, owner, lease, caller, sceneFor, quarantine } = this.parts;
    const scene = sceneFor(row.tenant);
    if ('missing' in scene) {
      await this.finish(row, row.kinds.map((kind) => ({ kind, code: 'InvalidRequest', message: scene.missing })));
      return true;
    }
    try {
      const problems = await new TargetReading({ db, owner, lease, caller: caller(), scene, stopped: () => this.stopped }, row).read();
      await quarantine.end();
      await this.finish(row, problems);
      return true;
    } catch (error) {
      if (error instanceof ReadingStopped) return false;
      if (!(error instanceof ReadingFailed)) throw error;
      return this.failed(row, error);
    }
  }

  /** Rejected credentials stop the target and count as no attempt; a kind that cannot be read at all is left out. */
  private async failed(row: ImportRow, { kind, error }: ReadingFailed): Promise<boolean> {
    const { db, quarantine, seams: { clock, random } } = this.parts;
    if (error.code === 'AuthExpired') {
      await postponeImport(db, row, await quarantine.begin(error.message, error.code), row.attempts);
      return false;
    }
    if (error.retryable && row.attempts + 1 < ATTEMPTS) {
      await postponeImport(db, row, clock.now() + retryDelay(DEFAULT_SYNC_CONFIG.retry, row.attempts, random, error.options.retryAfterMs), row.attempts + 1);
      return true;
    }
    await this.change(row, async (client, now) => {
      await saveProgress(client, db, { ...now, problems: [...now.problems, { kind, code: error.code, message: error.message }] });
    });
    await postponeImport(db, row, clock.now(), 0);
    return true;
  }

  /** The last word about the target. */
  private async finish(row: ImportRow, problems: readonly ImportProblem[]): Promise<void> {
    const { db } = this.parts;
    await db.store.holdKeys([row.job]);
    await this.change(row, async (client, now) => {
      const done = { ...now, problems: [...now.problems, ...problems] };
      await db.store.appendIn(client, [importAppend(db.provider, done, [listedEvent(db.provider, done)])]);
      await forgetImport(client, db, done);
    });
  }

  private async change(row: ImportRow, work: (client: Parameters<typeof lockImport>[0], now: ImportRow) => Promise<void>): Promise<void> {
    await whileOwned(this.parts, async (client) => {
      const now = await lockImport(client, this.parts.db, row);
      if (now) await work(client, now);
    });
  }
}
