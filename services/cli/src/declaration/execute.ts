import type { Problem } from '@wami/contracts';
import type { Client } from '../api/client';
import { problemOf, send, type Result } from './batches';
import { keyOf, labelOf, type Actual, type Thing } from './model';
import { creation, deletion, keyed, linking, patch, syncConfig, type Operation } from './operations';
import { phasesOf, type Phase } from './phases';
import { isLinking, type Creation, type Linking, type Plan, type PlannedChange, type ThingChange } from './plan';

/** What became of one change. */
export type Outcome = { readonly state: 'done' } | { readonly state: 'failed'; readonly problem: Problem } | { readonly state: 'skipped'; readonly why: string };

export interface Applied {
  readonly outcomes: ReadonlyMap<PlannedChange, Outcome>;
  /** Ids of what the clouds have to follow. */
  readonly touched: readonly string[];
  /** Of the last write. */
  readonly position?: string;
}

interface Step { readonly change: PlannedChange; readonly operation: Operation }

/** Does what the plan says, in the order of what needs what. What fails does not keep the rest from being done. */
export class Execution {
  private readonly outcomes = new Map<PlannedChange, Outcome>();
  private readonly ids = new Map<string, string>();
  /** Of tenants, as they came to be. */
  private readonly versions = new Map<string, number>();
  private readonly touched = new Set<string>();
  private position: string | undefined;

  constructor(private readonly client: Client, private readonly plan: Plan, private readonly actual: Actual, private readonly correlation: string) {}

  async run(onPhase: (done: number) => void): Promise<Applied> {
    for (const phase of phasesOf(this.plan)) {
      await this.do(phase);
      onPhase(this.outcomes.size);
    }
    return { outcomes: this.outcomes, touched: [...this.touched], ...(this.position === undefined ? {} : { position: this.position }) };
  }

  private async do(phase: Phase): Promise<void> {
    const steps = phase.changes.flatMap((change) => this.step(phase, change) ?? []);
    const results = await send(this.client, steps.map(({ operation }) => operation), { correlation: this.correlation });
    for (const [index, step] of steps.entries()) await this.record(step, results[index] as Result);
  }

  private step({ part }: Phase, change: PlannedChange): Step | undefined {
    if (part === 'sync-config') return this.syncConfigStep(change as ThingChange);
    if (isLinking(change)) return this.linkStep(change);
    const { declaration, mark } = this.plan;
    if (change.action === 'delete') return { change, operation: keyed(declaration, deletion(change)) };
    const boundary = change.boundary && this.idOf(change.boundary);
    if (change.boundary && boundary === undefined) return this.skip(change, `${labelOf(change.boundary)} is not there`);
    const operation = change.action === 'create' ? creation(mark, change, boundary) : patch(declaration, change, boundary);
    if (!operation) this.outcomes.set(change, { state: 'done' });
    return operation && { change, operation: keyed(declaration, operation) };
  }

  private syncConfigStep(change: ThingChange): Step | undefined {
    if (this.outcomes.get(change)?.state !== 'done' || change.action === 'delete') return undefined;
    const version = this.versions.get(change.thing.tenant) ?? (change.action === 'change' ? change.actual.version : 1);
    const operation = syncConfig(change, version);
    return operation && { change, operation: keyed(this.plan.declaration, operation) };
  }

  private linkStep(change: Linking): Step | undefined {
    const operation = linking(change, (thing) => this.idOf(thing));
    return 'missing' in operation ? this.skip(change, `${operation.missing} is not there`) : { change, operation };
  }

  private skip(change: PlannedChange, why: string): undefined {
    this.outcomes.set(change, { state: 'skipped', why });
  }

  private async record({ change, operation }: Step, first: Result): Promise<void> {
    const result = change.action === 'create' && operation.method === 'POST' ? await this.stillThere(change, operation, first) : first;
    const problem = problemOf(result);
    const gone = problem?.status === 404 && operation.method === 'DELETE';
    if (problem && !gone) return void this.outcomes.set(change, { state: 'failed', problem });
    this.outcomes.set(change, { state: 'done' });
    this.position = result.headers?.['wami-position'] ?? this.position;
    this.remember(change, result);
  }

  private remember(change: PlannedChange, { body }: Result): void {
    if (isLinking(change)) return this.touch(change.of);
    const { id, version } = (body ?? {}) as { readonly id?: string; readonly version?: number };
    if (change.thing.kind === 'tenant') {
      this.ids.set(keyOf(change.thing), change.thing.tenant);
      if (version !== undefined) this.versions.set(change.thing.tenant, version);
      return;
    }
    if (id !== undefined) this.ids.set(keyOf(change.thing), id);
    if (change.action === 'delete') this.touched.add(change.actual.id);
    else this.touch(change.thing);
  }

  /** A create that an earlier apply did with the same key: what it made may be deleted since, and then it has to be made anew. */
  private async stillThere(change: Creation, operation: Operation, result: Result): Promise<Result> {
    const { id } = (result.body ?? {}) as { readonly id?: string };
    if (result.headers?.['idempotent-replayed'] !== 'true' || id === undefined) return result;
    const path = change.thing.kind === 'tenant' ? `${operation.path}/${encodeURIComponent(id)}` : `${operation.path}/${id}`;
    const answer = await this.client.send('GET', path, {});
    await answer.body?.cancel();
    if (answer.status !== 404) return result;
    const { arn } = result.body as { readonly arn?: string };
    const again = keyed(this.plan.declaration, operation, arn ?? id);
    const [second] = await send(this.client, [again], { correlation: this.correlation });
    return second ? this.stillThere(change, again, second) : result;
  }

  private idOf(thing: Thing): string | undefined {
    return this.ids.get(keyOf(thing)) ?? this.actual.byKey.get(keyOf(thing))?.id;
  }

  private touch(thing: Thing): void {
    const id = this.idOf(thing);
    if (id !== undefined) this.touched.add(id);
  }
}
