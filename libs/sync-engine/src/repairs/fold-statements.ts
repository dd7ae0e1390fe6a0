import type { RecordedEvent, RecordedRepairEvent } from '@wami/contracts';
import type { PoolClient } from 'pg';
import type { EngineDatabase } from '../database/engine-database';
import { causedBy } from '../fold/fold-resources';
import { reconsider } from '../fold/reconsider';
import { loadResources, saveResources, type Resource } from '../fold/resource';
import { isOtherEnd } from '../kinds';
import { judgeStatement, MISSING, type Ends, type Judgement, type Stated } from './judge-statement';
import { answerComplete, noteCompared, noteTold, type Compared } from './repair-answers';

const isStated = (event: RecordedEvent): event is Stated => event.type === 'wami.repair.stated.v1';
const isTold = (event: RecordedEvent): event is Extract<RecordedRepairEvent, { type: 'wami.repair.told.v1' }> => event.type === 'wami.repair.told.v1';

/**
 * Compares what repairs state with what is folded, after the other events of the batch; unless it is a dry run what disagrees becomes as it is stated, as if
 * its events came now. Says what it found. Resolves with the accounts that have work now.
 */
export async function foldStatements(client: PoolClient, db: EngineDatabase, events: readonly RecordedEvent[], now: number): Promise<Set<string>> {
  const stated = events.filter(isStated);
  const told = events.filter(isTold);
  const due = new Set<string>();
  // The same resource may be stated several times: each time it is compared with what the time before has made of it.
  for (let left = stated; left.length > 0;) {
    const first = new Map<string, Stated>();
    for (const one of left) if (!first.has(one.key)) first.set(one.key, one);
    for (const account of await compareAll(client, db, [...first.values()], now)) due.add(account);
    left = left.filter((one) => first.get(one.key) !== one);
  }
  await noteTold(client, db, told);
  await answerComplete(client, db, [...new Set([...stated.map(({ data }) => data.repair), ...told.map(({ stream }) => stream)])]);
  return due;
}

async function compareAll(client: PoolClient, db: EngineDatabase, stated: readonly Stated[], now: number): Promise<Set<string>> {
  const ids = stated.map(({ key }) => key);
  const known = await loadResources(client, db, ids);
  const ends = await loadEnds(client, db, ids);
  const judged = stated.map((one) => ({ stated: one, judgement: judgeStatement(one, known.get(one.key), ends.get(one.key) ?? {}) }));
  const wrong = judged.filter(({ stated: { data }, judgement }) => !data.dryRun && judgement.resource);
  const due = await putRight(client, db, wrong, now);
  const bindings = await db.bindings.lock(client, 'b.resource = ANY($1)', [ids]);
  const compared = judged.map(({ stated: one, judgement: { differs } }): Compared => ({
    stated: one, differs, held: bindings.filter(({ resource }) => resource === one.key).map(({ account, streamVersion }) => ({ account, version: streamVersion })),
  }));
  await noteCompared(client, db, compared);
  return due;
}

async function putRight(client: PoolClient, db: EngineDatabase, wrong: readonly { stated: Stated; judgement: Judgement }[], now: number): Promise<Set<string>> {
  const resources = wrong.flatMap(({ judgement }) => judgement.resource ?? []);
  const [first] = wrong;
  if (!first) return new Set();
  await saveResources(client, db, resources);
  for (const { stated: { key }, judgement: { ends } } of wrong) await replaceEnds(client, db, key, ends);
  const appeared = wrong.filter(({ stated: { data }, judgement: { differs } }) => isOtherEnd(data.kind) && differs.includes(MISSING)).map(({ stated: { key } }) => key);
  const causes = new Map(wrong.map(({ stated }) => [stated.key, causedBy(stated)]));
  return reconsider(client, db, resources, { causes, cause: causedBy(first.stated), retag: false, lane: 1, now, appeared, lost: true });
}

async function loadEnds(client: PoolClient, db: EngineDatabase, owners: readonly string[]): Promise<ReadonlyMap<string, Ends>> {
  const { rows } = await client.query<{ owner: string; ends: Ends }>(`SELECT owner, jsonb_object_agg(facet, others) AS ends FROM (
    SELECT owner, facet, jsonb_agg(other) AS others FROM ${db.table('relations')} WHERE owner = ANY($1) GROUP BY owner, facet) AS f GROUP BY owner`, [owners]);
  return new Map(rows.map(({ owner, ends }) => [owner, ends]));
}

async function replaceEnds(client: PoolClient, db: EngineDatabase, owner: Resource['id'], ends: Ends): Promise<void> {
  for (const [facet, others] of Object.entries(ends)) {
    await client.query(`DELETE FROM ${db.table('relations')} WHERE owner = $1 AND facet = $2 AND other <> ALL($3)`, [owner, facet, others]);
    await client.query(`INSERT INTO ${db.table('relations')} (owner, facet, other) SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING`, [owner, facet, others]);
  }
}
