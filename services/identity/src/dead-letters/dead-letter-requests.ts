import { Inject, Injectable } from '@nestjs/common';
import { encodePosition, type AskedOfParked, type DeadLetterRequestEvent } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { newId } from '@wami/platform';
import type { FastifyReply } from 'fastify';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { deadLetterAggregate } from './dead-letter-aggregate';

/** What an operator asks of the sync services about the events that they parked. It is an event like any other: nobody is called. */
@Injectable()
export class DeadLetterRequests {
  constructor(
    private readonly commands: CommandHandler, @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  async request(context: CommandContext, reply: FastifyReply, data: DeadLetterRequestEvent['data']): Promise<AskedOfParked> {
    const request = newId('deadLetterRequest');
    const event = eventAbout<DeadLetterRequestEvent>('dead-letter', { id: request, tenant: '', instance: this.settings.instance }, { type: 'wami.dead-letters.requested.v1', data, personal: {} });
    const done = await this.commands.execute(context, deadLetterAggregate, () => ({ stream: request, isNew: true, plan: () => ({ tenant: '', events: [event], status: 202, closes: true }) }));
    if (!context.dryRun) void reply.header('wami-position', encodePosition({ [this.store.source]: done.after.position }));
    void reply.status(done.status);
    return { request: done.after.id };
  }
}
