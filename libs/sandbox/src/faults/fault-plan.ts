/**
 * What can go wrong with one call. Before the operation runs: `throttle`, `error`, `access-denied`, `credentials-rejected`,
 * `concurrent-modification`, `lost-request` (the connection breaks, nothing happened). After it ran: `lost-answer`
 * (the connection breaks), `timeout` (no answer comes until the client gives up, at most 30 s).
 */
export const FAULT_KINDS = [
  'throttle', 'error', 'access-denied', 'credentials-rejected', 'concurrent-modification', 'lost-request', 'lost-answer', 'timeout',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Standing faults. Rates are probabilities per call, 0..1; what is absent stays as it is. */
export interface FaultPlan {
  /** Rate of answers that ask to slow down, before execution. */
  readonly throttle?: number;
  /** Rate of answers that the service failed, before execution. */
  readonly errors?: number;
  /** Rate of calls that are executed and whose connection then breaks. */
  readonly lostAnswers?: number;
  /** Each call waits between these milliseconds before it is executed; at most 60 000. */
  readonly latencyMs?: readonly [number, number];
  /** Reads answer as of this many milliseconds ago; at most 600 000. */
  readonly eventualConsistencyMs?: number;
  /** While `eventualConsistencyMs` is over 0: the rate of calls that see the past (1); the others see the present, so that reads flap. */
  readonly staleReads?: number;
  /** Operations that are refused; `*` is every one. */
  readonly accessDenied?: readonly string[];
  readonly credentials?: 'accepted' | 'rejected';
  /** Access key ids (AWS) or bearer tokens that the cloud no longer knows. */
  readonly revokedAccessKeys?: readonly string[];
}
export type ActiveFaults = Required<FaultPlan>;

export const NO_FAULTS: ActiveFaults = {
  throttle: 0, errors: 0, lostAnswers: 0, latencyMs: [0, 0], eventualConsistencyMs: 0, staleReads: 1,
  accessDenied: [], credentials: 'accepted', revokedAccessKeys: [],
};

/** A fault for the next `times` (1) calls that match; an absent `operation` or `subject` matches all. */
export interface ScriptedFault {
  readonly kind: FaultKind;
  readonly operation?: string;
  /** A name, address or id of what the call is about, in any case of letters. */
  readonly subject?: string;
  readonly times?: number;
}

/** A fault was described wrongly: the text says which part and what is allowed. */
export class InvalidFault extends Error {
  override readonly name = 'InvalidFault';
}
