import type { EngineUnderTest } from './engine-under-test';
import { familyForEach } from './family';

/** What an engine says of what a pause holds. Used by specs. */
export const paused = (id: string, until?: string) => ({
  state: 'Pending', pausedBy: id, reason: `paused by ${id} ${until === undefined ? 'until somebody resumes' : `until ${until}`}`, ...(until === undefined ? {} : { nextRetryAt: until }),
});

export interface Held {
  readonly came: () => number;
  readonly release: () => void;
}

/** Specs about pauses look at the engine's own tables with these. */
export class Pausing {
  constructor(private readonly test: () => EngineUnderTest) {}

  users(n: number): Promise<string[]> {
    return Promise.all(Array.from({ length: n }, (_, i) => this.test().identity.user(`u${i}`)));
  }

  async laidAside(): Promise<number> {
    const { rows: [row] } = await this.test().pool.query<{ n: number }>('SELECT count(*)::int AS n FROM sync_aws.engine_bindings WHERE paused_by IS NOT NULL AND NOT claimed');
    return row?.n ?? 0;
  }

  async known(): Promise<string[]> {
    return (await this.test().pool.query<{ id: string }>('SELECT id FROM sync_aws.engine_pauses ORDER BY id')).rows.map(({ id }) => id);
  }

  /** Holds every call of this kind until it is released; tells how many came. */
  hold(api: string): Held {
    let release = (): void => undefined;
    let came = 0;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.test().cloud.latency = (call) => {
      if (call.api !== api) return Promise.resolve();
      came += 1;
      return released;
    };
    return { came: () => came, release: () => release() };
  }
}

/** As `familyForEach`, with what pauses it. */
export function pausingForEach(take: (test: EngineUnderTest) => void): Pausing {
  let current: EngineUnderTest;
  familyForEach((opened) => take(current = opened));
  return new Pausing(() => current);
}
