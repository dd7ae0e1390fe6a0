import { Inject, Injectable } from '@nestjs/common';
import { isErasure, LOG_START, withoutPersonal, type NewEvent, type RecordedEvent } from '@wami/contracts';
import { AppendRefused, inTransaction, type Append, type AppendResult, type EventStore, type IdempotencyKey, type Repeated } from '@wami/event-store';
import { traced, type SpanOptions } from '@wami/tracing';
import type { Pool, PoolClient } from 'pg';
import { EVENT_STORE, POOL } from '../ports';
import { fold, type Aggregate, type Loaded } from './aggregate';
import type { CommandContext } from './command-context';
import { DryRun } from './dry-run';
import { checkIfMatch } from './preconditions';
import { toAnswer } from './refusals';

/** What follows from a state: the events, and what must hold for them to be written. */
export type Plan<Event extends NewEvent> = Pick<Append, 'tenant' | 'references' | 'closes' | 'requiresEmptyTenant' | 'quotas' | 'reserve' | 'release'> & {
  readonly events: readonly Event[];
  /** HTTP status of the answer. */
  readonly status: number;
  /** Done in the transaction that writes the events, after them. */
  readonly also?: (transaction: PoolClient) => Promise<void>;
};

/** A command to one stream. */
export interface StreamCommand<State, Event extends NewEvent> {
  readonly stream: string;
  /** The stream's id was made for this command: there is nothing to load. */
  readonly isNew?: boolean;
  /** Whether the stream is there for the caller; asked before anything is said about its version. @throws ProblemError NotFound */
  readonly admit?: (current: Loaded<State>) => void;
  /** Called anew, with the state of then, for each try. @throws ProblemError or DomainError where the command is refused. */
  readonly plan: (current: Loaded<State>) => Plan<Event> | Promise<Plan<Event>>;
}

/** What a command came to. */
export interface Done<State> {
  readonly status: number;
  readonly before: Loaded<State>;
  readonly after: Loaded<State>;
  /** False where nothing was to do, and for a dry run. */
  readonly changed: boolean;
  readonly dryRun: boolean;
  /** What was written: of a repeated answer all that the stream held then, of a dry run nothing. */
  readonly events: readonly RecordedEvent[];
  /** Done by an earlier request with the same key; this one wrote nothing. */
  readonly repeated: boolean;
}

const ATTEMPTS = 5;

/** The one way of a write: load, fold, check the precondition, decide, append; again where somebody was faster and the caller named no version. */
@Injectable()
export class CommandHandler {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore, private readonly dryRun: DryRun, @Inject(POOL) private readonly pool: Pool) {}

  /** `prepare` finds the stream; it is not asked where the command was done before. @throws ProblemError */
  async execute<State, Event extends NewEvent>(
    context: CommandContext, aggregate: Aggregate<State, Event>, prepare: () => StreamCommand<State, Event> | Promise<StreamCommand<State, Event>>,
  ): Promise<Done<State>> {
    try {
      const repeated = context.idempotency && !context.dryRun ? await this.store.findRepeated(idempotencyOf(context, 0)) : undefined;
      if (repeated) return await this.replay(aggregate, repeated);
      return await this.attempt(context, aggregate, await prepare());
    } catch (error) {
      throw toAnswer(error);
    }
  }

  private async attempt<State, Event extends NewEvent>(
    context: CommandContext, aggregate: Aggregate<State, Event>, command: StreamCommand<State, Event>,
  ): Promise<Done<State>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(context, aggregate, command);
      } catch (error) {
        const lost = error instanceof AppendRefused && error.refusal.code === 'VersionConflict';
        if (!lost || context.ifMatch !== undefined || attempt >= ATTEMPTS) throw error;
      }
    }
  }

  private async once<State, Event extends NewEvent>(
    context: CommandContext, aggregate: Aggregate<State, Event>, command: StreamCommand<State, Event>,
  ): Promise<Done<State>> {
    const { stream } = command;
    const before = fold(aggregate, stream, command.isNew ? [] : await this.store.readStream(stream));
    command.admit?.(before);
    if (!command.isNew) checkIfMatch(context.ifMatch, before, aggregate.exists(before.state));
    const { status, also, ...plan } = await command.plan(before);
    const append: Append = { ...plan, stream, expectedVersion: before.version, meta: context.meta };
    if (context.dryRun) return { status, before, after: fold(aggregate, stream, await this.dryRun.append(append), before), changed: false, dryRun: true, events: [], repeated: false };
    if (append.events.length === 0 && !context.idempotency) return { status, before, after: before, changed: false, dryRun: false, events: [], repeated: false };
    const result = await traced('append', () => appendSpan(append), () => this.append(context.idempotency ? { ...append, idempotency: idempotencyOf(context, status) } : append, also), refusalCode);
    if (result.outcome === 'repeated') return this.replay(aggregate, result);
    const after = fold(aggregate, stream, result.events, before);
    return { status, before, after: { ...after, position: result.position }, changed: result.events.length > 0, dryRun: false, events: result.events, repeated: false };
  }

  /** @throws AppendRefused */
  private async append(append: Append, also: Plan<NewEvent>['also']): Promise<AppendResult> {
    if (!also || append.events.length === 0) return this.store.append(append);
    try {
      const events = await inTransaction(this.pool, async (client) => {
        const written = await this.store.appendIn(client, [append]);
        await also(client);
        return written;
      });
      this.store.announce();
      return { outcome: 'appended', version: append.expectedVersion + events.length, position: events.at(-1)?.position ?? LOG_START, events };
    } catch (error) {
      // Somebody with the same key may have been faster with the same command.
      const taken = error instanceof AppendRefused && error.refusal.code === 'IdempotencyKeyReused' && append.idempotency;
      const repeated = taken ? await this.store.findRepeated(taken) : undefined;
      if (repeated) return repeated;
      throw error;
    }
  }

  private async replay<State, Event extends NewEvent>(aggregate: Aggregate<State, Event>, repeated: Repeated): Promise<Done<State>> {
    const stream = await this.store.readStream(repeated.stream);
    const events = stream.slice(0, repeated.version).map((event) => (stream.some(isErasure) ? withoutPersonal(event) : event));
    return {
      status: repeated.status, before: fold(aggregate, repeated.stream, events.slice(0, -1)), after: fold(aggregate, repeated.stream, events),
      changed: true, dryRun: false, events, repeated: true,
    };
  }
}

function appendSpan({ stream, tenant, events, meta }: Append): SpanOptions {
  return { parent: meta.traceparent, attributes: { 'wami.resource': stream, 'wami.tenant': tenant, 'wami.events': events.length, 'wami.event': events[0]?.type } };
}

function refusalCode(error: unknown): string {
  return error instanceof AppendRefused ? error.refusal.code : 'Internal';
}

/** Keys are the caller's own: nobody meets another one's. */
function idempotencyOf({ caller, idempotency }: CommandContext, status: number): IdempotencyKey {
  if (!idempotency) throw new Error('the command has no idempotency key');
  return { tenant: caller.tenant, actor: caller.actor, ...idempotency, status };
}
