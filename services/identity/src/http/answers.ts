import { Inject, Injectable } from '@nestjs/common';
import { encodePosition, type SyncMap } from '@wami/contracts';
import type { EventStore } from '@wami/event-store';
import { describeError, onlyWaits, type Logger } from '@wami/platform';
import type { FastifyReply } from 'fastify';
import { BatchWaits } from '../batch/batch-waits';
import type { CommandContext } from '../commands/command-context';
import type { Done } from '../commands/command-handler';
import { etagOf } from '../commands/preconditions';
import { EVENT_STORE, LOGGER } from '../ports';
import { SyncWait, type Waitable } from '../waiting/sync-wait';

export interface Answer<Body extends object> {
  readonly done: Done<unknown>;
  readonly body?: Body;
  /** Where a new resource is found. */
  readonly location?: string;
  /** Absent where no cloud is concerned. */
  readonly waitFor?: Waitable;
}

export type Answered<Body extends object> = (Body & { sync?: SyncMap }) | { sync: SyncMap } | undefined;

/** Headers, status and, where asked for, the clouds' answer: the same for every write. */
@Injectable()
export class Answers {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore, @Inject(LOGGER) private readonly logger: Logger,
    private readonly waits: SyncWait, private readonly batches: BatchWaits,
  ) {}

  async send<Body extends object>(reply: FastifyReply, context: CommandContext, answer: Answer<Body>): Promise<Answered<Body>> {
    const { done: { status, after, dryRun, repeated }, body, location } = answer;
    if (!dryRun) void reply.header('wami-position', encodePosition({ [this.store.source]: after.position }));
    if (body !== undefined) void reply.header('etag', etagOf(after.version));
    if (repeated) void reply.header('idempotent-replayed', 'true');
    if (location !== undefined && status === 201) void reply.header('location', location);
    const sync = dryRun ? undefined : await this.sync(reply, context, answer.waitFor);
    void reply.status(sync !== undefined && status === 204 ? 200 : status);
    if (body !== undefined) return sync === undefined ? body : { ...body, sync };
    return sync === undefined ? undefined : { sync };
  }

  /** A failure to wait is no failure of the write. */
  private async sync(reply: FastifyReply, context: CommandContext, waitFor: Waitable | undefined): Promise<SyncMap | undefined> {
    if (context.batchOperation !== undefined && waitFor && this.batches.defer(context.batchOperation, waitFor)) return undefined;
    if (context.wait === undefined) return undefined;
    onlyWaits(reply.request);
    try {
      const sync = waitFor ? await this.waits.syncMapOf(waitFor, context.wait) : {};
      void reply.header('preference-applied', `wait=${context.wait}`);
      return sync;
    } catch (error) {
      this.logger.warn({ ...describeError(error), resource: waitFor?.resource }, 'waiting for the clouds failed');
      return undefined;
    }
  }
}
