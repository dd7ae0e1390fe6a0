import type { PlanAction, RecordedSyncPlanEvent, StartedPlan, Target } from '@wami/contracts';
import { targetKey } from './outcomes';
import { Signals } from './signals';

type Answered = Extract<RecordedSyncPlanEvent, { type: 'wami.sync.plan-answered.v1' }>['data'];

const MAX_WATCHED = 500;

/** Follows the plans that somebody waits for. Watch before the plan is written, so that no answer is missed. */
export class PlanProgress {
  private readonly plans = new Map<string, Map<string, Answered>>();
  private readonly signals = new Signals();

  /** False where too many are watched already: the caller answers without waiting. */
  watch(plan: string): boolean {
    if (this.plans.size >= MAX_WATCHED) return false;
    this.plans.set(plan, new Map());
    return true;
  }

  forget(plan: string): void {
    this.plans.delete(plan);
  }

  answered({ data }: { readonly data: Answered }): void {
    this.plans.get(data.plan)?.set(targetKey(data), data);
    this.signals.signal(data.plan);
  }

  /** What all targets say, once they have or the time is up. The hash is that of a complete plan. */
  async answers(plan: string, targets: readonly Target[], timeoutMs: number): Promise<Pick<StartedPlan, 'state' | 'hash' | 'counts'>> {
    const said = this.plans.get(plan) ?? new Map<string, Answered>();
    const complete = (): boolean => targets.every((target) => said.has(targetKey(target)));
    await this.signals.until(plan, complete, timeoutMs);
    const counts: Partial<Record<PlanAction, number>> = {};
    for (const { counts: own } of said.values()) for (const [action, count] of Object.entries(own)) counts[action as PlanAction] = (counts[action as PlanAction] ?? 0) + count;
    if (!complete()) return { state: 'running', counts };
    const hash = targets.map((target) => said.get(targetKey(target))?.hash).join('.');
    return { state: 'complete', counts, ...(hash === '' ? {} : { hash }) };
  }

  close(): void {
    this.signals.close();
  }
}
