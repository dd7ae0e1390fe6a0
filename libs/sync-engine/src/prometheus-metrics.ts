import type { Metrics } from '@wami/platform';
import type { EngineMetrics } from './metrics';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 12];

/** The engine's figures under the names that dashboards and alerts rely on. */
export function prometheusMetrics(metrics: Metrics, provider: string): EngineMetrics {
  const requests = metrics.counter('wami_provider_requests_total', 'Calls to the provider by how they ended', ['provider', 'method', 'code']);
  const duration = metrics.histogram('wami_provider_request_duration_seconds', 'Time of a call to the provider', ['provider', 'method'], SECONDS);
  const throttles = metrics.counter('wami_provider_throttles_total', 'Calls that the provider throttled', ['provider']);
  const operations = metrics.counter('wami_sync_operations_total', 'Passes over a binding by how they ended', ['provider', 'operation', 'outcome']);
  const inFlight = metrics.gauge('wami_sync_in_flight', 'Bindings being worked on', ['provider', 'account']);
  const folded = metrics.counter('wami_engine_events_folded_total', 'Events of identity that the engine has read', ['provider']);
  const paused = metrics.gauge('wami_paused', 'Pauses that hold back bindings of the provider', ['provider']);
  const pausedFor = metrics.gauge('wami_paused_oldest_seconds', 'For how long the oldest of them has held', ['provider']);
  return {
    folded: (events) => folded.inc({ provider }, events),
    called: (_account, method, milliseconds, code) => {
      requests.inc({ provider, method, code });
      duration.observe({ provider, method }, milliseconds / 1000);
      if (code === 'Throttled') throttles.inc({ provider });
    },
    settled: (_account, outcome, operation) => operations.inc({ provider, operation, outcome }),
    recorded: () => undefined,
    paused: (pauses, oldestSeconds) => {
      paused.set({ provider }, pauses);
      pausedFor.set({ provider }, oldestSeconds);
    },
    inFlight: (account, bindings) => inFlight.set({ provider, account }, bindings),
  };
}
