import type { SyncMap, SyncState, WamiCloudEvent } from '@wami/contracts';
import { eventually } from '@wami/testing';
import type { Subject } from './subject';

const CALL_MS = 20_000;
const REST_MS = 120_000;

export interface ProjectedRow {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly path?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly version: number;
}

/** The query side of one tenant, in full, as of all that was committed when the query arrived, where nothing else is said. */
export class Queries {
  /** What is asked and not answered yet, since when. */
  private readonly asking = new Map<string, number>();

  constructor(private readonly victim: Subject, private readonly tenant: string) {}

  resources(): Promise<ProjectedRow[]> {
    return this.all<ProjectedRow>('resources');
  }

  syncStates(): Promise<SyncState[]> {
    return this.all<SyncState>('sync-states');
  }

  events(): Promise<WamiCloudEvent[]> {
    return this.all<WamiCloudEvent>('events');
  }

  /** As far as the read model has come: writers may be away. */
  async isSynced(resource: string): Promise<boolean> {
    const accounts = Object.values(await this.get<SyncMap>(`/v1/resources/${resource}/sync`, {})).flatMap((of) => Object.values(of));
    return accounts.length > 0 && accounts.every(({ state }) => state === 'Synced');
  }

  /** Resolves when no binding has work left. */
  async untilAtRest(): Promise<void> {
    await eventually(async () => {
      const restless = (await this.syncStates()).filter((found) => found.state === 'Pending' || found.state === 'Syncing' || (found.state === 'Failed' && found.nextRetryAt !== undefined));
      return restless.length === 0 ? true : Promise.reject(new Error(`${restless.length} bindings at work, such as ${JSON.stringify(restless[0])}`));
    }, { timeoutMs: REST_MS, intervalMs: 25, describe: 'no binding has work left' }).catch(async (error: unknown) => {
      throw new Error(`${(error as Error).message}; ${await this.condition()}`, { cause: error });
    });
  }

  /** For who has to find out why nothing goes on: what is asked without an answer, and what the victim says of itself. */
  private async condition(): Promise<string> {
    const asking = [...this.asking].map(([path, since]) => `${path} is asked for ${Math.round(performance.now() - since)} ms`);
    const tell = async (path: string, line: RegExp): Promise<string> => {
      const { url = '', token } = this.victim;
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(5_000) }).then((response) => response.text()).catch(String);
      return answer.split('\n').filter((text) => line.test(text)).join('; ');
    };
    return [...asking, await tell('/health/ready', /./), await tell('/metrics', /^wami_(log_gate_lag|projection_lag|sync_in_flight|sync_queue|deadletter|provider_rate|provider_requests_left|provider_requests_waiting|provider_healthy)/)].join('; ');
  }

  private async all<T>(collection: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | undefined; ;) {
      const query = new URLSearchParams({ tenant: this.tenant, limit: '1000', ...(cursor === undefined ? {} : { cursor }) });
      const page = await this.get<{ items: T[]; nextCursor?: string }>(`/v1/${collection}?${query.toString()}`);
      items.push(...page.items);
      cursor = page.nextCursor;
      if (cursor === undefined) return items;
    }
  }

  private async get<T>(path: string, consistency: Readonly<Record<string, string>> = { 'wami-consistency': 'strong' }): Promise<T> {
    const { url, token } = this.victim;
    if (url === undefined) throw new Error(`nobody answers ${path}: ${this.victim.lastWords}`);
    this.asking.set(path, performance.now());
    try {
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}`, ...consistency }, signal: AbortSignal.timeout(CALL_MS) });
      if (!response.ok) throw new Error(`GET ${path} was answered ${response.status}: ${await response.text()}`);
      return await response.json() as T;
    } finally {
      this.asking.delete(path);
    }
  }
}
