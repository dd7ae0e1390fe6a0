import { setMaxListeners } from 'node:events';
import { DEFAULT_SYNC_CONFIG } from '@wami/contracts';
import { configForKind, pauseHolding } from '@wami/domain';
import { BOUNDARY } from '@wami/provider-port';
import { ScheduledClock, type Schedule, type SeededRandom } from '@wami/testing';
import { operationOf, type Binding } from '../../bindings/binding';
import { standingFacets } from '../../bindings/standing';
import { silentLogger } from '../../logger';
import { noMetrics } from '../../metrics';
import type { EngineOptions } from '../../options';
import type { Outcome } from '../../reconcile/outcome';
import type { Scene } from '../../reconcile/pass';
import type { Holder, Stage } from '../../reconcile/stage';
import type { EndStatus, Work } from '../../reconcile/work';
import type { Seams } from '../../seams';
import { CONNECTION } from '../../spec-support/engine-under-test';
import { ACCOUNT, INSTANCE } from '../../spec-support/identity';
import type { SimulatedCloud } from '../simulated-cloud';
import { PROVIDER, type CoreMemory } from './core-memory';
import { askForLaterLooks } from './core-later-looks';
import { isNameTwice, wakeWaiting } from './core-wake';
import type * as PureCore from './pure-core';

const LONGEST_CHAIN = 100;

/**
 * The core with the least around it that makes it go: claims, passes and outcomes in memory, each an event of the schedule. One process at a
 * time; where it dies another recovers what it had in hand, as the shell does.
 */
export class CoreEngine {
  /** What nobody foresaw. */
  problem: unknown;
  private readonly seams: Seams;
  private readonly scene: Scene;
  private readonly caller: PureCore.Caller;
  private readonly turns: PureCore.NameTurns;
  private readonly inHand = new Set<string>();

  constructor(
    private readonly core: typeof PureCore, private readonly memory: CoreMemory, private readonly schedule: Schedule, private readonly random: SeededRandom,
    cloud: SimulatedCloud, private readonly options: Pick<EngineOptions, 'callTimeoutMs' | 'ownershipMs' | 'visibilityMs' | 'sightMs'>, readonly owner: string,
  ) {
    const adapter = cloud.adapter(owner);
    this.scene = { instance: INSTANCE, capabilities: adapter.capabilities, connection: CONNECTION, target: adapter.connect(CONNECTION) };
    this.seams = { clock: new ScheduledClock(schedule, owner), random, ids: { next: () => owner } };
    this.turns = new core.NameTurns(new core.NamesGoing(() => this.seams.clock.now(), options.sightMs), new core.NamesGiven(() => this.seams.clock.now(), options.visibilityMs), () => this.seams.clock.now());
    const lost = new AbortController().signal;
    // One for each pass.
    setMaxListeners(0, lost);
    this.caller = new core.Caller({
      account: ACCOUNT, seams: this.seams, metrics: noMetrics, timeoutMs: options.callTimeoutMs, lost, mayCall: () => true,
      pacer: new core.Pacer(this.seams.clock, lost), pageTurns: new core.PageTurns(1),
    });
  }

  start(): void {
    const { core, memory, seams: { clock } } = this;
    for (const binding of memory.bindings.values()) {
      const resource = memory.resources.get(binding.resource);
      if (binding.claimed && resource) memory.bindings.set(binding.resource, recovered(binding, core.namesOf({ binding, resource }), clock.now()));
    }
    this.turns.going.add([...memory.bindings.values()].flatMap(({ kind, resource, deletionSent, called }) => [
      ...Object.entries(deletionSent).map(([name, at]) => ({ kind, name, at })), ...Object.entries(called).map(([name, at]) => ({ kind, name, at, by: resource })),
    ]));
    this.soon();
  }

  private soon(): void {
    this.schedule.after(this.random.between(1, 300), this.owner, 'claims', () => () => {
      this.claim();
      this.soon();
    });
  }

  private claim(): void {
    const { core, memory } = this;
    const now = this.seams.clock.now();
    askForLaterLooks(memory, now);
    const due = [...memory.bindings.values()].filter(({ dueAt, claimed, resource }) => dueAt !== null && dueAt <= now && !claimed && !this.inHand.has(resource));
    const works = this.random.shuffled(due).slice(0, 1 + this.random.int(8)).flatMap((binding) => this.load(binding));
    const held = core.heldUp(PROVIDER, works, memory.pauses, now);
    memory.write([...held.values()]);
    const going = works.filter((work) => !held.has(work));
    for (const turned of core.pauseTurned(held, going)) memory.wakePaused(turned);
    const claimed = going.map((work) => {
      const change = core.started(PROVIDER, work, { sceneFor: () => this.scene, seams: this.seams });
      memory.write([change]);
      this.inHand.add(work.resource.id);
      return { ...work, triedBefore: work.binding.tried, binding: { ...work.binding, tried: change.binding.tried, triedEnds: change.binding.triedEnds } };
    });
    this.begin(this.turns.admit(claimed));
  }

  private load(binding: Binding): Work[] {
    const { core, memory } = this;
    const resource = memory.resources.get(binding.resource);
    if (!resource) return [];
    const config = configForKind(memory.settings().of(binding.tenant)?.config ?? DEFAULT_SYNC_CONFIG, binding.kind);
    const relations = Object.fromEntries([...memory.relations.get(binding.resource) ?? []].map(([facet, others]) => [facet, [...others].sort()]));
    const ends = new Map<string, EndStatus & { kind: string }>();
    const boundary = core.boundaryOf(resource);
    for (const id of [...(boundary === undefined ? [] : [boundary]), ...binding.triedEnds[BOUNDARY] ?? []]) ends.set(id, { ...this.statusOf(id), kind: 'policy' });
    for (const [facet, { of }] of Object.entries(core.kindNamed(binding.kind).facets)) {
      for (const id of [...relations[facet] ?? [], ...(binding.presence ? standingFacets(binding.presence)[facet] ?? [] : []), ...binding.triedEnds[facet] ?? []]) ends.set(id, { ...this.statusOf(id), kind: of });
    }
    return [{ binding, resource, config, relations, ends, lost: binding.unfinished, ...(isNameTwice(memory, binding, core.isOtherEnd) ? { nameDoubted: true } : {}) }];
  }

  private statusOf(id: string): EndStatus {
    const { core, memory } = this;
    const [resource, binding] = [memory.resources.get(id), memory.bindings.get(id)];
    const known = { id, known: resource !== undefined && resource.document !== null, gone: resource?.deleted ?? false };
    return core.statusOf(binding?.wanted ? { ...known, ...binding, twice: isNameTwice(memory, binding, core.isOtherEnd), rests: core.rests(binding), leftOut: core.isLeftOut(binding), paused: binding.pausedBy !== null } : { ...known, twice: false, wanted: null });
  }

  private begin(works: readonly Work[]): void {
    for (const work of works) {
      this.pass(work).catch((error: unknown) => {
        this.problem ??= error;
      });
    }
  }

  private async pass(work: Work): Promise<void> {
    const outcome = await this.outcomeOf(work);
    this.begin(this.turns.ended(work, outcome));
    this.schedule.after(this.random.between(0, 200), this.owner, `records ${work.resource.id} ${outcome.is}`, () => () => this.record(work, outcome));
  }

  private async outcomeOf(work: Work): Promise<Outcome> {
    try {
      return await this.core.reconcile(work, this.stageOf(work));
    } catch (error) {
      if (error instanceof this.core.PausedBeforeCall) return { is: 'paused', by: error.by, operation: operationOf(work.binding), presence: work.binding.presence };
      throw error;
    }
  }

  private stageOf({ binding }: Work): Stage {
    const { seams: { clock }, options: { ownershipMs, visibilityMs, sightMs }, memory } = this;
    return {
      scene: this.scene, caller: this.caller.forPass(() => pauseHolding(memory.pauses, { ...binding, provider: PROVIDER }, clock.now())), clock, logger: silentLogger, listing: undefined,
      ages: () => ({ now: clock.now(), ownershipMs, visibilityMs, sightMs }), credentials: () => Promise.resolve(), freeAt: (kind, name, of) => this.turns.going.freeAt(kind, name, of), givenAt: (kind, name, of) => this.turns.given.toAnother(of, [`${kind} ${name}`]), holder: (resource) => Promise.resolve(this.holder(resource)),
      endsNamed: (kind, names) => Promise.resolve(this.endsNamed(kind, names)), drifted: () => Promise.resolve(),
      note: ({ binding: noted }, groundwork) => Promise.resolve(memory.note(noted.resource, groundwork)),
    };
  }

  private record(work: Work, outcome: Outcome): void {
    const { core, memory, seams: { clock, random } } = this;
    this.inHand.delete(work.resource.id);
    const current = memory.bindings.get(work.resource.id);
    const stands = ({ id }: { id: string }): boolean => memory.pauses.some((pause) => pause.id === id);
    const change = current && core.settle(current, work, outcome, { provider: PROVIDER, now: clock.now(), random, pausedUntil: undefined, visibilityMs: this.options.visibilityMs, sightMs: this.options.sightMs, stands });
    if (!change) return;
    memory.write([change]);
    wakeWaiting(core, memory, change);
  }

  private endsNamed(kind: string, names: readonly string[]): { resource: string; name: string }[] {
    return [...this.memory.bindings.values()].flatMap((binding) => {
      const { resource, presence } = binding;
      if (binding.kind !== kind || !presence || !names.includes(presence.name)) return [];
      const end = this.statusOf(resource);
      return end.is === 'ready' ? [{ resource, name: end.name }] : [];
    });
  }

  private holder(resource: string): Holder | undefined {
    const { bindings } = this.memory;
    const binding = bindings.get(resource);
    if (!binding) return undefined;
    const waitsFor: string[] = [];
    for (let id = this.core.nameAwaited(binding.waitingFor); id !== undefined && waitsFor.length < LONGEST_CHAIN; id = this.core.nameAwaited(bindings.get(id)?.waitingFor ?? null)) waitsFor.push(id);
    const { kind, tenant, dueAt, pausedBy, claimed, state, presence } = binding;
    return { kind, tenant, restless: dueAt !== null || pausedBy !== null || claimed, rests: this.core.rests(binding), paused: pausedBy !== null, name: state === 'Gone' ? null : presence?.name ?? null, waitsFor };
  }
}

/** What a dead engine had in hand: due again, and its deletion may have been sent. */
function recovered(binding: Binding, names: readonly string[], now: number): Binding {
  const sent = binding.deleted ? 'deletionSent' as const : 'called' as const;
  return { ...binding, claimed: false, nameCertain: false, dueAt: binding.dueAt ?? now, [sent]: { ...binding[sent], ...Object.fromEntries(names.map((name) => [name, now])) } };
}
