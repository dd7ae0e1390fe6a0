import { Inject, Injectable } from '@nestjs/common';
import { membershipId } from '@wami/contracts';
import { membershipDecider } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { groupAggregate, membershipAggregate, userAggregate } from '../aggregates/aggregates';
import { fold } from '../commands/aggregate';
import { CommandHandler } from '../commands/command-handler';
import { Directory } from '../directory/directory';
import { eachLimited } from '../each-limited';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { systemContext } from './system-context';
import { Tasks, type Task } from './tasks';

const PAGE = 200;
const PARALLEL = 8;

/** Removes the memberships of a user or group that was deleted. */
@Injectable()
export class Relations {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore, private readonly commands: CommandHandler, private readonly directory: Directory,
    private readonly tasks: Tasks, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** False where it was stopped before the end. */
  async removeAll(task: Task, signal: AbortSignal): Promise<boolean> {
    if (await this.isThere(task.subject)) return true;
    for (let after = ''; !signal.aborted;) {
      const page = await this.directory.membershipsOf(task.subject, after, PAGE);
      const last = page.at(-1);
      if (!last) return true;
      await eachLimited(page, PARALLEL, ({ groupId, userId }) => this.remove(task, groupId, userId));
      await this.tasks.stillAtIt(task);
      after = last.id;
    }
    return false;
  }

  /** Asked of the stream itself: the directory may be behind. */
  private async isThere(id: string): Promise<boolean> {
    const events = await this.store.readStream(id);
    return id.startsWith('usr_') ? userAggregate.exists(fold(userAggregate, id, events).state) : groupAggregate.exists(fold(groupAggregate, id, events).state);
  }

  private async remove(task: Task, groupId: string, userId: string): Promise<void> {
    await this.commands.execute(systemContext(task), membershipAggregate, () => ({
      stream: membershipId(groupId, userId),
      plan: ({ state, tenant }) => ({
        tenant, events: membershipDecider.decide(state, { type: 'remove', ends: { groupId, userId, tenant, instance: this.settings.instance } }),
        status: 204, ...(state.present ? { closes: true } : {}),
      }),
    }));
  }
}
