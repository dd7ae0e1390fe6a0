import type { ClientBase, Pool } from 'pg';
import type { ReadModel } from '../model/read-model';
import { allGenerations, MadeByNewerRelease, writtenModels, type Generation } from '../rebuild/generations';

const LOOK_MS = 1000;

/** Looks now and then at what an operator should know of the read models, so that a health request never waits for it. */
export class ParkedWatch {
  /** What is put aside. */
  reason: string | undefined;
  /** Which models are not kept current; before the first look nobody knows. */
  stale: string | undefined = 'not looked at yet';
  private readonly timer: NodeJS.Timeout;
  private asking: Promise<void> | undefined;

  constructor(private readonly pool: Pool, private readonly schema: string, private readonly models: readonly ReadModel[]) {
    this.timer = setInterval(() => this.ask(), LOOK_MS);
    this.ask();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.asking;
  }

  private ask(): void {
    // A database that does not answer is told by its own health check; what was known stays.
    this.asking ??= this.look().catch((error: unknown) => {
      if (error instanceof MadeByNewerRelease) this.stale = error.message;
    }).finally(() => {
      this.asking = undefined;
    });
  }

  private async look(): Promise<void> {
    const client = await this.pool.connect();
    try {
      const { rows: [parked] } = await client.query<{ count: number }>(`SELECT count(*) FROM ${this.schema}.parked WHERE skipped_at IS NULL`);
      this.reason = parked && parked.count > 0 ? `${parked.count} events are parked` : undefined;
      this.stale = await notCurrent(client, this.schema, this.models);
    } finally {
      client.release();
    }
  }
}

async function notCurrent(client: ClientBase, schema: string, models: readonly ReadModel[]): Promise<string | undefined> {
  const written = await writtenModels(client, schema, models);
  const stale = models.filter((model) => !written.some((one) => one.model === model));
  if (stale.length === 0) return undefined;
  const generations = await allGenerations(client, schema);
  const own = ({ name }: ReadModel): readonly Generation[] => generations.filter(({ model }) => model === name);
  const isLeft = (model: ReadModel): boolean =>
    own(model).every(({ status }) => status !== 'building') && own(model).some(({ status, version }) => status === 'retired' && version === model.version);
  const named = (kind: string, found: readonly ReadModel[]): string[] => (found.length === 0 ? [] : [`${kind}: ${found.map(({ name }) => name).join(', ')}`]);
  return [
    ...named('being rebuilt', stale.filter((model) => !isLeft(model))),
    ...named('gone back to those of another release, which keeps them current', stale.filter(isLeft)),
  ].join('; ');
}
