import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { BINDING_EVENTS, upcastEvent, type RecordedBindingEvent, type RecordedEvent, type RecordedSyncEvent } from '@wami/contracts';
import type { EventLog, Subscription, SubscriptionHealth } from '@wami/event-log';
import { describeError } from '@wami/platform';
import { EVENT_LOG, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { JobProgress } from './job-progress';
import { Outcomes } from './outcomes';
import { PlanProgress } from './plan-progress';

const BINDING_TYPES: ReadonlySet<string> = new Set(BINDING_EVENTS.map(({ type }) => type));
const RETRY_MS = 1000;
const PACE_MS = 50;

/** Every identity process hears all outcomes from its start on, in a group of its own, and keeps no position. */
@Injectable()
export class OutcomeTail {
  readonly outcomes = new Outcomes();
  readonly jobs = new JobProgress();
  readonly plans = new PlanProgress();
  private readonly stop = new AbortController();
  private subscription: Subscription | undefined;
  private problem: string | undefined = 'not started';
  private retrying: Promise<void> = Promise.resolve();

  constructor(@Inject(EVENT_LOG) private readonly log: EventLog, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings) {}

  /** Where the log does not answer yet, it is asked again each second and `health` says so. */
  async start(): Promise<void> {
    if (!(await this.subscribe())) this.retrying = this.retry();
  }

  /** Whether the subscription stands; how it fares is told by the log itself. */
  health(): SubscriptionHealth {
    return this.problem === undefined ? { ok: true } : { ok: false, reason: this.problem };
  }

  async close(): Promise<void> {
    this.stop.abort();
    this.outcomes.close();
    this.jobs.close();
    this.plans.close();
    await this.retrying;
    await this.subscription?.close();
  }

  private async retry(): Promise<void> {
    do await pause(RETRY_MS, undefined, { signal: this.stop.signal }).catch(() => undefined);
    while (!this.stop.signal.aborted && !(await this.subscribe()));
  }

  private async subscribe(): Promise<boolean> {
    const { syncSources } = this.settings;
    try {
      if (syncSources.length > 0) {
        this.subscription = await this.log.subscribe({
          group: `identity-wait-${randomUUID()}`, sources: syncSources, from: 'now', paceMs: PACE_MS, onBatch: ({ events }) => Promise.resolve(this.observe(events.map((event) => upcastEvent(event)))),
        });
      }
      this.problem = undefined;
      return true;
    } catch (error) {
      this.problem = `the outcomes of the clouds cannot be heard (${describeError(error).error}); tried again every second`;
      return false;
    }
  }

  private observe(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      if (isBindingEvent(event)) {
        this.outcomes.observe(event);
        this.jobs.observe(event);
      } else if (isJobAccepted(event)) {
        this.jobs.accepted(event);
      } else if (isPlanAnswered(event)) {
        this.plans.answered(event);
      } else if (isPlanRefused(event)) {
        this.jobs.refused(event);
      }
    }
  }
}

function isBindingEvent(event: RecordedEvent): event is RecordedBindingEvent {
  return BINDING_TYPES.has(event.type);
}

function isJobAccepted(event: RecordedEvent): event is Extract<RecordedSyncEvent, { type: 'wami.sync.job-accepted.v1' }> {
  return event.type === 'wami.sync.job-accepted.v1';
}

function isPlanAnswered(event: RecordedEvent): event is Extract<RecordedSyncEvent, { type: 'wami.sync.plan-answered.v1' }> {
  return event.type === 'wami.sync.plan-answered.v1';
}

function isPlanRefused(event: RecordedEvent): event is Extract<RecordedSyncEvent, { type: 'wami.sync.plan-refused.v1' }> {
  return event.type === 'wami.sync.plan-refused.v1';
}
