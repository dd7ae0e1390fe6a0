import { isAllowedWithin, type RecordedCheckEvent, type CheckOutcome } from '@wami/contracts';
import type { Connection } from '@wami/provider-port';
import type { ConnectionBook } from '../connections/connection-book';
import type { EngineDatabase } from '../database/engine-database';
import type { EngineLogger } from '../logger';
import type { EngineOptions } from '../options';
import { digest } from '../plans/fingerprint';
import { TargetLost } from '../reconcile/caller';
import type { Seams } from '../seams';
import { knowTargets, stillOwned, type Lease } from '../targets/lease';
import { Signal } from '../targets/signal';
import { whileOwned } from '../targets/while-owned';
import { answerChecks, openChecks } from './checks';
import { ratesMoved, reportAppend, reportOf, type Standing, type TargetReport } from './report';

/** A target that this process owns. */
export interface Reporting {
  readonly account: string;
  readonly lease: Lease;
  /** Tries the credentials where it is time to. */
  check(): Promise<void>;
  /** Tries them now, in quarantine too. */
  checkNow(): Promise<CheckOutcome>;
  /** Undefined until something is known. */
  standing(): Standing | undefined;
}

export interface TargetReportsParts {
  readonly db: EngineDatabase;
  readonly owner: string;
  readonly seams: Seams;
  readonly options: EngineOptions;
  readonly book: ConnectionBook;
  readonly instance: string;
  readonly logger: EngineLogger;
  readonly owned: () => readonly Reporting[];
}

interface Told {
  /** Of what it was made, to be compared without making it again. */
  readonly sketch: string;
  readonly connection: Connection | undefined;
  readonly rates: TargetReport['rates'];
  readonly at: number;
}

const UNUSED: Standing = { health: 'unused', reason: 'no tenant is synced to it', rates: [] };
/** Rates alone are told no more often. */
const RATES_EVERY_MS = 60_000;
/** Connections are looked through for those that nobody uses so much more rarely than targets are looked at. */
const UNUSED_EVERY = 20;

/** Tells of every target that this process owns, and of connections that no tenant uses, whenever something of it changed; and has credentials tried on schedule. */
export class TargetReports {
  private readonly told = new Map<string, Told>();
  private readonly signal: Signal;
  private readonly checking = new Map<string, Promise<void>>();
  private loop: Promise<void> | undefined;
  private closing = false;
  private turn = 0;
  /** Nobody used them when that was last looked at. */
  private unused: ReadonlySet<string> = new Set();

  constructor(private readonly parts: TargetReportsParts) {
    this.signal = new Signal(parts.seams.clock);
  }

  /** Nothing at all where credentials are never to be checked. */
  start(): void {
    if (Number.isFinite(this.parts.options.checkEveryMs)) this.loop = this.run();
  }

  /** Somebody wants a target checked now. */
  asked(): void {
    this.signal.raise();
  }

  /** The connections changed. */
  wake(): void {
    this.turn = 0;
    this.signal.raise();
  }

  /** Tells nothing more; undefined where it never did. Calls in flight end with their targets. */
  close(): Promise<unknown> | undefined {
    this.closing = true;
    this.signal.raise();
    return this.loop?.then(() => Promise.all(this.checking.values()));
  }

  private async run(): Promise<void> {
    while (!this.closing) {
      const owned = this.parts.owned();
      for (const target of owned) this.check(target);
      for (const target of owned) await this.quietly(() => this.tellOwned(target));
      await this.quietly(() => this.answerChecks(owned));
      if (this.turn++ % UNUSED_EVERY === 0) await this.quietly(() => this.tellUnused(owned));
      await this.signal.wait(this.parts.options.pollMs);
    }
  }

  /** One that takes long, such as at a provider that does not answer, holds up no other. */
  private check(target: Reporting): void {
    const { account } = target;
    if (this.checking.has(account)) return;
    this.checking.set(account, this.quietly(() => target.check()).finally(() => this.checking.delete(account)));
  }

  /** Those of other replicas' targets are theirs to answer. */
  private async answerChecks(owned: readonly Reporting[]): Promise<void> {
    const { db } = this.parts;
    for (const [account, { asked, known }] of await openChecks(db)) {
      const target = owned.find((one) => one.account === account);
      if (target) this.checkFor(target, asked);
      // Whoever owns it from then on answers.
      else if (!known && asked.some((job) => this.mayUse(account, job))) await db.transaction((client) => knowTargets(client, db, [account]));
      else if (!known) await db.transaction((client) => answerChecks(client, db, account, asked, () => 'not-connected'));
    }
  }

  private checkFor(target: Reporting, asked: readonly RecordedCheckEvent[]): void {
    const { account, lease } = target;
    const { db, owner } = this.parts;
    if (this.checking.has(account)) return;
    const mayUse = (job: RecordedCheckEvent): boolean => this.mayUse(account, job);
    const check = async (): Promise<void> => {
      const came = asked.some(mayUse) ? await target.checkNow() : 'not-connected';
      await this.tellOwned(target);
      await whileOwned({ db, owner, lease }, (client) => answerChecks(client, db, account, asked, (job) => (mayUse(job) ? came : 'not-connected')));
    };
    this.checking.set(account, this.quietly(check).finally(() => this.checking.delete(account)));
  }

  private mayUse(account: string, { tenant }: RecordedCheckEvent): boolean {
    const connection = this.parts.book.connection(account);
    return connection !== undefined && isAllowedWithin(connection.tenants, tenant);
  }

  private async tellOwned({ account, lease, standing }: Reporting): Promise<void> {
    const now = standing();
    if (now) await this.tell(account, now, lease);
  }

  private async tellUnused(owned: readonly Reporting[]): Promise<void> {
    const { db, book } = this.parts;
    const own = new Set(owned.map(({ account }) => account));
    const open = book.accounts().filter((account) => !own.has(account));
    const { rows: gone } = await db.pool.query<{ account: string }>(`SELECT account FROM ${db.table('target_reports')} WHERE account <> ALL($1) AND account NOT IN (SELECT account FROM ${db.table('targets')})`, [book.accounts()]);
    const { rows: used } = await db.pool.query<{ account: string }>(`SELECT account FROM ${db.table('targets')} WHERE account = ANY($1)`, [open]);
    const inUse = new Set(used.map(({ account }) => account));
    const [before, now] = [this.unused, open.filter((account) => !inUse.has(account))];
    this.unused = new Set(now);
    // Who asks for one may not have been read yet when the service starts.
    for (const account of now) if (before.has(account)) await this.tell(account, UNUSED);
    for (const { account } of gone) await this.tell(account, { health: 'not-connected', reason: `there is no connection for ${db.provider}/${account}`, rates: [] });
  }

  private async tell(account: string, standing: Standing, lease?: Lease): Promise<void> {
    const { db, book, options, seams: { clock } } = this.parts;
    const [told, connection] = [this.told.get(account), book.connection(account)];
    // Whoever owned it in between may have told something else.
    const sketch = JSON.stringify({ ...standing, rates: [], epoch: lease?.epoch });
    const isSame = told?.sketch === sketch && told.connection === connection;
    if (isSame && clock.now() - told.at < RATES_EVERY_MS) return;
    const report = reportOf({ provider: db.provider, account }, standing, connection, book.capabilities(account), options.concurrency);
    const { rates, ...rest } = report;
    if (isSame && !ratesMoved(told.rates, rates)) return void this.told.set(account, { ...told, at: clock.now() });
    const mark = digest(rest);
    // What a restart alone would tell again is on record already.
    await this.write(report, mark, isSame, lease);
    this.told.set(account, { sketch, connection, rates, at: clock.now() });
  }

  private write(report: TargetReport, mark: string, anyway: boolean, lease: Lease | undefined): Promise<void> {
    const { db, owner, instance, seams: { ids } } = this.parts;
    const { account } = report;
    const table = db.table('target_reports');
    return db.transaction(async (client) => {
      if (lease && !(await stillOwned(client, db, owner, [lease])).has(account)) throw new TargetLost();
      await client.query(`INSERT INTO ${table} (account) VALUES ($1) ON CONFLICT DO NOTHING`, [account]);
      const { rows: [known] } = await client.query<{ digest: string; events: number }>(`SELECT digest, events FROM ${table} WHERE account = $1 FOR UPDATE`, [account]);
      if (!known || (known.digest === mark && !anyway)) return;
      await db.store.appendIn(client, [reportAppend(report, known.events, instance, ids.next())]);
      await client.query(`UPDATE ${table} SET digest = $2, events = events + 1 WHERE account = $1`, [account, mark]);
    });
  }

  private async quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof TargetLost)) this.parts.logger.error({ error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown' }, 'how targets are cannot be told at the moment');
    }
  }
}
