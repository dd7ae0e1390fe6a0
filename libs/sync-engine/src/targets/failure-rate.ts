import type { Clock } from '../seams';

const WINDOW = { slices: 12, ms: 10_000 };
/** Fewer attempts say nothing. */
const ENOUGH = 50;
const TOO_HIGH = 0.4;

interface Slice {
  readonly since: number;
  attempts: number;
  failures: number;
}

/** How much of what was attempted in the last two minutes failed. */
export class FailureRate {
  private slices: Slice[] = [];

  constructor(private readonly clock: Clock) {}

  add(failed: boolean): void {
    const now = this.clock.now();
    this.slices = this.slices.filter(({ since }) => since > now - WINDOW.slices * WINDOW.ms);
    let last = this.slices.at(-1);
    if (last === undefined || now - last.since >= WINDOW.ms) this.slices.push(last = { since: now, attempts: 0, failures: 0 });
    last.attempts += 1;
    if (failed) last.failures += 1;
  }

  clear(): void {
    this.slices = [];
  }

  get isTooHigh(): boolean {
    return this.attempts >= ENOUGH && this.failures > TOO_HIGH * this.attempts;
  }

  /** For an operator. */
  get words(): string {
    return `${this.failures} of the last ${this.attempts} attempts failed`;
  }

  private get attempts(): number {
    return this.slices.reduce((sum, { attempts }) => sum + attempts, 0);
  }

  private get failures(): number {
    return this.slices.reduce((sum, { failures }) => sum + failures, 0);
  }
}
