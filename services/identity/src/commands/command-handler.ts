import { Inject, Injectable } from '@nestjs/common';
import type { NewEvent } from '@wami/contracts';
import { AppendRefused, type Append, type EventStore, type IdempotencyKey, type Repeated } from '@wami/event-store';
import { EVENT_STORE } from '../ports';
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
  /** Done by an earlier request with the same key; this one wrote nothing. */
  readonly repeated: boolean;
}

const ATTEMPTS = 5;

/** The one way of a write: load, fold, check the precondition, decide, append; again where somebody was faster and the caller named no version. */
@Injectable()
export class CommandHandler {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore, private readonly dryRun: DryRun) {}

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
    const { status, ...plan } = await command.plan(before);
    const append: Append = { ...plan, stream, expectedVersion: before.version, meta: context.meta };
    if (context.dryRun) return { status, before, after: fold(aggregate, stream, await this.dryRun.append(append), before), changed: false, dryRun: true, repeated: false };
    if (append.events.length === 0 && !context.idempotency) return { status, before, after: before, changed: false, dryRun: false, repeated: false };
    const result = await this.store.append(context.idempotency ? { ...append, idempotency: idempotencyOf(context, status) } : append);
    if (result.outcome === 'repeated') return this.replay(aggregate, result);
    const after = fold(aggregate, stream, result.events, before);
    return { status, before, after: { ...after, position: result.position }, changed: result.events.length > 0, dryRun: false, repeated: false };
  }

  private async replay<State, Event extends NewEvent>(aggregate: Aggregate<State, Event>, repeated: Repeated): Promise<Done<State>> {
    const events = await this.store.readStream(repeated.stream, repeated.version);
    return {
      status: repeated.status, before: fold(aggregate, repeated.stream, events.slice(0, -1)), after: fold(aggregate, repeated.stream, events),
      changed: true, dryRun: false, repeated: true,
    };
  }
}

/** Keys are the caller's own: nobody meets another one's. */
function idempotencyOf({ caller, idempotency }: CommandContext, status: number): IdempotencyKey {
  if (!idempotency) throw new Error('the command has no idempotency key');
  return { tenant: caller.tenant, actor: caller.actor, ...idempotency, status };
}
