import { Inject, Injectable } from '@nestjs/common';
import type { NewEvent } from '@wami/contracts';
import type { EventStore } from '@wami/event-store';
import { canSee, ProblemError, type Caller } from '@wami/platform';
import { EVENT_STORE } from '../ports';
import { fold, type Aggregate, type Loaded } from './aggregate';

/** Loads what a caller names, in the one place that knows the caller's scope: unknown, deleted and foreign are the same answer. */
@Injectable()
export class ScopedStreams {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** @throws ProblemError NotFound */
  async load<State, Event extends NewEvent>(caller: Caller, aggregate: Aggregate<State, Event>, id: string): Promise<Loaded<State>> {
    const loaded = await this.loadEvenDeleted(caller, aggregate, id);
    return this.requireExisting(caller, aggregate, loaded);
  }

  /** Also finds what was deleted: its deletion may still be on its way to the clouds. @throws ProblemError NotFound */
  async loadEvenDeleted<State, Event extends NewEvent>(caller: Caller, aggregate: Aggregate<State, Event>, id: string): Promise<Loaded<State>> {
    const loaded = fold(aggregate, id, await this.store.readStream(this.idOf(aggregate, id)));
    return this.requireSeen(caller, aggregate, loaded);
  }

  /** The id, where it can be one of this kind. @throws ProblemError NotFound */
  idOf<State, Event extends NewEvent>(aggregate: Aggregate<State, Event>, id: string): string {
    if (!aggregate.idPattern.test(id)) throw notFound(aggregate);
    return id;
  }

  /** For a stream that was loaded already, also of what was deleted. @throws ProblemError NotFound */
  requireSeen<State, Event extends NewEvent>(caller: Caller, aggregate: Aggregate<State, Event>, loaded: Loaded<State>): Loaded<State> {
    if (loaded.version === 0 || !canSee(caller, loaded.tenant)) throw notFound(aggregate);
    return loaded;
  }

  /** For a stream that was loaded already. @throws ProblemError NotFound */
  requireExisting<State, Event extends NewEvent>(caller: Caller, aggregate: Aggregate<State, Event>, loaded: Loaded<State>): Loaded<State> {
    this.requireSeen(caller, aggregate, loaded);
    if (!aggregate.exists(loaded.state)) throw notFound(aggregate);
    return loaded;
  }
}

function notFound({ kind }: { readonly kind: string }): ProblemError {
  return new ProblemError('NotFound', { detail: `there is no such ${kind}` });
}
