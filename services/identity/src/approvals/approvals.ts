import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { encodePosition, type ApprovalDecision, type ApprovalEvent, type Approve } from '@wami/contracts';
import { eventAbout } from '@wami/domain';
import type { EventStore } from '@wami/event-store';
import { ProblemError } from '@wami/platform';
import type { FastifyReply } from 'fastify';
import type { Loaded } from '../commands/aggregate';
import type { CommandContext } from '../commands/command-context';
import { CommandHandler } from '../commands/command-handler';
import { ScopedStreams } from '../commands/scoped-streams';
import { EVENT_STORE, IDENTITY_SETTINGS, type IdentitySettings } from '../ports';
import { approvalAggregate, type Approval } from './approval-aggregate';

type Decide = (state: Approval) => Pick<ApprovalEvent, 'type' | 'data'> | undefined;

/** What an engine asks stands in lists a moment before it is heard here. */
const HEARD_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 100;

/** What somebody decides about removals that a guard holds. The engine that holds them carries it out. */
@Injectable()
export class Approvals {
  constructor(
    private readonly commands: CommandHandler, private readonly streams: ScopedStreams, @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(IDENTITY_SETTINGS) private readonly settings: IdentitySettings,
  ) {}

  /** Just the list of that hash; also of one that was rejected. @throws ProblemError NotFound, ApprovalClosed; ValidationFailed where it never was the hash of this list */
  approve(context: CommandContext, reply: FastifyReply, id: string, { hash }: Approve): Promise<ApprovalDecision> {
    return this.decide(context, reply, id, (state) => {
      const { provider, account, status } = state;
      if (!state.parts.some((part) => part.hash === hash)) {
        throw new ProblemError('ValidationFailed', { errors: [{ pointer: '/hash', code: 'Invalid', detail: 'must be the hash of this list, as it was when it was looked at' }] });
      }
      if (status === 'approved') return undefined;
      checkOpen(state);
      return { type: 'wami.approval.approved.v1', data: { provider, account, hash } };
    });
  }

  /** All of it stays held. @throws ProblemError NotFound, ApprovalClosed */
  reject(context: CommandContext, reply: FastifyReply, id: string): Promise<ApprovalDecision> {
    return this.decide(context, reply, id, (state) => {
      const { provider, account, status } = state;
      if (status === 'rejected') return undefined;
      if (status === 'approved') throw closed('it was approved');
      checkOpen(state);
      return { type: 'wami.approval.rejected.v1', data: { provider, account } };
    });
  }

  private async decide(context: CommandContext, reply: FastifyReply, id: string, decide: Decide): Promise<ApprovalDecision> {
    const done = await onceHeard(() => this.commands.execute(context, approvalAggregate, () => ({
      stream: this.streams.idOf(approvalAggregate, id),
      admit: (current: Loaded<Approval>) => void this.streams.requireExisting(context.caller, approvalAggregate, current),
      plan: ({ state, tenant }) => {
        const decision = decide(state);
        const events = decision ? [eventAbout<ApprovalEvent>('approval', { id, tenant, instance: this.settings.instance }, { ...decision, personal: {} })] : [];
        return { tenant, events, status: 200, closes: true };
      },
    })));
    if (!context.dryRun) void reply.header('wami-position', encodePosition({ [this.store.source]: done.after.position }));
    void reply.status(done.status);
    const { status, parts } = done.after.state;
    return { id, state: status === 'rejected' ? 'rejected' : 'approved', held: parts.at(-1)?.held ?? 0 };
  }
}

/** For what is never heard of and for what is not the caller's it takes the same time. */
async function onceHeard<T>(decide: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    try {
      return await decide();
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'NotFound') || waited >= HEARD_WITHIN_MS) throw error;
    }
    await pause(LOOK_EVERY_MS);
  }
}

function checkOpen({ status, expiresAt }: Approval): void {
  if (status === 'closed') throw closed('nothing waits for it any more, or it was asked for anew');
  if (Date.parse(expiresAt) <= Date.now()) throw closed('it expired and is asked for anew');
}

function closed(detail: string): ProblemError {
  return new ProblemError('ApprovalClosed', { detail });
}
