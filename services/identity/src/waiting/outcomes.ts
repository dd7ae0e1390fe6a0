import { comparePositions, type LogPosition, type RecordedBindingEvent, type Target } from '@wami/contracts';
import { evolveBinding, type BindingOutcome } from '@wami/domain';
import { BoundedMap } from '../bounded-map';
import { Signals } from './signals';

export const targetKey = ({ provider, account }: Target): string => `${provider}/${account}`;

/** True where an engine will do no more by itself for now: a failure that is tried again is not settled, what a pause or the guard holds need not be waited for. */
export function isSettled({ outcome }: BindingOutcome): boolean {
  switch (outcome.state) {
    case 'Synced': case 'Gone': case 'Skipped': case 'NotConfigured': return true;
    case 'Failed': return outcome.nextRetryAt === undefined;
    case 'Pending': return outcome.pausedBy !== undefined || outcome.approval !== undefined;
    case 'Syncing': return false;
  }
}

/** Resources of which the newest words are kept, so that one who begins to wait late still hears them. */
const KEPT_RESOURCES = 10_000;

/** What the engines said lately, in memory, and those who wait for it. */
export class Outcomes {
  private readonly said = new BoundedMap<string, Map<string, BindingOutcome>>(KEPT_RESOURCES);
  private readonly signals = new Signals();

  observe(event: RecordedBindingEvent): void {
    const { resource } = event.data;
    const bindings = this.said.get(resource) ?? new Map<string, BindingOutcome>();
    const target = targetKey(event.data);
    bindings.set(target, evolveBinding(bindings.get(target), event));
    this.said.set(resource, bindings);
    this.signals.signal(resource);
  }

  /** What is known of each target as of `intent` or later, once all of them settled or the time is up. */
  async settle(resource: string, targets: readonly Target[], intent: LogPosition, timeoutMs: number): Promise<ReadonlyMap<string, BindingOutcome>> {
    const settled = (): boolean => {
      const known = this.known(resource, intent);
      return targets.every((target) => {
        const outcome = known.get(targetKey(target));
        return outcome !== undefined && isSettled(outcome);
      });
    };
    await this.signals.until(resource, settled, timeoutMs);
    return this.known(resource, intent);
  }

  close(): void {
    this.signals.close();
  }

  private known(resource: string, intent: LogPosition): ReadonlyMap<string, BindingOutcome> {
    return new Map([...(this.said.get(resource) ?? [])].filter(([, outcome]) => comparePositions(outcome.intent, intent) >= 0));
  }
}
