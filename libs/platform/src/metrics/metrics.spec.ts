import { Metrics } from './metrics';

it('what two parts of a process tell under one name stands together, under one help', async () => {
  const [process, thread] = [new Metrics(), new Metrics()];
  for (const [metrics, source] of [[process, 'identity'], [thread, 'sync-aws']] as const) metrics.counter('wami_events_appended_total', 'Events written', ['source']).inc({ source }, 2);
  process.gauge('wami_projection_lag_seconds', 'Age').set(1);
  thread.gauge('wami_paused', 'Pauses', ['provider']).set({ provider: 'aws' }, 0);
  process.alsoFrom(() => thread.text());
  process.alsoFrom(() => Promise.resolve(''));
  expect((await process.text()).split('\n').filter((line) => line !== '')).toEqual([
    '# HELP wami_events_appended_total Events written', '# TYPE wami_events_appended_total counter',
    'wami_events_appended_total{source="identity"} 2', 'wami_events_appended_total{source="sync-aws"} 2',
    '# HELP wami_projection_lag_seconds Age', '# TYPE wami_projection_lag_seconds gauge', 'wami_projection_lag_seconds 1',
    '# HELP wami_paused Pauses', '# TYPE wami_paused gauge', 'wami_paused{provider="aws"} 0',
  ]);
});
