/** Time as the engine sees it. Nothing else in the engine looks at a clock or sets a timer. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
}

export interface Ids {
  /** Unlike any other, in this process or another. */
  next(): string;
}

/** Places where a test may stop or kill the process; each lies between two steps whose order a promise rests on. */
export type KillPoint =
  | 'after-fold-commit' | 'before-started' | 'after-started' | 'before-call' | 'after-call' | 'before-record' | 'after-record';

/** Everything of the outside world that is neither store, log nor cloud: a simulation drives the engine through these. */
export interface Seams {
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly reached?: (point: KillPoint) => void | Promise<void>;
}
