import { IMPORTABLE_KINDS, isWithinTenant, type ImportableKind } from '@wami/contracts';
import { isProviderError, ProviderError, type Observed, type ResourceHandler } from '@wami/provider-port';
import type { EngineDatabase } from '../database/engine-database';
import { isOtherEnd, kindNamed } from '../kinds';
import { TargetLost, type Caller } from '../reconcile/caller';
import type { Scene } from '../reconcile/pass';
import type { Lease } from '../targets/lease';
import { whileOwned } from '../targets/while-owned';
import { foundEvents, importAppend, relatedEvents } from './import-events';
import { lockImport, noteSeen, saveProgress, type ImportProblem, type ImportRow } from './import-table';
import { isNew, judge, relationsOf, standingOf, type End, type Ends, type Judged } from './judge-things';
import { thingKey } from './stood';
import { noteStanding } from './stood-table';

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
  private readonly ends = new Map<ImportableKind, Map<string, End>>();
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
    // Other ends of relations first, so that relations can name them. What is adopted keeps those that others have to it, so those are read too.
    const kinds = IMPORTABLE_KINDS.filter((kind) => !failed.has(kind) && (asked.includes(kind) || others.includes(kind) || (this.row.adopt && isRelatedTo(kind, asked)))).sort((a, b) => Number(isOtherEnd(b)) - Number(isOtherEnd(a)));
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
      const by = { import: row, kind, principal: this.principal, instance, naming, ends: this.endsOf(kind) };
      const all = await judge(client, db, by, page);
      if (row.adopt) await noteStanding(client, db, row.account, standingOf(by, page, all));
      if (!told && !row.adopt) return all;
      const fresh = await noteSeen(client, db, row, all.map(({ item }) => item));
      const counted = told ? all.filter(({ item }) => fresh.has(item)) : [];
      const unmanaged = counted.filter((one) => one.is === 'unmanaged');
      const found = foundEvents(db.provider, row, kind, unmanaged);
      const related = row.adopt ? relationsOf(by, page, all.map((one) => (fresh.has(one.item) ? one : undefined))) : [];
      const events = [...found, ...relatedEvents(db.provider, { ...row, chunks: row.chunks + found.length }, related)];
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
    const ends = this.ends.get(kind) ?? new Map<string, End>();
    this.ends.set(kind, ends);
    judged.forEach((one, i) => {
      const { name = '', providerResourceId = '' } = page[i] ?? {};
      const usable = one.is === 'managed' && isWithinTenant(this.row.tenant, one.tenant) ? { resource: one.resource } : {};
      ends.set(name, { key: thingKey(kind, providerResourceId), isNew: isNew(one), ...usable, ...(told && isNew(one) ? { item: one.item } : {}) });
    });
  }
}

/** Whether relations of things of this kind lead to one of those. */
function isRelatedTo(kind: ImportableKind, kinds: readonly ImportableKind[]): boolean {
  return Object.values(kindNamed(kind).facets).some(({ of }) => kinds.includes(of as ImportableKind));
}
