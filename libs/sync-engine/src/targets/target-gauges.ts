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

/** `moved`: what a pass may have changed, where there was one. */
const EVERY_MS = { moved: 2_000, memory: 5_000, database: 30_000 };
/** More are not counted. */
const MOST = 1_000_000;

/** Tells now and then how a target stands. */
export class TargetGauges {
  private readonly toldAt = { moved: -Infinity, memory: -Infinity, database: -Infinity };
  private moved = false;

  constructor(private readonly parts: GaugeParts) {}

  /** A pass ended or was recorded. */
  progressed(inFlight: number): void {
    this.parts.metrics.inFlight(this.parts.account, inFlight);
    this.moved = true;
  }

  async tell(): Promise<void> {
    const { metrics, account, pacer, quarantine } = this.parts;
    if (metrics === noMetrics) return;
    if (this.isTime('memory')) {
      metrics.paced(account, pacer.figures());
      metrics.rested(account, quarantine.probing);
    }
    const all = this.isTime('database');
    if (all) await this.countDue();
    if (all || (this.moved && this.isTime('moved'))) await this.countUnsettled();
  }

  private isTime(which: keyof typeof EVERY_MS): boolean {
    const now = this.parts.clock.now();
    if (now - this.toldAt[which] < EVERY_MS[which]) return false;
    this.toldAt[which] = now;
    return true;
  }

  private async countDue(): Promise<void> {
    const { db, account, clock, metrics } = this.parts;
    const { rows } = await db.pool.query<{ lane: number; due: number; oldest: string }>(prepared(
      `SELECT lane, count(*)::int AS due, min(due_at) AS oldest FROM (
         SELECT lane, due_at FROM ${db.bindings.name} WHERE account = $1 AND due_at <= $2 AND NOT claimed LIMIT ${MOST}) AS d GROUP BY lane`, [account, clock.now()]));
    metrics.queued(account, rows.map(({ lane, due, oldest }) => ({ lane, due, oldest: Number(oldest) })), clock.now());
  }

  private async countUnsettled(): Promise<void> {
    const { db, account, metrics } = this.parts;
    this.moved = false;
    const { rows: [open] } = await db.pool.query<{ drifted: number; conflicts: number }>(prepared(
      `SELECT (SELECT count(*) FROM ${db.bindings.name} WHERE account = $1 AND drift IS NOT NULL)::int AS drifted,
         (SELECT count(*) FROM ${db.bindings.name} WHERE account = $1 AND error_code = 'Conflict' AND due_at IS NULL)::int AS conflicts`, [account]));
    metrics.unsettled(account, open ?? { drifted: 0, conflicts: 0 });
  }
}
