export { AppendRefused, type Append, type AppendRefusal, type AppendResult, type EventStore, type IdempotencyKey, type LogPage, type NameReservation } from './event-store';
