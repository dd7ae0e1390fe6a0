import { LOG_START, idFrom, isWithinTenant, upcastEvent } from '@wami/contracts';
import type { Pool } from 'pg';
import { appendAlone, fitsOneStatement } from './append/append-alone';
import { Coalescer } from './append/coalescer';
import { findRepeated, purgeIdempotencyKeys } from './append/idempotency';
import { appendInTransaction } from './append/in-transaction';
import { keyedDigest, plainDigest } from './append/names';
import { appended, prepareAppend, type PreparedAppend } from './append/prepared-append';
import { runStatement, type StatementContext } from './append/run-statement';
import { sealAppend } from './append/seal-append';
import { findName } from './append/why-refused';
import { InvalidAppend, OutcomeUnknown, TransactionTooOld } from './errors';
import type { Append, AppendResult, EventStore } from './event-store';
import { quoteSchema } from './identifier';
import { randomTens } from './random-tens';
import { Notifier } from './notifier';
import { gateLagSeconds, readLogPage } from './read/read-log';
import { checkedEvents, readStreams, type StreamSource, type Upcast } from './read/read-stream';
import { streamsWithin } from './read/streams-within';
import { StreamReader } from './read/stream-reader';
import type { PersonalData } from './sealing/personal-data';
import { SubjectKeyTaken } from './sealing/subject-keys';
import { assertOfThisCluster } from './restored';
import { scopedReader, type ScopeOf } from './scope/reader';
import { withConnection } from './transaction';
import type { Ahead } from './transactions-ahead';

export interface EventStoreOptions {
  /** Of `createPool`: its limits are what keeps an append from waiting for ever. */
  readonly pool: Pool;
  /** Migrated already, see `migrateEventStore`. */
  readonly schema: string;
  /** Name of the service, as events carry it: `identity`, `sync-aws`. */
  readonly source: string;
  readonly clock?: () => Date;
  readonly newEventId?: () => string;
  /** Who reads: asked for each `readStream`, `findName` and `findRepeated`; the schema's tables are secured for it. Default: the owner, who sees all. */
  readonly scopeOf?: ScopeOf;
  /** Runs on every event of `readStream`, before it is checked. */
  readonly upcast?: Upcast;
  /** Seals what is appended and opens what `readStream` reads; without it `personal` is stored as it is. */
  readonly personal?: PersonalData;
  /** Names are kept as their HMAC under this key; without it as a plain hash. */
  readonly nameKey?: Buffer;
}

const SEALINGS = 3;

/**
 * Opens a migrated store. It keeps no connection of its own, and at most three appending statements and three that read streams in flight.
 * @throws RestoredElsewhere where the events come from a logical dump of another cluster.
 */
export async function openEventStore(options: EventStoreOptions): Promise<EventStore> {
  const { pool, schema, source, clock = () => new Date(), scopeOf = () => undefined, upcast = upcastEvent, personal, nameKey } = options;
  const random = randomTens();
  const newEventId = options.newEventId ?? (() => idFrom('event', clock().getTime(), random()));
  const digest = nameKey ? keyedDigest(nameKey) : plainDigest;
  const { epoch, ahead } = await readInfo(pool, schema);
  const context: StatementContext = { schema, source, clock, digest, ahead };
  await assertOfThisCluster(pool, schema, ahead);
  const notifier = new Notifier(pool, schema);
  const coalescer = coalescerOn(pool, context);
  const streams = readerOn(pool, { schema, source, upcast, personal });
  const reader = scopedReader(pool, scopeOf);
  const prepare = (append: Append, anew: boolean): Promise<PreparedAppend> => sealAppend(prepareAppend(append, newEventId, digest), personal, anew);
  const write = async (append: Append, anew: boolean): Promise<AppendResult> => {
    const prepared = await prepare(append, anew);
    const result = await (fitsOneStatement(prepared) ? coalescer.submit(prepared) : appendAlone(pool, context, prepared));
    if (result.outcome === 'appended') personal?.keep(prepared.subjectKeys);
    return result;
  };
  return {
    source,
    schema,
    epoch,
    async append(append) {
      assertInScope(append, scopeOf());
      const result = await sealedAnew((anew) => write(append, anew));
      if (result.outcome === 'appended' && result.events.length > 0) notifier.announce();
      return result;
    },
    appendIn: async (client, appends) => appendInTransaction(client, context, await Promise.all(appends.map((append) => prepare(append, false)))),
    holdKeys: async (subjects) => personal?.hold(subjects),
    findRepeated: (key) => findRepeated(reader, schema, key),
    purgeIdempotencyKeys: (limit) => purgeIdempotencyKeys(pool, schema, limit),
    findName: (name) => findName(reader, context, name),
    readStream: async (stream, upToVersion) => streams.read(stream, upToVersion, scopeOf()),
    readLog: (after, limit) => readLogPage(pool, { schema, source, ahead }, after, limit),
    streamsWithin: (asked) => streamsWithin(pool, schema, asked),
    head: () => head(pool, schema),
    gateLagSeconds: () => gateLagSeconds(pool, schema, clock(), ahead),
    announce: () => notifier.announce(),
    async close() {
      await coalescer.close();
      await notifier.close();
    },
  };
}

function coalescerOn(pool: Pool, context: StatementContext): Coalescer {
  return new Coalescer({
    together: (appends) => writeTogether(pool, context, appends),
    alone: (prepared) => appendAlone(pool, context, prepared),
    wroteNothing: (error) => !(error instanceof OutcomeUnknown),
  });
}

function readerOn(pool: Pool, streams: StreamSource): StreamReader {
  return new StreamReader({ read: (reads, scope) => readStreams(pool, streams, reads, scope), check: (events) => checkedEvents(events, streams) });
}

/** Of two that make the first key of a subject at the same time one wins; the other seals with that key. */
async function sealedAnew(write: (anew: boolean) => Promise<AppendResult>): Promise<AppendResult> {
  for (let sealing = 1; ; sealing++) {
    try {
      return await write(sealing > 1);
    } catch (error) {
      if (!(error instanceof SubjectKeyTaken) || sealing >= SEALINGS) throw error;
    }
  }
}

async function writeTogether(pool: Pool, context: StatementContext, appends: readonly PreparedAppend[]): Promise<readonly AppendResult[]> {
  const answer = await withConnection(pool, (client) => runStatement(client, context, appends, 'error'));
  if (!answer.ok) throw new TransactionTooOld(appends[0]?.append.stream ?? '');
  return appends.map((prepared, i) => appended(prepared, answer.events[i] ?? []));
}

/** A second look, whatever was decided before: row-level security binds reads only, because it would cost each append. */
function assertInScope(append: Append, scope: string | undefined): void {
  if (scope === undefined || isWithinTenant(append.tenant, scope)) return;
  throw new InvalidAppend(append, 'its tenant is not within that of the request');
}

async function readInfo(pool: Pool, schema: string): Promise<{ readonly epoch: string; readonly ahead: Ahead }> {
  const table = `${quoteSchema(schema)}.store_info`;
  const { rows: [found] } = await pool.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  const { rows: [info] } = found?.there ? await pool.query<{ epoch: string; ahead: string }>(`SELECT epoch, tx_ahead::text AS ahead FROM ${table}`) : { rows: [] };
  if (!info) throw new Error(`schema ${schema} holds no event store: migrate it first`);
  return info;
}

async function head(pool: Pool, schema: string): Promise<string> {
  const { rows: [last] } = await pool.query<{ position: string }>(
    `SELECT e.tx || '.' || e.position AS position FROM ${quoteSchema(schema)}.events e ORDER BY e.tx DESC, e.position DESC LIMIT 1`);
  return last?.position ?? LOG_START;
}
