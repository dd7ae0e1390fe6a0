import { prepared } from '@wami/event-store';
import type { EngineDatabase } from '../database/engine-database';
import { noMetrics, type EngineMetrics } from '../metrics';
import type { Clock } from '../seams';
import type { Pacer } from './pacer';
import type { Quarantine } from './quarantine';

export interface GaugeParts {
  readonly db: EngineDatabase;
  readonly account: string;
  readonly clock: Clock;
  readonly metrics: EngineMetrics;
  readonly pacer: Pacer;
  readonly quarantine: Quarantine;
}

const EVERY_MS = { memory: 5_000, database: 30_000 };
/** More are not counted. */
const MOST = 1_000_000;

/** Tells now and then how a target stands. */
export class TargetGauges {
  private toldAt = -Infinity;
  private countedAt = -Infinity;

  constructor(private readonly parts: GaugeParts) {}

  async tell(): Promise<void> {
    const { clock, metrics, account, pacer, quarantine } = this.parts;
    if (metrics === noMetrics || clock.now() - this.toldAt < EVERY_MS.memory) return;
    this.toldAt = clock.now();
    metrics.paced(account, pacer.figures());
    metrics.rested(account, quarantine.probing);
    if (clock.now() - this.countedAt < EVERY_MS.database) return;
    this.countedAt = clock.now();
    await this.count();
  }

  private async count(): Promise<void> {
    const { db, account, clock, metrics } = this.parts;
    const { rows } = await db.pool.query<{ lane: number; due: number; oldest: string }>(prepared(
      `SELECT lane, count(*)::int AS due, min(due_at) AS oldest FROM (
         SELECT lane, due_at FROM ${db.bindings.name} WHERE account = $1 AND due_at <= $2 AND NOT claimed LIMIT ${MOST}) AS d GROUP BY lane`, [account, clock.now()]));
    const { rows: [open] } = await db.pool.query<{ drifted: number; conflicts: number }>(prepared(
      `SELECT (SELECT count(*) FROM ${db.bindings.name} WHERE account = $1 AND drift IS NOT NULL)::int AS drifted,
         (SELECT count(*) FROM ${db.bindings.name} WHERE account = $1 AND error_code = 'Conflict' AND due_at IS NULL)::int AS conflicts`, [account]));
    metrics.unsettled(account, open ?? { drifted: 0, conflicts: 0 });
    metrics.queued(account, rows.map(({ lane, due, oldest }) => ({ lane, due, oldest: Number(oldest) })), clock.now());
  }
}
