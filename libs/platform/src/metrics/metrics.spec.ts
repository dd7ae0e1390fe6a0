import { StartupError } from '../config/startup-error';
import { Metrics } from './metrics';
import { serveMetrics } from './serve-metrics';

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

it('is told on a port of its own to whoever asks there, where one was asked for, and nothing else is', async () => {
  const metrics = new Metrics('identity');
  expect((await serveMetrics(metrics, { WAMI_HOST: '127.0.0.1' })).port).toBeUndefined();
  const { port = 0, close } = await serveMetrics(metrics, { WAMI_HOST: '127.0.0.1', WAMI_METRICS_PORT: 0 });
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(await answer.text()).toContain('wami_build_info{service="identity"} 1');
    const others = [['GET', '/'], ['GET', '/v1/users'], ['POST', '/metrics'], ['GET', '/metrics/']] as const;
    for (const [method, path] of others) expect([method, path, (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status]).toEqual([method, path, 404]);
    await expect(serveMetrics(metrics, { WAMI_HOST: '127.0.0.1', WAMI_METRICS_PORT: port })).rejects.toThrow(StartupError);
  } finally {
    await close();
  }
});
