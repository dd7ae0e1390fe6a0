import { join } from 'node:path';

/** One line of a benchmark's table. */
export interface BenchFigure {
  readonly name: string;
  readonly value: number;
  /** `events/s`, `ms`, `calls` ... */
  readonly unit: string;
  /** Name of the figure of the same run that it is compared with, and value of the one per value of the other. */
  readonly ceiling?: string;
  readonly ratio?: number;
  /** What the value is made of. */
  readonly detail?: string;
}

/** By nearest rank; `share` from 0 to 1. NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** `full`, or, in a run that only shows that the benchmark works (`--quick`), `quick`. */
export function sized(full: number, quick: number): number {
  return process.env['WAMI_BENCH_QUICK'] === '1' ? quick : full;
}

/** What the driver of the benchmarks asks of standalone's Node: a CPU profile of each thread where WAMI_BENCH_PROFILE names a folder. */
export function profileArguments(name: string): string[] {
  const folder = process.env['WAMI_BENCH_PROFILE'];
  return folder ? ['--cpu-prof', '--cpu-prof-dir', join(folder, name)] : [];
}
