import { IMPORTABLE_KINDS, isWithinTenant, type ImportableKind } from '@wami/contracts';
import { isProviderError, ProviderError, type Observed, type ResourceHandler } from '@wami/provider-port';
import type { EngineDatabase } from '../database/engine-database';
import { isOtherEnd, kindNamed } from '../kinds';
import { TargetLost, type Caller } from '../reconcile/caller';
import type { Scene } from '../reconcile/pass';
import type { Lease } from '../targets/lease';
import { whileOwned } from '../targets/while-owned';
import { foundEvents, importAppend } from './import-events';
import { lockImport, noteSeen, saveProgress, type ImportProblem, type ImportRow } from './import-table';
import { judge, type Ends, type Judged } from './judge-things';

export interface ReadingParts {
  readonly db: EngineDatabase;
  readonly owner: string;
  readonly lease: Lease;
  readonly caller: Caller;
  readonly scene: Scene;
  /** The process is closing: what is not read yet is read by the next owner. */
  readonly stopped: () => boolean;
}

/** The reading ended before its end; it begins anew elsewhere. */
export class ReadingStopped extends Error {}

/** A failure of the target; what comes of it depends on the attempts so far. */
export class ReadingFailed extends Error {
  constructor(readonly kind: ImportableKind, readonly error: ProviderError) {
    super(error.message);
  }
}

/**
 * Reads everything of these kinds at a target, page by page, and says what of it nobody manages; each page's word and the count of it are one
 * transaction. Nothing is written at the target. @throws ReadingFailed, ReadingStopped, TargetLost
 */
export class TargetReading {
  private readonly ends = new Map<ImportableKind, Map<string, { resource?: string; item?: string }>>();
  private principal = '';

  constructor(private readonly parts: ReadingParts, private readonly row: ImportRow) {}

  /** Resolves with the kinds that the provider cannot hold. */
  async read(): Promise<ImportProblem[]> {
    const { scene, caller, db } = this.parts;
    // Without the job's key nothing of it could be told, so nothing is asked either.
    await db.store.holdKeys([this.row.job]);
    const failed = new Set(this.row.problems.map(({ kind }) => kind));
    const asked = this.row.kinds.filter((kind) => !failed.has(kind));
    const problems: ImportProblem[] = [];
    const others = asked.flatMap((kind) => Object.values(kindNamed(kind).facets).map(({ of }) => of));
    // Other ends of relations first, so that relations can name them.
    const kinds = IMPORTABLE_KINDS.filter((kind) => !failed.has(kind) && (asked.includes(kind) || others.includes(kind))).sort((a, b) => Number(isOtherEnd(b)) - Number(isOtherEnd(a)));
    for (const kind of kinds) {
      const capability = scene.capabilities.find((one) => one.kind === kind);
      const handler = capability?.supported ? scene.target.handler(kind) : undefined;
      if (handler) await this.failing(kind, async () => {
        this.principal ||= (await caller.call('observe', 1, (context) => scene.target.validateCredentials(context))).principal;
        await this.readKind(kind, handler, asked.includes(kind));
      });
      else if (asked.includes(kind)) problems.push({ kind, code: 'Unsupported', message: capability?.reason ?? `the provider cannot hold a ${kind}` });
    }
    return problems;
  }

  private async failing(kind: ImportableKind, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw isProviderError(error) ? new ReadingFailed(kind, error) : error;
    }
  }

  private readKind(kind: ImportableKind, handler: ResourceHandler, told: boolean): Promise<void> {
    return this.parts.caller.pages((context) => handler.list(context), (page) => this.page(kind, page, told));
  }

  private async page(kind: ImportableKind, page: readonly Observed[], told: boolean): Promise<void> {
    const { db, owner, lease, scene, stopped } = this.parts;
    if (stopped()) throw new ReadingStopped('the process is closing');
    if (page.length === 0) return;
    await db.store.holdKeys([this.row.job]);
    const judged = await whileOwned({ db, owner, lease }, async (client) => {
      const row = await lockImport(client, db, this.row);
      if (!row) throw new TargetLost();
      const { instance, connection: { naming } } = scene;
      const all = await judge(client, db, { import: row, kind, principal: this.principal, instance, naming, ends: this.endsOf(kind) }, page);
      if (!told) return all;
      const fresh = await noteSeen(client, db, row, all.map(({ item }) => item));
      const counted = all.filter(({ item }) => fresh.has(item));
      const unmanaged = counted.filter((one) => one.is === 'unmanaged');
      const events = foundEvents(db.provider, row, kind, unmanaged);
      if (events.length > 0) await db.store.appendIn(client, [importAppend(db.provider, row, events)]);
      await saveProgress(client, db, {
        ...row, streamVersion: row.streamVersion + events.length, chunks: row.chunks + events.length, seen: row.seen + counted.length,
        managed: row.managed + counted.length - unmanaged.length, found: row.found + unmanaged.filter(({ obstacle }) => obstacle === undefined).length,
      });
      return all;
    });
    this.remember(kind, page, judged, told);
  }

  private endsOf(kind: ImportableKind): ReadonlyMap<string, Ends> {
    return new Map(Object.entries(kindNamed(kind).facets).map(([facet, { of }]) => [facet, this.ends.get(of as ImportableKind) ?? new Map()]));
  }

  /** Who can be the other end of what this import makes: its own finds, and what the tenant or one above it has. */
  private remember(kind: ImportableKind, page: readonly Observed[], judged: readonly Judged[], told: boolean): void {
    if (!isOtherEnd(kind)) return;
    const ends = this.ends.get(kind) ?? new Map<string, { resource?: string; item?: string }>();
    this.ends.set(kind, ends);
    judged.forEach((one, i) => {
      const name = page[i]?.name ?? '';
      if (one.is === 'managed' && isWithinTenant(this.row.tenant, one.tenant)) ends.set(name, { resource: one.resource });
      if (one.is === 'unmanaged' && told && one.obstacle === undefined) ends.set(name, { item: one.item });
    });
  }
}
