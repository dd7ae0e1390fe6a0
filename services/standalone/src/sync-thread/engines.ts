import type { ConnectionSource } from '@wami/provider-port';
import { describeError, type Logger } from '@wami/platform';
import type { SyncEngine } from '@wami/sync-engine';
import type { Provided } from './adapters';

/** What is enough where no connection and no tenant names another: every engine reads every event. */
const FIRST = 'aws';
const LOOK_MS = 2_000;

/** The engines of the providers that connections or tenants name, each opened when its provider is first named. */
export class Engines {
  private readonly opened = new Set<string>();
  private problem: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly providers: ReadonlyMap<string, Provided>,
    private readonly connections: ConnectionSource,
    private readonly open: (provided: Provided) => Promise<SyncEngine>,
    private readonly logger: Logger,
  ) {}

  /** Opens those that are named now. @throws StartupError where a connection makes no sense */
  async start(): Promise<void> {
    const provided = this.providers.get(FIRST);
    if (!provided) throw new Error(`${FIRST} is not provided`);
    const first = await this.open(provided);
    this.opened.add(FIRST);
    await this.openNamed(first);
    this.timer = setInterval(() => {
      this.looking ??= this.look(first).finally(() => {
        this.looking = undefined;
      });
    }, LOOK_MS);
  }

  /** No engine is opened any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** What cannot be opened is tried again, and said once. */
  private async look(first: SyncEngine): Promise<void> {
    try {
      await this.openNamed(first);
      this.problem = undefined;
    } catch (error) {
      const { error: problem } = describeError(error);
      if (problem !== this.problem) this.logger.error({ error: problem }, 'a sync service cannot be started');
      this.problem = problem;
    }
  }

  private async openNamed(first: SyncEngine): Promise<void> {
    const named = new Set([...this.connections.current().map(({ provider }) => provider), ...await first.providersAskedFor()]);
    for (const [provider, provided] of this.providers) {
      if (!named.has(provider) || this.opened.has(provider)) continue;
      await this.open(provided);
      this.opened.add(provider);
    }
  }
}
