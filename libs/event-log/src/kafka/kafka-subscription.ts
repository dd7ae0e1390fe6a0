import { laterPosition, type PositionVector } from '@wami/contracts';
import type { Subscription, SubscriptionHealth, SubscriptionStats } from '../event-log';
import { healthBy, healthOf, type SubscriptionState } from '../subscription-state';
import { within } from '../waiting';
import type { BrokerWatch } from './kafka-client';
import type { TopicConsumer } from './topic-consumer';

export interface KafkaSubscriptionParts {
  readonly consumers: readonly TopicConsumer[];
  readonly state: SubscriptionState;
  readonly watch: BrokerWatch;
  readonly stop: AbortController;
  readonly onClosed: (subscription: KafkaSubscription) => void;
}

const CLOSE_MS = 10_000;

export class KafkaSubscription implements Subscription {
  constructor(private readonly parts: KafkaSubscriptionParts) {}

  async position(): Promise<PositionVector> {
    const merged: Record<string, string> = {};
    for (const vector of await Promise.all(this.parts.consumers.map((consumer) => consumer.position()))) {
      for (const [source, position] of Object.entries(vector)) merged[source] = laterPosition(merged[source] ?? '0.0', position);
    }
    return merged;
  }

  health(): SubscriptionHealth {
    return healthOf([healthBy(this.parts.watch.reason), this.parts.state.health()]);
  }

  stats(): SubscriptionStats {
    return { ...this.parts.state.stats };
  }

  async close(): Promise<void> {
    this.parts.stop.abort();
    await within(Promise.all(this.parts.consumers.map((consumer) => consumer.closed())), CLOSE_MS);
    this.parts.onClosed(this);
  }
}
