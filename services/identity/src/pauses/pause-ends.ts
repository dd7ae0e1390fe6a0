import { Inject, Injectable } from '@nestjs/common';
import { isStanding, pauseDecider, type Pause } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { pauseAggregate } from '../aggregates/aggregates';
import { fold } from '../commands/aggregate';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler, type Done } from '../commands/command-handler';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';

/** Ends of pauses that nobody resumed: those whose time has passed, and those of a tenant that is deleted. */
@Injectable()
export class PauseEnds {
  constructor(
    private readonly commands: CommandHandler, @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** Puts on record that a pause is over; it held nothing any more without that. False where it is too early. */
  async whenOver(context: CommandContext, id: string): Promise<boolean> {
    const { state } = fold(pauseAggregate, id, await this.store.readStream(id));
    if (state.status !== 'active') return true;
    if (isStanding(state.document, Date.now())) return false;
    await this.end(context, id);
    return true;
  }

  /** Nothing happens where it was ended before. */
  async end(context: CommandContext, id: string): Promise<Done<Pause>> {
    return this.commands.execute(context, pauseAggregate, () => ({
      stream: id,
      plan: ({ state, tenant }) => ({
        tenant, events: pauseDecider.decide(state, { type: 'end', ref: { id, tenant, instance: this.settings.instance } }), status: 204, ...(state.status === 'active' ? { closes: true } : {}),
      }),
    }));
  }
}
