import { Inject, Injectable } from '@nestjs/common';
import { ATTACHMENT_OWNER_KINDS, attachmentId, membershipId } from '@wami/contracts';
import { attachmentDecider, membershipDecider } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { attachmentAggregate, membershipAggregate } from '../aggregates/aggregates';
import { CommandHandler } from '../commands/command-handler';
import { Directory } from '../directory/directory';
import { eachLimited } from '../each-limited';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { kindOfId } from '../resources/known-kinds';
import { ResourceCommands } from '../resources/resource-commands';
import { systemContext } from './system-context';
import { Tasks, type Task } from './tasks';
import { unlessGone } from './unless-gone';

const PAGE = 200;
const PARALLEL = 8;

/** Removes the memberships and attachments of what was deleted, and deletes the access keys and the login profile that belonged to it. */
@Injectable()
export class Relations {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore, private readonly commands: CommandHandler, private readonly directory: Directory,
    private readonly tasks: Tasks, private readonly resources: ResourceCommands, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** False where it was stopped before the end. */
  async removeAll(task: Task, signal: AbortSignal): Promise<boolean> {
    if (await this.isThere(task.subject)) return true;
    const members = await this.pages(task, signal, (after) => this.directory.membershipsOf(task.subject, after, PAGE),
      ({ groupId, userId }) => this.removeMember(task, groupId, userId));
    const policies = members && await this.pages(task, signal, (after) => this.directory.attachmentsOf(task.subject, after, PAGE),
      ({ policyId, ownerId }) => this.detach(task, policyId, ownerId));
    return policies && this.pages(task, signal, (after) => this.directory.belongingsOf(task.subject, after, PAGE), ({ id }) => this.deleteBelonging(task, id));
  }

  private async pages<Row extends { readonly id: string }>(
    task: Task, signal: AbortSignal, read: (after: string) => Promise<readonly Row[]>, remove: (row: Row) => Promise<void>,
  ): Promise<boolean> {
    for (let after = ''; !signal.aborted;) {
      const page = await read(after);
      const last = page.at(-1);
      if (!last) return true;
      await eachLimited(page, PARALLEL, remove);
      await this.tasks.stillAtIt(task);
      after = last.id;
    }
    return false;
  }

  /** Asked of the stream itself: the directory may be behind. */
  private async isThere(id: string): Promise<boolean> {
    return kindOfId(id)?.exists(id, await this.store.readStream(id)) ?? false;
  }

  private async removeMember(task: Task, groupId: string, userId: string): Promise<void> {
    await this.commands.execute(systemContext(task), membershipAggregate, () => ({
      stream: membershipId(groupId, userId),
      plan: ({ state, tenant }) => ({
        tenant, events: membershipDecider.decide(state, { type: 'remove', ends: { groupId, userId, tenant, instance: this.settings.instance } }),
        status: 204, ...(state.present ? { closes: true } : {}),
      }),
    }));
  }

  private async deleteBelonging(task: Task, id: string): Promise<void> {
    const kind = kindOfId(id);
    if (!kind) throw new Error(`${id} is of no kind that belongs to another`);
    await unlessGone(() => kind.delete(this.resources, systemContext(task), id));
  }

  private async detach(task: Task, policyId: string, ownerId: string): Promise<void> {
    const ownerKind = ATTACHMENT_OWNER_KINDS.find((kind) => kind === kindOfId(ownerId)?.kind);
    if (!ownerKind) throw new Error(`${ownerId} is of no kind that has policies`);
    await this.commands.execute(systemContext(task), attachmentAggregate, () => ({
      stream: attachmentId(policyId, ownerId),
      plan: ({ state, tenant }) => ({
        tenant, events: attachmentDecider.decide(state, { type: 'remove', ends: { policyId, ownerId, ownerKind, tenant, instance: this.settings.instance } }),
        status: 204, ...(state.present ? { closes: true } : {}),
      }),
    }));
  }
}
