import { BINDING_EVENTS, type RecordedBindingEvent, type RecordedEvent } from '@wami/contracts';
import { evolveBinding, type BindingOutcome } from '@wami/domain';
import { WRITES, type ApiCall } from '../spec-support/model-cloud';
import type { Approvers } from './approvers';
import { BoundaryOracle } from './boundary-oracle';
import { DirectionOracle } from './direction-oracle';
import type { FirstOracle } from './first-oracle';
import { THEIRS, type Foreigners } from './foreigners';
import { GuardOracle } from './guard-oracle';
import { auditJob, isWhy, otherEndIn } from './job-oracle';
import { ImportOracle } from './import-oracle';
import { InlineOracle, isConflict } from './inline-oracle';
import { mayBeFree, TAKEN } from './names-taken';
import { PauseOracle } from './pause-oracle';
import type { Picture } from './picture';
import type { PlanOracle } from './plan-oracle';
import { RetryOracle } from './retry-oracle';
import { TriggerOracle } from './trigger-oracle';
import { TruthOracle } from './truth-oracle';
import type { Intention, Intentions } from './intentions';
import type { Effect, SimulatedCloud } from './simulated-cloud';
import type { Oracle, Violation } from './violation';

const BINDING_TYPES: ReadonlySet<string> = new Set(BINDING_EVENTS.map(({ type }) => type));

/** Judges what the engine does by the cloud, by what it said and by what people wanted; knows nothing of how it works. */
export class Oracles {
  readonly violations: Violation[] = [];
  private readonly said = new Map<string, BindingOutcome>();
  private readonly open = new Map<string, boolean>();
  private readonly everNamed = new Set<string>();
  /** Of each call that makes something: for whom it was said before that an attempt begins. */
  private readonly openAt = new Map<number, ReadonlySet<string>>();
  /** What was last told. */
  private readonly last = new Map<string, RecordedBindingEvent>();
  /** Of each thing that ever carried a mark. */
  private readonly resourceOf = new Map<string, string>();
  /** Of whose things something was written since they were last told to be synced. */
  private readonly writtenOn = new Set<string>();
  /** Told to be synced at least once. */
  private readonly known = new Set<string>();
  private readonly knownThings = new Set<string>();
  private readonly retries: RetryOracle;
  private readonly limits: BoundaryOracle;
  private readonly triggers: TriggerOracle;
  private readonly direction: DirectionOracle;
  readonly imports: ImportOracle;
  private readonly truth: TruthOracle;
  private readonly inline: InlineOracle;
  private readonly pauses: PauseOracle;
  private approvers: Approvers | undefined;
  private guard: GuardOracle | undefined;
  private heard = 0;
  /** Where there are plans. */
  plans: PlanOracle | undefined;
  /** Where people do many things at once. */
  first: FirstOracle | undefined;
  /** Whether the log hands all events out in one order. */
  isOrdered = false;
  /** No connection has ever allowed more than to look. */
  isObserved = false;
  /** Whoever holds the lease, by the database. */
  leaseholder: () => string | undefined = () => undefined;

  /** `told`: of all accounts; of others nothing is judged here. */
  constructor(
    private readonly account: string, private readonly cloud: SimulatedCloud, private readonly people: Intentions, private readonly foreigners: Foreigners, private readonly told: readonly RecordedEvent[],
  ) {
    this.retries = new RetryOracle((words) => this.fail('retries', words));
    this.limits = new BoundaryOracle(cloud, people, foreigners, this.resourceOf, (words) => this.fail('boundary', words));
    this.imports = new ImportOracle(cloud, people, foreigners, this.resourceOf, (words) => this.fail('imports', words));
    this.inline = new InlineOracle(people, foreigners.inline, this.said, (words) => this.fail('foreign untouched', words));
    this.truth = new TruthOracle(cloud, foreigners, (words) => this.fail('told the truth', words));
    this.pauses = new PauseOracle(people, (words) => this.fail('paused', words));
    this.direction = new DirectionOracle(() => people.written.events, foreigners, (words) => this.fail('direction', words));
    this.triggers = new TriggerOracle(() => people.written.events, told, (words) => this.fail('triggers', words));
    foreigners.isKnown = (thing) => this.knownThings.has(thing);
    cloud.changed = (effect) => this.changed(effect);
    cloud.sent = (call) => this.sent(call);
  }

  /** Of this world the guard is judged as well: so many of a kind may be taken away. */
  guarded(most: number, approvers: Approvers): void {
    this.approvers = approvers;
    this.guard = new GuardOracle(most, this.people, approvers, (words) => this.fail('guard', words));
  }

  /** To be called often: hears what was said since. */
  listen(): void {
    for (const event of this.told.slice(this.heard)) this.hear(event);
    this.heard = this.told.length;
  }

  /** Things that are told to be there, and carry their mark. */
  get ours(): ReadonlySet<string> {
    return new Set(this.cloud.things.filter(({ id, mark }) => mark && this.knownThings.has(id)).map(({ id }) => id));
  }

  /** What has to be true when everything has come to rest, every fault is over and everything was compared. */
  audit(): void {
    for (const one of this.people.all) this.auditOne(one);
    for (const [resource, outcome] of this.said) if (outcome.outcome.state === 'Syncing') this.fail('settles', `${resource} is told to be in hand for ever`);
    this.foreigners.check((words) => this.fail('foreign untouched', words));
    this.imports.audit();
    for (const job of this.people.jobs) auditJob(job, this.account, this.told, (words) => this.fail('jobs answered', words));
  }

  /** Nothing is due any more: nobody may have been told of a time to come, nor lack a name that is free. */
  auditPromises(): void {
    for (const [resource, { outcome }] of this.said) {
      if (outcome.state === 'Failed' && outcome.error.message === TAKEN && !this.standsUnderItsName(resource)) this.fail('settles', `${resource} is told that its name is taken, and nothing has it`);
      if (outcome.state === 'Failed' && outcome.nextRetryAt !== undefined) this.fail('retries', `${resource} was to be tried again at ${outcome.nextRetryAt}, and that is forgotten`);
    }
  }

  /** Everything agreed before these calls: none of them should have written, but for what is not as it should be and says so. */
  auditSecondSync(calls: readonly ApiCall[]): void {
    const open = this.people.living.filter(({ id }) => this.said.get(id)?.outcome.state !== 'Synced');
    const names = new Set(open.flatMap(({ id, name, standsFor }) => [name, ...this.cloud.things.flatMap((thing) => (this.resourceOf.get(thing.id) === id || thing.id === standsFor?.id ? [thing.name] : []))]));
    const writes = calls.filter(({ api, name }) => WRITES.has(api) && !names.has(name));
    if (writes.length > 0) this.fail('no write without a difference', writes.map(({ api, name }) => `${api} ${name}`).join(', '));
  }

  fail(oracle: Oracle, words: string): void {
    this.violations.push({ oracle, words });
  }

  private hear(event: RecordedEvent): void {
    this.plans?.hear(event);
    this.imports.hear(event);
    const isHere = (event.data as { account?: string }).account === this.account;
    if (event.type === 'wami.sync.drifted.v1' && isHere) this.truth.drifted(event.key);
    if (event.type === 'wami.sync.pulled.v1' && isHere) this.direction.pulled(event);
    if (!BINDING_TYPES.has(event.type) || !isHere) return;
    const about = event as RecordedBindingEvent;
    const { resource } = about.data;
    this.said.set(resource, evolveBinding(this.said.get(resource), about));
    const isBegun = this.open.get(resource) === true;
    this.open.set(resource, about.type === 'wami.sync.started.v1' || (about.type === 'wami.sync.requested.v1' && this.open.get(resource) === true));
    this.retries.hear(about);
    this.first?.hear(about);
    for (const judge of this.isOrdered ? [this.triggers, this.pauses] : []) judge.hear(about);
    const before = this.last.get(resource);
    this.last.set(resource, about);
    if (about.type !== 'wami.sync.succeeded.v1') return;
    this.known.add(resource);
    for (const { id, mark } of this.cloud.things) if (mark?.id === resource) this.knownThings.add(id);
    if (this.isOrdered) this.direction.succeeded(about);
    // Who only compares does not say that he begins: then something was written since.
    const wrote = this.writtenOn.delete(resource);
    if (about.data.changed && !wrote && !isBegun) this.fail('nothing twice', `${resource} is told to have been changed after ${before?.type ?? 'nothing'}, and was neither begun with nor written since`);
    this.truth.succeeded(about);
  }

  private sent(call: ApiCall): void {
    this.listen();
    if (WRITES.has(call.api)) for (const { name, mark } of this.cloud.things) if (mark && name === call.name) this.writtenOn.add(mark.id);
    if (this.isObserved && WRITES.has(call.api)) this.fail('observed only', `${call.by} calls ${call.api} ${call.name}, and the connection only looks`);
    if (call.api === 'create') this.openAt.set(call.n, new Set([...this.open].flatMap(([resource, open]) => (open ? [resource] : []))));
    const holder = this.leaseholder();
    if (holder !== undefined && holder !== call.by && WRITES.has(call.api)) this.fail('one owner', `${call.by} calls ${call.api} ${call.name} while ${holder} has the lease`);
    const end = call.api === 'add' ? 'group' : call.api === 'attach' ? 'policy' : undefined;
    if (end !== undefined && !this.everNamed.has(`${end} ${call.name}`) && !this.cloud.things.some(({ kind, name }) => kind === end && name === call.name)) {
      this.fail('order', `a relation to ${call.name} is asked for before that was there`);
    }
  }

  private changed(effect: Effect): void {
    const { call, before, after } = effect;
    this.guard?.changed(effect, this.resourceOf);
    const marks = new Map<string, string>();
    for (const [id, text] of after) {
      const now = JSON.parse(text) as Picture;
      this.everNamed.add(`${now.kind} ${now.name}`);
      if (now.mark !== null && marks.has(now.mark)) this.fail('nothing twice', `${now.mark} stands there twice, as ${marks.get(now.mark)} and ${now.name}, after ${call.api} ${call.name}`);
      if (now.mark !== null) marks.set(now.mark, now.name);
      this.inline.takenOver(id, this.resourceOf.get(id), now);
      if (now.mark !== null) this.nowFor(id, now.mark, call);
      this.limits.changed(now, call);
      this.inline.changed(id, call, now);
      if (before.has(id) || now.mark === null) continue;
      this.writtenOn.add(now.mark);
      this.checkIntent(now.mark, call);
    }
    for (const [id, text] of before) {
      if (text === after.get(id)) continue;
      this.writtenOn.add(this.resourceOf.get(id) ?? '');
      this.checkForeign(id, call, text, after.get(id));
      this.checkMerged(id, call, text, after.get(id));
      this.checkHands(call, text, after.get(id));
    }
  }

  private nowFor(id: string, resource: string, { api, name }: ApiCall): void {
    this.resourceOf.set(id, resource);
    this.imports.marked(id, resource, `${api} ${name}`);
  }

  private checkIntent(resource: string, { n }: ApiCall): void {
    if (!this.people.all.some(({ id }) => id === resource)) this.fail('foreign untouched', `something was made that nobody asked for: ${resource}`);
    // What a late look does not show is taken for deleted by others, and is asked for again.
    const isMissed = this.cloud.isLate && this.known.has(resource);
    if (this.openAt.get(n)?.has(resource) !== true && !isMissed && !this.foreigners.hadHandsOn(resource)) this.fail('intent before create', `${resource} was made without a word before`);
  }

  private checkForeign(id: string, call: ApiCall, before: string, after: string | undefined): void {
    if (!this.foreigners.isForeign(id)) return;
    const [was, is] = [before, after].map((text) => (text === undefined ? undefined : JSON.parse(text) as Picture));
    if (was && after !== undefined && this.imports.isStep(id, was, is)) return is?.mark == null ? this.foreigners.accept(id, after) : this.foreigners.giveUp(id);
    const { kind, name } = JSON.parse(before) as Picture;
    const { conflictResolution } = this.people.settings;
    const isAsked = (conflictResolution === 'overwrite' || conflictResolution === 'merge') && this.people.hadName(kind, name);
    if (isAsked) return this.foreigners.giveUp(id);
    this.fail('foreign untouched', `${call.api} ${call.name} by ${call.by} changed what is not ours: ${before} -> ${after ?? 'gone'}`);
  }

  /** Of what is merged nothing goes that others had there and nobody here ever spoke of. */
  private checkMerged(id: string, call: ApiCall, before: string, after: string | undefined): void {
    if (this.people.settings.conflictResolution !== 'merge' || after === undefined || !this.foreigners.wasTheirs(id) || this.foreigners.hadHandsOn(this.resourceOf.get(id) ?? '')) return;
    const [had, has] = [before, after].map((text) => (JSON.parse(text) as Picture).tags.some(([key]) => key === THEIRS));
    if (had && !has) this.fail('foreign untouched', `${call.api} ${call.name} took away what was to be merged: ${before} -> ${after}`);
  }

  /** What stands for one resource never comes to stand for another, and is not taken away while anybody wants it. */
  private checkHands(call: ApiCall, before: string, after: string | undefined): void {
    const { mark, name } = JSON.parse(before) as Picture;
    const now = after === undefined ? undefined : (JSON.parse(after) as Picture).mark;
    if (mark !== null && now !== undefined && now !== null && now !== mark) this.fail('foreign untouched', `${call.api} ${call.name}: ${name} stood for ${mark} and stands for ${now}`);
    if (now === undefined && this.people.living.some(({ id }) => id === mark)) this.fail('foreign untouched', `${call.api} ${call.name}: ${mark ?? ''} was taken away, and is wanted`);
  }

  private auditOne(one: Intention): void {
    const outcome = this.said.get(one.id)?.outcome;
    const standing = this.cloud.things.filter(({ mark }) => mark?.id === one.id);
    if (outcome?.state === 'Pending' && this.isHeld(one.id)) return;
    if (one.deleted) {
      if (standing.length > 0) this.fail('agrees', `${one.id} (${one.name}) was deleted and stands there still; told: ${outcome?.state ?? 'nothing'}`);
      else if (outcome !== undefined && outcome.state !== 'Gone') this.fail('settles', `${one.id} (${one.name}) was deleted, is not there, and is told to be ${JSON.stringify(outcome)}`);
      return;
    }
    const [thing] = standing;
    // Others have an inline policy under a name that ours should have: all else that is there is as it should be.
    const isRefused = isConflict(outcome) && !this.isNameTaken(one) && thing !== undefined && this.inline.taken(one, thing).length > 0;
    if (outcome === undefined || (outcome.state !== 'Synced' && !isRefused)) return this.auditReason(one, outcome);
    if (standing.length !== 1 || !thing) return this.fail('agrees', `${one.id} (${one.name}) is told to be ${outcome.state} and stands there ${standing.length} times`);
    const judged = (ends: readonly string[]): string[] => ends.filter((id) => !isRefused || this.said.get(id)?.outcome.state === 'Synced');
    const [groups, policies] = [one.groups, one.policies].map((ends) => judged(this.standing(ends)));
    const [inline, hasInline] = this.inline.compared(one, thing);
    const wanted = { name: one.name, tags: sorted({ ...this.people.settings.of(one.tenant).tags, ...one.tags }), groups, policies, limit: one.boundary, inline };
    const there = { name: thing.name, tags: sorted(thing.tags), groups: judged(this.resourcesOf(thing.groups)), policies: judged(this.resourcesOf(thing.policies)), limit: this.limits.of(thing.boundary), inline: hasInline };
    if (JSON.stringify(wanted) !== JSON.stringify(there)) this.fail('agrees', `${one.id}: wanted ${JSON.stringify(wanted)}, there is ${JSON.stringify(there)}`);
  }

  /** Who waits for one end has all others that are there; but nothing is made of what is to be limited by what is waited for. */
  private auditOthers(one: Intention, awaited: string): void {
    const [thing] = this.cloud.things.filter(({ mark }) => mark?.id === one.id);
    if (one.boundary === awaited || thing === undefined) return;
    const there = new Set([...this.resourcesOf(thing.groups), ...this.resourcesOf(thing.policies)]);
    for (const end of this.standing(new Set([...one.groups, ...one.policies]))) {
      if (this.said.get(end)?.outcome.state === 'Synced' && !there.has(end)) this.fail('agrees', `${one.id} (${one.name}) waits for ${awaited}, and has no relation to ${end}, which is there`);
    }
  }

  private standsUnderItsName(resource: string): boolean {
    const one = this.people.living.find(({ id }) => id === resource);
    // What others delete nobody hears of before the next comparison.
    return one === undefined || this.foreigners.wasFreed(one.kind, one.name) || mayBeFree(one, this.people.all, this.said) || this.cloud.things.some(({ kind, name }) => kind === one.kind && name === one.name);
  }

  /** By the guard, as it is told. */
  private isHeld(resource: string): boolean {
    const outcome = this.said.get(resource)?.outcome;
    return outcome?.state === 'Pending' && outcome.approval !== undefined && this.approvers?.isHeld(outcome.approval, resource) === true;
  }

  private standing(ends: ReadonlySet<string>): string[] {
    return [...ends].filter((id) => this.people.living.some((end) => end.id === id)).sort();
  }

  private resourcesOf(things: ReadonlySet<string>): string[] {
    return this.cloud.things.filter(({ id }) => things.has(id)).flatMap(({ id }) => this.resourceOf.get(id) ?? []).sort();
  }

  private isNameTaken(one: Intention): boolean {
    return this.cloud.things.some(({ kind, name, mark }) => kind === one.kind && name === one.name && mark?.id !== one.id);
  }

  /** Not synced at rest: only for a reason that is true. */
  private auditReason(one: Intention, outcome: BindingOutcome['outcome'] | undefined): void {
    if (isConflict(outcome) && (this.isNameTaken(one) || this.imports.isLost(one))) return;
    const other = outcome && otherEndIn(outcome, one.boundary);
    if (other !== undefined && isWhy(outcome, this.said.get(other)?.outcome)) return this.auditOthers(one, other);
    this.fail('settles', `${one.id} (${one.name}) is told to be ${JSON.stringify(outcome ?? 'nothing')}`);
  }
}

function sorted(tags: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
}
