import { Inject, Injectable } from '@nestjs/common';
import { encodePosition, type JobView, type ProjectionJob, type ProjectionStatus } from '@wami/contracts';
import type { Pool } from 'pg';
import type { ReadModel } from '../model/read-model';
import { Applied, eventsPosition } from '../position/applied';
import { Lag } from '../position/lag';
import { MODELS, POOL, SCHEMA } from '../ports';
import { allGenerations } from '../rebuild/generations';
import { findRebuild, newestRebuilds, type RebuildJob } from '../rebuild/rebuild-jobs';

@Injectable()
export class ProjectionStatusQueries {
  constructor(
    @Inject(POOL) private readonly pool: Pool, @Inject(SCHEMA) private readonly schema: string, @Inject(MODELS) private readonly models: readonly ReadModel[],
    private readonly applied: Applied, private readonly lag: Lag,
  ) {}

  async status(): Promise<ProjectionStatus> {
    const client = await this.pool.connect();
    try {
      const generations = await allGenerations(client, this.schema);
      const models = this.models.map((model) => {
        const own = generations.filter((one) => one.model === model.name);
        const [active, previous] = [own.find(({ status }) => status === 'active'), own.findLast(({ status }) => status === 'retired')];
        const replayed = own.find(({ status, version }) => status === 'replayed' && version === model.version);
        return {
          name: model.name, version: active?.version ?? model.version, generation: active?.generation ?? 0, current: active?.version === model.version && active.applied === null,
          ...(previous ? { previousGeneration: previous.generation, previousVersion: previous.version } : {}),
          ...(replayed ? { replayed: { generation: replayed.generation, events: replayed.applied ?? 0, position: encodePosition(eventsPosition(replayed.applied ?? 0)) } } : {}),
        };
      });
      const { rows: [parked] } = await client.query<{ count: number }>(`SELECT count(*) FROM ${this.schema}.parked WHERE skipped_at IS NULL`);
      const { rows: [ingest] } = await client.query<{ seq: number }>(`SELECT seq FROM ${this.schema}.ingest`);
      const rebuilds = (await newestRebuilds(client, this.schema, 10)).map(toRebuild);
      return {
        position: encodePosition(await this.applied.current()), events: ingest?.seq ?? 0, lagSeconds: this.lag.seconds(), parked: parked?.count ?? 0, models, rebuilds,
      };
    } finally {
      client.release();
    }
  }

  /** A rebuild or a rollback as a job, like any other long work. */
  async job(id: string): Promise<JobView | undefined> {
    const found = await findRebuild(this.pool, this.schema, id);
    if (!found) return undefined;
    const state = found.phase === 'done' || found.phase === 'failed' ? 'done' : 'running';
    const failed = found.phase === 'failed' ? 1 : 0;
    const succeeded = found.phase === 'done' ? found.models.length : 0;
    const total = found.models.length;
    return { id, verb: found.verb, state, total, succeeded, failed: failed * total, stillPending: total - succeeded - failed * total, createdAt: found.created_at.toISOString() };
  }
}

function toRebuild({ job, verb, models, phase, events, total, error, created_at, finished_at }: RebuildJob): ProjectionJob {
  return {
    job, verb, models: [...models], phase, events, total, createdAt: created_at.toISOString(),
    ...(error === null ? {} : { error }), ...(finished_at === null ? {} : { finishedAt: finished_at.toISOString() }),
  };
}
