import { Inject, Injectable } from '@nestjs/common';
import { isErasure, type NewEvent } from '@wami/contracts';
import type { EventStore } from '@wami/event-store';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { ScopedStreams } from '../commands/scoped-streams';
import type { Answer } from '../http/answers';
import { ForgottenImports } from '../imports/forgotten-imports';
import { adoptedNames } from '../imports/import-aggregate';
import { EVENT_STORE, IDENTITY_SETTINGS, SUBJECT_KEYS, type IdentitySettings, type SubjectKeys } from '../ports';
import { waitable } from '../resources/resource-commands';
import type { ResourceType } from '../resources/resource-type';

/** Forgets people. */
@Injectable()
export class Erasures {
  constructor(
    private readonly commands: CommandHandler, private readonly streams: ScopedStreams, private readonly imports: ForgottenImports, @Inject(EVENT_STORE) private readonly store: EventStore,
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
      plan: async ({ state, tenant }) => {
        const events = type.erase?.(state, { id, tenant, instance: this.settings.instance }) ?? [];
        const name = type.nameOf(state);
        const [created] = await this.store.readStream(id);
        const forgetImport = await this.imports.with(created, context.meta);
        return {
          tenant, events, status: 204, ...(events.length > 0 ? { closes: true } : {}), ...(name === undefined ? {} : { release: [{ tenant, kind: type.kind, value: name }, ...adoptedNames(state as object)] }),
          also: async (transaction) => {
            await this.keys.destroy(transaction, { subject: id, tenant });
            await forgetImport(transaction);
          },
        };
      },
    }));
    // The engines answer the deletion, not that it is to be forgotten.
    const deletion = done.events.findLast((event) => !isErasure(event));
    return { done, ...(deletion ? { waitFor: { ...waitable(type, done, 'delete'), position: deletion.position } } : {}) };
  }
}
