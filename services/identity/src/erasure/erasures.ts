import { Inject, Injectable } from '@nestjs/common';
import { isErasure, type NewEvent } from '@wami/contracts';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { ScopedStreams } from '../commands/scoped-streams';
import type { Answer } from '../http/answers';
import { IDENTITY_SETTINGS, SUBJECT_KEYS, type IdentitySettings, type SubjectKeys } from '../ports';
import { waitable } from '../resources/resource-commands';
import type { ResourceType } from '../resources/resource-type';

/** Forgets people. */
@Injectable()
export class Erasures {
  constructor(
    private readonly commands: CommandHandler, private readonly streams: ScopedStreams,
    @Inject(SUBJECT_KEYS) private readonly keys: SubjectKeys, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /**
   * Deletes where that is not done yet, says that the subject is erased and destroys its key, all in one transaction; nothing where it was
   * erased before. @throws ProblemError NotFound
   */
  async erase<S, E extends NewEvent, C extends { readonly tenant: string }, P, V extends object>(
    type: ResourceType<S, E, C, P, V>, context: CommandContext, id: string,
  ): Promise<Answer<V>> {
    const done = await this.commands.execute(context, type.aggregate, () => ({
      stream: this.streams.idOf(type.aggregate, id),
      admit: (current) => this.streams.requireSeen(context.caller, type.aggregate, current),
      plan: ({ state, tenant }) => {
        const events = type.erase?.(state, { id, tenant, instance: this.settings.instance }) ?? [];
        const name = type.nameOf(state);
        return {
          tenant, events, status: 204, ...(events.length > 0 ? { closes: true } : {}), ...(name === undefined ? {} : { release: [{ tenant, kind: type.kind, value: name }] }),
          also: (transaction) => this.keys.destroy(transaction, { subject: id, tenant }),
        };
      },
    }));
    // The engines answer the deletion, not that it is to be forgotten.
    const deletion = done.events.findLast((event) => !isErasure(event));
    return { done, ...(deletion ? { waitFor: { ...waitable(type, done, 'delete'), position: deletion.position } } : {}) };
  }
}
