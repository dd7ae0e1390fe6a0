import type { SyncState, WamiCloudEvent } from '@wami/contracts';
import type { Victim } from './victim';

const CALL_MS = 20_000;

export interface ProjectedRow {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly path?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly version: number;
}

/** The query side of one tenant, in full, as of all that was committed when the query arrived. */
export class Queries {
  constructor(private readonly victim: Victim, private readonly tenant: string) {}

  resources(): Promise<ProjectedRow[]> {
    return this.all<ProjectedRow>('resources');
  }

  syncStates(): Promise<SyncState[]> {
    return this.all<SyncState>('sync-states');
  }

  events(): Promise<WamiCloudEvent[]> {
    return this.all<WamiCloudEvent>('events');
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

  private async get<T>(path: string): Promise<T> {
    const { url, token } = this.victim;
    if (url === undefined) throw new Error(`nobody answers ${path}: ${this.victim.lastWords}`);
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}`, 'wami-consistency': 'strong' }, signal: AbortSignal.timeout(CALL_MS) });
    if (!response.ok) throw new Error(`GET ${path} was answered ${response.status}: ${await response.text()}`);
    return await response.json() as T;
  }
}
