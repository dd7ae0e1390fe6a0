import { seededRandom } from '../random';
import type { Random } from '../random';
import { InvalidFault, NO_FAULTS } from './fault-plan';
import type { ActiveFaults, FaultKind, FaultPlan, ScriptedFault } from './fault-plan';
import { parseFaultPlan, parseScheduledFault, parseScriptedFault } from './parse-faults';

const MAX_SCRIPTED = 1_000;

/** Switches of the sandbox's misbehaviour. All of them throw InvalidFault on a wrong description and then change nothing. */
export interface FaultControls {
  /** Same seed and same order of calls: same faults. Print it when a test fails. */
  readonly seed: number;
  /** Changes the standing faults that are named; the others stay. */
  set(plan: FaultPlan): void;
  get(): ActiveFaults;
  /** No standing faults, nothing scripted. */
  reset(): void;
  /** Scripted faults go before standing ones; the oldest that matches a call is used. */
  next(fault: ScriptedFault): void;
  /** The n-th call from now (1 is the next one) fails in this way. */
  at(call: number, kind: FaultKind): void;
  /** What was scripted and has not happened yet, with the times or calls that remain. */
  pending(): readonly PendingFault[];
  /** How often each kind happened since the start. */
  injected(): Readonly<Partial<Record<FaultKind, number>>>;
}

export type PendingFault = (ScriptedFault & { readonly times: number }) | { readonly call: number; readonly kind: FaultKind };

export interface CallToJudge {
  readonly operation: string;
  /** Names, addresses and ids of what the call is about. */
  readonly subjects: readonly string[];
  readonly accessKeyId: string;
}
export interface Verdict {
  readonly fault?: FaultKind;
  readonly latencyMs: number;
}

export class Faults implements FaultControls {
  private plan: ActiveFaults = NO_FAULTS;
  private scripted: (ScriptedFault & { times: number })[] = [];
  private scheduled: { call: number; kind: FaultKind }[] = [];
  private readonly counts = new Map<FaultKind, number>();
  private readonly random: Random;
  /** A sequence of its own: staleness does not shift the luck of calls. */
  private readonly staleness: Random;

  constructor(readonly seed: number, private readonly operations: ReadonlySet<string>, plan: FaultPlan = {}) {
    this.random = seededRandom(seed);
    this.staleness = seededRandom(seed + 1);
    this.set(plan);
  }

  set(plan: FaultPlan): void {
    this.plan = { ...this.plan, ...parseFaultPlan(plan, this.operations) };
  }

  replace(plan: unknown): void {
    this.plan = { ...NO_FAULTS, ...parseFaultPlan(plan, this.operations) };
  }

  get(): ActiveFaults {
    return this.plan;
  }

  reset(): void {
    this.plan = NO_FAULTS;
    this.scripted = [];
    this.scheduled = [];
  }

  next(fault: ScriptedFault): void {
    const parsed = parseScriptedFault(fault, this.operations);
    this.requireRoom();
    this.scripted.push({ ...parsed, times: parsed.times ?? 1 });
  }

  at(call: number, kind: FaultKind): void {
    const parsed = parseScheduledFault({ call, kind });
    this.requireRoom();
    this.scheduled.push({ ...parsed });
  }

  pending(): readonly PendingFault[] {
    return [...this.scheduled, ...this.scripted].map((fault) => ({ ...fault }));
  }

  injected(): Readonly<Partial<Record<FaultKind, number>>> {
    return Object.fromEntries(this.counts);
  }

  /** Asked exactly once per call. Always draws four numbers, so that one rate does not shift the luck of the others. */
  judge(call: CallToJudge): Verdict {
    const [latency, throttle, error, lost] = [this.random(), this.random(), this.random(), this.random()];
    const [min, max] = this.plan.latencyMs;
    const latencyMs = min + latency * (max - min);
    const fault = this.takeScheduled() ?? this.takeScripted(call) ?? this.standing(call, { throttle, error, lost });
    if (fault === undefined) return { latencyMs };
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    return { latencyMs, fault };
  }

  /** Whether reads of the next call that could see the past do; asked once per call. */
  readIsStale(): boolean {
    return this.staleness() < this.plan.staleReads;
  }

  private takeScheduled(): FaultKind | undefined {
    for (const fault of this.scheduled) fault.call -= 1;
    const due = this.scheduled.findIndex((fault) => fault.call <= 0);
    return due === -1 ? undefined : this.scheduled.splice(due, 1)[0]?.kind;
  }

  private takeScripted(call: CallToJudge): FaultKind | undefined {
    const fault = this.scripted.find((candidate) => matches(candidate, call));
    if (fault === undefined) return undefined;
    fault.times -= 1;
    if (fault.times === 0) this.scripted = this.scripted.filter((other) => other !== fault);
    return fault.kind;
  }

  private standing(call: CallToJudge, luck: { throttle: number; error: number; lost: number }): FaultKind | undefined {
    const { accessDenied, credentials, revokedAccessKeys } = this.plan;
    if (credentials === 'rejected' || revokedAccessKeys.includes(call.accessKeyId)) return 'credentials-rejected';
    if (accessDenied.includes(call.operation) || accessDenied.includes('*')) return 'access-denied';
    if (luck.throttle < this.plan.throttle) return 'throttle';
    if (luck.error < this.plan.errors) return 'error';
    return luck.lost < this.plan.lostAnswers ? 'lost-answer' : undefined;
  }

  private requireRoom(): void {
    if (this.scripted.length + this.scheduled.length >= MAX_SCRIPTED) throw new InvalidFault(`at most ${MAX_SCRIPTED} faults can be scripted`);
  }
}

function matches(fault: ScriptedFault, call: CallToJudge): boolean {
  const subject = fault.subject?.toLowerCase();
  return (fault.operation === undefined || fault.operation === call.operation)
    && (subject === undefined || call.subjects.some((name) => name.toLowerCase() === subject));
}
