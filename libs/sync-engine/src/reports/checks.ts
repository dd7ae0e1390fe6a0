import type { CheckOutcome, NewEventOf, RecordedCheckEvent, RecordedEvent, targetChecked } from '@wami/contracts';
import type { Append } from '@wami/event-store';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from '../fold/fold-resources';

/** Of so many at a time; who comes later has its turn at the next look. */
const FEW = 100;

export const isCheck = (event: RecordedEvent): event is RecordedCheckEvent => event.type === 'wami.check.requested.v1';

/** Somebody wants to know now who we are at accounts of this provider. */
export async function acceptChecks(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[]): Promise<void> {
  for (const asked of events.filter(isCheck)) {
    const accounts = asked.data.targets.filter(({ provider }) => provider === db.provider).map(({ account }) => account);
    await client.query(`INSERT INTO ${db.table('checks')} (job, account, asked) SELECT $1, unnest($2::text[]), $3 ON CONFLICT DO NOTHING`, [asked.stream, accounts, JSON.stringify(asked)]);
  }
}

/** What is not answered yet, by account, and which of the accounts some replica owns or is to own. */
export async function openChecks(db: EngineDatabase): Promise<Map<string, { readonly asked: RecordedCheckEvent[]; readonly known: boolean }>> {
  const { rows } = await db.pool.query<{ account: string; asked: RecordedCheckEvent; known: boolean }>(
    `SELECT c.account, c.asked, EXISTS (SELECT FROM ${db.table('targets')} t WHERE t.account = c.account) AS known FROM ${db.table('checks')} c ORDER BY c.job, c.account LIMIT ${FEW}`);
  const open = new Map<string, { asked: RecordedCheckEvent[]; known: boolean }>();
  for (const { account, asked, known } of rows) open.set(account, { asked: [...(open.get(account)?.asked ?? []), asked], known });
  return open;
}

/** Answers them once, each with what came of it, within the caller's transaction. */
export async function answerChecks(client: PoolClient, db: EngineDatabase, account: string, asked: readonly RecordedCheckEvent[], outcomeFor: (job: RecordedCheckEvent) => CheckOutcome): Promise<void> {
  const { rows } = await client.query<{ job: string }>(`DELETE FROM ${db.table('checks')} WHERE account = $1 AND job = ANY($2) RETURNING job`, [account, asked.map(({ stream }) => stream)]);
  const open = new Set(rows.map(({ job }) => job));
  const answers = asked.filter(({ stream }) => open.has(stream)).map((job) => answer(db.provider, account, job, outcomeFor(job)));
  if (answers.length > 0) await db.store.appendIn(client, answers);
}

function answer(provider: string, account: string, asked: RecordedCheckEvent, outcome: CheckOutcome): Append {
  const { stream: job, tenant, subject } = asked;
  const stream = `${provider}/${account}/${job}`;
  const event: NewEventOf<typeof targetChecked> = { type: 'wami.sync.target-checked.v1', stream, key: job, tenant, subject, data: { job, provider, account, outcome }, personal: {} };
  return { stream, tenant, expectedVersion: 0, events: [event], meta: causedBy(asked) };
}
