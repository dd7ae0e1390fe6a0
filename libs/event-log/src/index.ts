export { StalePosition, type EventBatch, type EventLog, type Relay, type SubscribeOptions, type Subscription, type SubscriptionHealth } from './event-log';
