import { noMetrics, type EngineMetrics } from '../metrics';

export interface Paused {
  readonly pauses: number;
  readonly oldestSeconds: number;
}

/** Notes what the engine reports of pauses. Used by specs. */
export function metricsOf(figures: Paused[]): EngineMetrics {
  return { ...noMetrics, paused: (pauses, oldestSeconds) => figures.push({ pauses, oldestSeconds }) };
}
