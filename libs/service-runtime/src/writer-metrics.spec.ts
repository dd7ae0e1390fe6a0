import type { Append, AppendResult, EventStore } from '@wami/event-store';
import type { RecordedEvent } from '@wami/contracts';
import { Metrics } from '@wami/platform';
import type { PoolClient } from 'pg';
import { measuredStore } from './writer-metrics';

const event = (type: string) => ({ type }) as RecordedEvent;
const answer = (result: Partial<AppendResult>) => result as AppendResult;

it('counts what is written, not what was written before, and leaves out what cannot be found out now', async () => {
  const metrics = new Metrics();
  const answers = [answer({ outcome: 'appended', events: [event('a'), event('b')] }), answer({ outcome: 'repeated' })];
  const store = measuredStore(metrics, 'identity', {
    append: () => Promise.resolve(answers.shift()), appendIn: () => Promise.resolve([event('a')]), gateLagSeconds: () => Promise.reject(new Error('the database is away')),
  } as unknown as EventStore, { health: () => ({ ok: true }), lag: () => Promise.resolve({ events: 3, published: '0.0' }), close: () => Promise.resolve() });
  await store.append({} as Append);
  await store.append({} as Append);
  await store.appendIn({} as PoolClient, []);
  const samples = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(samples).toEqual(['wami_events_appended_total{source="identity",type="a"} 2', 'wami_events_appended_total{source="identity",type="b"} 1', 'wami_outbox_lag_events{source="identity"} 3']);
});
