import type { RecordedBindingEvent } from '@wami/contracts';
import { RETRY } from './tenant-settings';

type Failed = Extract<RecordedBindingEvent, { type: 'wami.sync.failed.v1' }>;

/** An outcome is decided by one clock and written a moment later by another. */
const APART_MS = 1_500;
const LONGEST_MS = 60_000;
/** What is worth trying again, whatever the engine says. */
const PASSING: ReadonlySet<string> = new Set(['Throttled', 'Unavailable', 'NetworkError', 'Timeout', 'AuthExpired']);

/** Judges what is told of failures: what is worth trying again has a time for it, not before the provider allows, and not for ever. */
export class RetryOracle {
  /** Attempts that were counted when credentials were last rejected: that is nobody's attempt. */
  private readonly rejectedAt = new Map<string, number>();

  constructor(private readonly fail: (words: string) => void) {}

  hear(event: RecordedBindingEvent): void {
    const { resource } = event.data;
    if (event.type === 'wami.sync.failed.v1') this.hearFailure(event);
    else if (event.type !== 'wami.sync.started.v1') this.rejectedAt.delete(resource);
  }

  private hearFailure({ data: { resource, code, retryable, retryCount, nextRetryAt }, personal: { message }, time }: Failed): void {
    const wait = nextRetryAt === undefined ? undefined : Date.parse(nextRetryAt) - Date.parse(time);
    if ((retryable || PASSING.has(code)) && retryCount < RETRY.maxRetries && wait === undefined) this.fail(`${resource} failed with ${code} and is never tried again`);
    if (retryCount > RETRY.maxRetries) this.fail(`${resource} is tried for the ${retryCount}th time`);
    const allowed = Number(/not before (\d+) ms/.exec(message)?.[1] ?? 0);
    if (wait !== undefined && allowed > 0 && wait + APART_MS < allowed) this.fail(`${resource} is to be tried again in ${wait} ms, and the provider allows it in ${allowed} ms`);
    if (wait !== undefined && wait > LONGEST_MS) this.fail(`${resource} is to be tried again in ${wait} ms only`);
    const before = this.rejectedAt.get(resource);
    if (before !== undefined && retryCount > before) this.fail(`rejected credentials are counted as an attempt of ${resource}`);
    if (code === 'AuthExpired') this.rejectedAt.set(resource, retryCount);
    else this.rejectedAt.delete(resource);
  }
}
