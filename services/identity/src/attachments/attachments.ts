import { Inject, Injectable } from '@nestjs/common';
import { attachmentId, formatArn, isWithinTenant, type AttachmentOwnerKind } from '@wami/contracts';
import { attachmentDecider, type AttachmentEnds } from '@wami/domain';
import { ProblemError } from '@wami/platform';
import { attachmentAggregate, policyAggregate } from '../aggregates/aggregates';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler, type Done } from '../commands/command-handler';
import { ScopedStreams } from '../commands/scoped-streams';
import type { Answer } from '../http/answers';
import { IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { KNOWN_KINDS } from '../resources/known-kinds';
import type { Waitable } from '../waiting/sync-wait';

export interface AttachmentView {
  readonly id: string;
  readonly arn: string;
  readonly version: number;
  readonly tenant: string;
  readonly policyId: string;
  readonly ownerId: string;
  readonly ownerKind: AttachmentOwnerKind;
}

/** What a policy is attached to, or is to be. */
export interface Owner {
  readonly kind: AttachmentOwnerKind;
  /** Segment of the path under /v1. */
  readonly collection: string;
  readonly id: string;
}

/** Policies on users, groups, roles and service accounts: those of the owner's own tenant and of the tenants above. */
@Injectable()
export class Attachments {
  constructor(
    private readonly commands: CommandHandler, private readonly streams: ScopedStreams, @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  async add(context: CommandContext, owner: Owner, policyId: string): Promise<Answer<AttachmentView>> {
    const done = await this.commands.execute(context, attachmentAggregate, async () => {
      const { ends, policyTenant } = await this.ends(context, owner, policyId);
      if (!isWithinTenant(ends.tenant, policyTenant)) {
        throw new ProblemError('ValidationFailed', {
          detail: `the ${owner.kind.replace('-', ' ')} is not in the policy's tenant nor below it`, params: { policy: policyTenant, owner: ends.tenant },
        });
      }
      return {
        stream: attachmentId(policyId, owner.id),
        plan: ({ state }) => ({
          tenant: ends.tenant, events: attachmentDecider.decide(state, { type: 'add', ends }), status: state.present ? 204 : 201, references: [policyId, owner.id],
        }),
      };
    });
    const waitFor = await this.waitable(context, owner, done);
    const created = done.status === 201 ? { body: this.view(owner, policyId, done), location: `/v1/${owner.collection}/${owner.id}/policies/${policyId}` } : {};
    return { done, ...created, ...(waitFor ? { waitFor } : {}) };
  }

  /** @throws ProblemError NotFound where the policy is not attached. */
  async remove(context: CommandContext, owner: Owner, policyId: string): Promise<Answer<never>> {
    const done = await this.commands.execute(context, attachmentAggregate, async () => {
      const { ends } = await this.ends(context, owner, policyId);
      return {
        stream: attachmentId(policyId, owner.id),
        admit: (current) => this.streams.requireExisting(context.caller, attachmentAggregate, current),
        plan: ({ state }) => ({ tenant: ends.tenant, events: attachmentDecider.decide(state, { type: 'remove', ends }), status: 204, closes: true }),
      };
    });
    const waitFor = await this.waitable(context, owner, done);
    return { done, ...(waitFor ? { waitFor } : {}) };
  }

  private async ends({ caller }: CommandContext, owner: Owner, policyId: string): Promise<{ ends: AttachmentEnds; policyTenant: string }> {
    const [found, policy] = await Promise.all([KNOWN_KINDS[owner.kind].load(this.streams, caller, owner.id), this.streams.load(caller, policyAggregate, policyId)]);
    return {
      ends: { policyId, ownerId: owner.id, ownerKind: owner.kind, tenant: found.tenant, instance: this.settings.instance }, policyTenant: policy.tenant,
    };
  }

  /** An attachment is part of its owner's own binding. */
  private async waitable({ caller, wait, batchOperation }: CommandContext, owner: Owner, { after, changed }: Done<unknown>): Promise<Waitable | undefined> {
    if (wait === undefined && batchOperation === undefined) return undefined;
    const { kind, tenant, syncToProviders } = await KNOWN_KINDS[owner.kind].loadEvenDeleted(this.streams, caller, owner.id);
    return {
      resource: owner.id, kind, tenant, operation: 'update', position: after.position, updatedAt: after.updatedAt, changed,
      ...(syncToProviders === undefined ? {} : { syncToProviders }),
    };
  }

  private view(owner: Owner, policyId: string, { after: { id, version, tenant } }: Done<unknown>): AttachmentView {
    const arn = formatArn({ tenant, instance: this.settings.instance, type: 'attachment', id });
    return { id, arn, version, tenant, policyId, ownerId: owner.id, ownerKind: owner.kind };
  }
}
