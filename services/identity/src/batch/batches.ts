import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Batch, BatchResult } from '@wami/contracts';
import { onlyWaits } from '@wami/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BATCH_HEADER, type CommandContext } from '../commands/command-context';
import { eachLimited } from '../each-limited';
import { SyncWait, type Waitable } from '../waiting/sync-wait';
import { BatchWaits } from './batch-waits';
import { runsOf } from './lanes';

type Operation = Batch['operations'][number];
type Result = BatchResult['results'][number];

const PARALLEL = 16;
/** Headers of an operation's answer that its result repeats. */
const TOLD = ['etag', 'location', 'wami-position', 'retry-after', 'idempotent-replayed', 'x-request-id'];
/** Headers of the batch that hold for each of its operations. */
const HANDED_ON = ['authorization', 'x-correlation-id', 'traceparent'];

/** Many writes in one request. Each goes through the whole pipeline as a request of its own with the caller's own authorization. */
@Injectable()
export class Batches {
  constructor(private readonly host: HttpAdapterHost, private readonly waits: BatchWaits, private readonly syncWait: SyncWait) {}

  async run(request: FastifyRequest, context: CommandContext, operations: readonly Operation[]): Promise<BatchResult> {
    const batch = this.waits.open();
    const results: Result[] = [];
    let deferred: ReadonlyMap<number, Waitable>;
    try {
      for (const lanes of runsOf(operations)) {
        await eachLimited(lanes, PARALLEL, async (lane) => {
          for (const index of lane) results[index] = await this.one(request, context, operations[index] as Operation, batch, index);
        });
      }
    } finally {
      deferred = this.waits.close(batch);
    }
    if (context.wait === undefined) return { results };
    onlyWaits(request);
    return { results: await this.withSync(results, deferred, context.wait) };
  }

  private async one(request: FastifyRequest, context: CommandContext, operation: Operation, batch: string, index: number): Promise<Result> {
    const instance = this.host.httpAdapter.getInstance<FastifyInstance>();
    const key = operation.idempotencyKey ?? keyWithin(context, index);
    const handedOn = HANDED_ON.flatMap((name) => (typeof request.headers[name] === 'string' ? [[name, request.headers[name]]] : []));
    const response = await instance.inject({
      method: operation.method, url: context.dryRun ? dry(operation.path) : operation.path,
      headers: {
        ...Object.fromEntries(handedOn) as Record<string, string>, 'content-type': 'application/json', [BATCH_HEADER]: `${batch}:${index}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }), ...(operation.ifMatch === undefined ? {} : { 'if-match': operation.ifMatch }),
      },
      ...(operation.body === undefined ? {} : { payload: JSON.stringify(operation.body) }),
    });
    const headers = Object.fromEntries(TOLD.flatMap((name) => (response.headers[name] === undefined ? [] : [[name, String(response.headers[name])]])));
    return { status: response.statusCode, headers, body: response.payload === '' ? null : JSON.parse(response.payload) as unknown };
  }

  /** All operations are waited for together. */
  private withSync(results: readonly Result[], deferred: ReadonlyMap<number, Waitable>, seconds: number): Promise<Result[]> {
    const deadline = Date.now() + seconds * 1000;
    return Promise.all(results.map(async (result, index) => {
      const waitable = deferred.get(index);
      if (!waitable || result.status >= 300) return result;
      const sync = await this.syncWait.syncMapOf(waitable, Math.max(0, deadline - Date.now()) / 1000);
      return { ...result, status: result.status === 204 ? 200 : result.status, body: { ...(result.body ?? {}), sync } };
    }));
  }
}

/** An operation without a key of its own has one where the batch has one, so that the batch can be repeated. */
function keyWithin({ idempotency }: CommandContext, index: number): string | undefined {
  return idempotency && createHash('sha256').update(`${idempotency.key}\n${index}`).digest('hex');
}

function dry(path: string): string {
  const url = new URL(path, 'http://batch');
  url.searchParams.set('dryRun', 'true');
  return url.pathname + url.search;
}
