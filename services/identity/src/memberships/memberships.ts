import { Inject, Injectable } from '@nestjs/common';
import { formatArn, isWithinTenant, membershipId } from '@wami/contracts';
import { membershipDecider } from '@wami/domain';
import { ProblemError } from '@wami/platform';
import { groupAggregate, membershipAggregate, userAggregate } from '../aggregates/aggregates';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler, type Done } from '../commands/command-handler';
import { ScopedStreams } from '../commands/scoped-streams';
import type { Answer } from '../http/answers';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import type { Waitable } from '../waiting/sync-wait';

export interface MembershipView {
  readonly id: string;
  readonly arn: string;
  readonly version: number;
  readonly tenant: string;
  readonly groupId: string;
  readonly userId: string;
}

/** Users in groups. A user can join the groups of its own tenant and of the tenants above. */
@Injectable()
export class Memberships {
  constructor(
    private readonly commands: CommandHandler, private readonly streams: ScopedStreams, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  async add(context: CommandContext, groupId: string, userId: string): Promise<Answer<MembershipView>> {
    const done = await this.commands.execute(context, membershipAggregate, async () => {
      const [group, user] = await this.ends(context, groupId, userId);
      if (!isWithinTenant(user.tenant, group.tenant)) {
        throw new ProblemError('ValidationFailed', { detail: "the user is not in the group's tenant nor below it", params: { group: group.tenant, user: user.tenant } });
      }
      const ends = { groupId, userId, tenant: user.tenant, instance: this.settings.instance };
      return {
        stream: membershipId(groupId, userId),
        plan: ({ state }) => ({
          tenant: user.tenant, events: membershipDecider.decide(state, { type: 'add', ends }), status: state.present ? 204 : 201, references: [groupId, userId],
        }),
      };
    });
    const waitFor = await this.waitable(context, userId, done);
    const created = done.status === 201 ? { body: this.view(groupId, userId, done), location: `/v1/groups/${groupId}/members/${userId}` } : {};
    return { done, ...created, ...(waitFor ? { waitFor } : {}) };
  }

  /** @throws ProblemError NotFound where the user is no member. */
  async remove(context: CommandContext, groupId: string, userId: string): Promise<Answer<never>> {
    const done = await this.commands.execute(context, membershipAggregate, async () => {
      const [, user] = await this.ends(context, groupId, userId);
      const ends = { groupId, userId, tenant: user.tenant, instance: this.settings.instance };
      return {
        stream: membershipId(groupId, userId),
        admit: (current) => this.streams.requireExisting(context.caller, membershipAggregate, current),
        plan: ({ state }) => ({ tenant: user.tenant, events: membershipDecider.decide(state, { type: 'remove', ends }), status: 204, closes: true }),
      };
    });
    const waitFor = await this.waitable(context, userId, done);
    return { done, ...(waitFor ? { waitFor } : {}) };
  }

  /** Whichever answers first: where both are missing it is the group that is told of, so that a foreign pair answers as an unknown one. */
  private async ends(context: CommandContext, groupId: string, userId: string) {
    const [group, user] = await Promise.allSettled([this.streams.load(context.caller, groupAggregate, groupId), this.streams.load(context.caller, userAggregate, userId)]);
    if (group.status === 'rejected') throw group.reason;
    if (user.status === 'rejected') throw user.reason;
    return [group.value, user.value] as const;
  }

  /** A membership is part of the user's own binding. */
  private async waitable({ caller, wait, batchOperation }: CommandContext, userId: string, { after, changed }: Done<unknown>): Promise<Waitable | undefined> {
    if (wait === undefined && batchOperation === undefined) return undefined;
    const { state, tenant } = await this.streams.loadEvenDeleted(caller, userAggregate, userId);
    const syncToProviders = state.status === 'active' ? state.document.syncToProviders : undefined;
    return {
      resource: userId, kind: 'user', tenant, operation: 'update', position: after.position, updatedAt: after.updatedAt, changed,
      ...(syncToProviders === undefined ? {} : { syncToProviders }),
    };
  }

  private view(groupId: string, userId: string, { after: { id, version, tenant } }: Done<unknown>): MembershipView {
    return { id, arn: formatArn({ tenant, instance: this.settings.instance, type: 'membership', id }), version, tenant, groupId, userId };
  }
}
