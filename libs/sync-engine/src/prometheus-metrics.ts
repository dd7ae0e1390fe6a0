import type { Metrics } from '@wami/platform';
import { LANES, type Lane } from './bindings/binding';
import type { EngineMetrics } from './metrics';
import type { Access } from './targets/pacer';

const LANE_NAMES: Readonly<Record<Lane, string>> = { [-1]: 'revocations', 0: 'people', 1: 'machines' };
const ACCESSES: readonly Access[] = ['read', 'write'];
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 12];
const SETTLE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400];

/** The engine's figures under the names that dashboards and alerts rely on. */
export function prometheusMetrics(metrics: Metrics, provider: string): EngineMetrics {
  const requests = metrics.counter('wami_provider_requests_total', 'Calls to the provider by how they ended', ['provider', 'method', 'code']);
  const duration = metrics.histogram('wami_provider_request_duration_seconds', 'Time of a call to the provider', ['provider', 'method'], SECONDS);
  const throttles = metrics.counter('wami_provider_throttles_total', 'Requests that the provider throttled', ['provider', 'account', 'access']);
  const rate = metrics.gauge('wami_provider_rate', 'Requests a second that the provider is taken to allow', ['provider', 'account', 'access']);
  const left = metrics.gauge('wami_provider_requests_left', 'Requests that may be sent at once, as far as known', ['provider', 'account', 'access']);
  const waiting = metrics.gauge('wami_provider_requests_waiting', 'Requests that wait for their turn', ['provider', 'account', 'access']);
  const healthy = metrics.gauge('wami_provider_healthy', '0 where the target is in quarantine', ['provider', 'account']);
  const queue = metrics.gauge('wami_sync_queue', 'Bindings that are due, by lane', ['provider', 'account', 'lane']);
  const oldest = metrics.gauge('wami_sync_oldest_due_timestamp_seconds', 'When the binding became due that has waited longest; now, where none is due', ['provider', 'account']);
  const operations = metrics.counter('wami_sync_operations_total', 'Passes over a binding by how they ended', ['provider', 'kind', 'operation', 'outcome', 'code']);
  const settle = metrics.histogram('wami_sync_settle_seconds', 'From when a binding became due until it came to rest', ['provider', 'lane', 'outcome'], SETTLE_SECONDS);
  const inFlight = metrics.gauge('wami_sync_in_flight', 'Bindings being worked on', ['provider', 'account']);
  const folded = metrics.counter('wami_engine_events_folded_total', 'Events of identity that the engine has read', ['provider']);
  const paused = metrics.gauge('wami_paused', 'Pauses that hold back bindings of the provider', ['provider']);
  const pausedFor = metrics.gauge('wami_paused_oldest_seconds', 'For how long the oldest of them has held', ['provider']);
  const guarded = metrics.gauge('wami_guard_tripped', 'Lists of removals that wait for approval', ['provider']);
  const drifted = metrics.gauge('wami_drift_resources', 'Resources that somebody else changed at the target and that do not agree again yet', ['provider', 'account']);
  const conflicts = metrics.gauge('wami_conflicts_open', 'Conflicts that somebody has to decide about', ['provider', 'account']);
  const ends = metrics.gauge('wami_credential_expiry_timestamp_seconds', 'When the credentials end, where that is known', ['provider', 'account']);
  return {
    credentialsEnd: (account, at) => (at === undefined ? ends.remove({ provider, account }) : ends.set({ provider, account }, at / 1000)),
    unsettled: (account, open) => {
      drifted.set({ provider, account }, open.drifted);
      conflicts.set({ provider, account }, open.conflicts);
    },
    guarded: (lists) => guarded.set({ provider }, lists),
    folded: (events) => folded.inc({ provider }, events),
    called: (_account, method, milliseconds, code) => {
      requests.inc({ provider, method, code });
      duration.observe({ provider, method }, milliseconds / 1000);
    },
    settled: (_account, { kind, lane, operation, outcome, code, settledMs }) => {
      operations.inc({ provider, kind, operation, outcome, code });
      if (settledMs !== undefined) settle.observe({ provider, lane: LANE_NAMES[lane], outcome }, settledMs / 1000);
    },
    recorded: () => undefined,
    throttled: (account, access) => throttles.inc({ provider, account, access }),
    paced: (account, figures) => {
      for (const one of figures) {
        rate.set({ provider, account, access: one.access }, one.perSecond);
        left.set({ provider, account, access: one.access }, one.left);
        waiting.set({ provider, account, access: one.access }, one.waiting);
      }
    },
    rested: (account, resting) => healthy.set({ provider, account }, resting ? 0 : 1),
    queued: (account, lanes, now) => {
      for (const lane of LANES) queue.set({ provider, account, lane: LANE_NAMES[lane] }, lanes.find((one) => one.lane === lane)?.due ?? 0);
      oldest.set({ provider, account }, Math.min(now, ...lanes.map((one) => one.oldest)) / 1000);
    },
    paused: (pauses, oldestSeconds) => {
      paused.set({ provider }, pauses);
      pausedFor.set({ provider }, oldestSeconds);
    },
    inFlight: (account, bindings) => inFlight.set({ provider, account }, bindings),
    gone: (account) => {
      for (const gauge of [healthy, oldest, inFlight, drifted, conflicts, ends]) gauge.remove({ provider, account });
      for (const lane of LANES) queue.remove({ provider, account, lane: LANE_NAMES[lane] });
      for (const gauge of [rate, left, waiting]) for (const access of ACCESSES) gauge.remove({ provider, account, access });
    },
  };
}
