import type { RecordedEvent } from '@wami/contracts';
import type { ClientBase } from 'pg';
import { TransactionTooOld } from '../errors';
import { AppendRefused } from '../event-store';
import { quoteSchema } from '../identifier';
import { independentRuns } from './footprint';
import { findRepeated, keepAnswer } from './idempotency';
import type { PreparedAppend } from './prepared-append';
import { runStatement, type Refused, type StatementContext } from './run-statement';
import { whyRefused, wrongVersion } from './why-refused';

/**
 * Writes appends inside a transaction of the caller.
 * @throws AppendRefused, TransactionTooOld: the caller must roll back.
 */
export async function appendInTransaction(client: ClientBase, context: StatementContext, appends: readonly PreparedAppend[]): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (const run of independentRuns(appends)) {
    for (const prepared of run) await assertTenantEmpty(client, context.schema, prepared);
    for (const prepared of run) await assertWithinQuotas(client, context.schema, prepared);
    const writing = run.filter((prepared) => prepared.events.length > 0);
    for (const prepared of run) if (prepared.events.length === 0) await keepUnchanged(client, context.schema, prepared);
    if (writing.length === 0) continue;
    const answer = await runStatement(client, context, writing, 'flag');
    if (!answer.ok) throw await refusalOf(client, context.schema, writing, answer);
    for (const recorded of answer.events) events.push(...recorded);
  }
  return events;
}

/** Asked within the transaction, which sees the refused statement's own rows: what it did write is told apart by its answer. */
async function refusalOf(client: ClientBase, schema: string, appends: readonly PreparedAppend[], answer: Refused): Promise<Error> {
  for (const prepared of appends) {
    const { stream, idempotency } = prepared.append;
    if (idempotency && !answer.kept.has(stream) && (await findRepeated(client, schema, idempotency))) return new AppendRefused({ code: 'IdempotencyKeyReused' });
    const refusal = await whyRefused(client, schema, prepared, answer.headed.has(stream));
    if (refusal) return new AppendRefused(refusal);
  }
  return new TransactionTooOld(appends[0]?.append.stream ?? '');
}

/** Locks the head first and looks then, with a snapshot of its own: who was adding something to the tenant has committed by then. */
async function assertTenantEmpty(client: ClientBase, schema: string, { append }: PreparedAppend): Promise<void> {
  const { requiresEmptyTenant: tenant, stream } = append;
  if (tenant === undefined) return;
  const heads = `${quoteSchema(schema)}.heads`;
  await client.query(`SELECT 1 FROM ${heads} WHERE stream_id = $1 FOR UPDATE`, [stream]);
  // '0' is the character after '/': everything between is below the tenant.
  const { rowCount } = await client.query(
    `SELECT 1 FROM ${heads} WHERE NOT closed AND stream_id <> $2
      AND (tenant = $1 OR (tenant >= $1 || '/' AND tenant < $1 || '0')) LIMIT 1`, [tenant, stream]);
  if (rowCount) throw new AppendRefused({ code: 'TenantNotEmpty', tenant });
}

/** Locks the tenants' heads first, top first, and counts then, with a snapshot of its own: who was faster has committed by then. References lock less and do not wait. */
async function assertWithinQuotas(client: ClientBase, schema: string, { append }: PreparedAppend): Promise<void> {
  const heads = `${quoteSchema(schema)}.heads`;
  const quotas = [...append.quotas ?? []].sort((a, b) => (a.tenant < b.tenant ? -1 : 1));
  for (const { stream } of quotas) await client.query(`SELECT 1 FROM ${heads} WHERE stream_id = $1 FOR NO KEY UPDATE`, [stream]);
  for (const quota of quotas) {
    const { rowCount } = await client.query(
      `SELECT 1 FROM ${heads} WHERE NOT closed AND (tenant = $1 OR (tenant >= $1 || '/' AND tenant < $1 || '0'))
        AND starts_with(stream_id, $2) AND stream_id <> $3 LIMIT $4`, [quota.tenant, quota.prefix, quota.stream, quota.most]);
    if ((rowCount ?? 0) >= quota.most) throw new AppendRefused({ code: 'QuotaExceeded', quota });
  }
}

/** Nothing changes, and what the answer rests on still holds at this moment. */
async function keepUnchanged(client: ClientBase, schema: string, prepared: PreparedAppend): Promise<void> {
  const { append, references } = prepared;
  const quoted = quoteSchema(schema);
  await client.query(`SELECT 1 FROM ${quoted}.heads WHERE stream_id = ANY($1) ORDER BY stream_id FOR KEY SHARE`, [references]);
  const refusal = (await wrongVersion(client, quoted, prepared)) ?? (await whyRefused(client, schema, prepared, true));
  if (refusal) throw new AppendRefused(refusal);
  if (append.idempotency && !(await keepAnswer(client, schema, append))) throw new AppendRefused({ code: 'IdempotencyKeyReused' });
}
