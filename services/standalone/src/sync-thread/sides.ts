import type { Target } from '@wami/contracts';
import type { HealthCheck, KafkaAccess } from '@wami/platform';
import type { TracingSettings } from '@wami/tracing';
import type { SandboxCloud } from './sandbox-clouds';

/** What the thread needs to know; plain values, for they are copied. */
export interface OpenSync {
  readonly databaseUrl: string;
  /** See `sealKeyOf`. */
  readonly sealKey: Uint8Array;
  readonly kafka?: KafkaAccess | undefined;
  readonly http: { readonly port: number; readonly host: string };
  readonly instance: string;
  /** Path of the connections file; without it the sandbox clouds are started. */
  readonly connections?: string;
  readonly sandboxes: readonly SandboxCloud[];
  /** The package that holds an adapter beside those that are built in. */
  readonly adapter?: string;
  readonly folder: string;
  readonly tracing?: TracingSettings;
}

export interface OpenedSync {
  /** Addresses of the sandbox clouds by target. */
  readonly sandboxes: Readonly<Record<string, string>>;
  /** The targets that the tenant `default` may use. */
  readonly openToDefault: readonly Target[];
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

/** What the thread is asked. */
export type ThreadSide = {
  open(options: OpenSync): Promise<OpenedSync>;
  /** In Prometheus' text format. */
  metrics(nothing: null): Promise<string>;
  /** Finishes what is in flight. */
  close(nothing: null): Promise<void>;
};

/** What the thread asks, and tells. */
export type ProcessSide = {
  /** A subject that never had a key is left out; `gone`: it was destroyed. */
  keys(subjects: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | 'gone'>>;
  log(line: LogLine): void;
  /** Told when something changes, and often enough to show that the thread lives. */
  health(checks: Readonly<Record<string, HealthCheck>>): void;
};
