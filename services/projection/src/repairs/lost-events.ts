import type { ClientBase } from 'pg';
import type { Ingested } from '../model/read-model';
import type { Compared, Stated } from './compare-stated';
import { findingAt, type Finding } from './findings';

const LOST = ['events'];

/** Statements about resources of whose own events some never arrived. A statement that was taken over before stands for those before it. */
export function lostEvents(stated: readonly Stated[], events: readonly Ingested[]): Finding[] {
  return stated.filter((one) => newestBefore(one, events) < one.data.version).map((one) => findingAt(one, {}, LOST));
}

function newestBefore({ key, seq }: Stated, events: readonly Ingested[]): number {
  return events.filter((event) => event.key === key && Number(event.seq) < seq).reduce((newest, event) => {
    if (event.type === 'wami.repair.stated.v1') return event.data.dryRun ? newest : Math.max(newest, event.data.version);
    return event.stream === key ? Math.max(newest, event.version) : newest;
  }, 0);
}

/** Bindings of which an engine has said more than arrived. What it says next is the last word, so the look that a repair asks for puts it right. */
export async function lostOutcomes(client: ClientBase, schema: string, compared: readonly Compared[]): Promise<Finding[]> {
  if (compared.length === 0) return [];
  const held = compared.flatMap(({ key, data, tenant }) => data.held.map(({ account, version }) => ({ data, key, tenant, account, version, stream: `${data.provider}/${account}/${key}` })));
  const { rows } = await client.query<{ stream: string; newest: number }>(
    `SELECT stream, max(version) AS newest FROM ${schema}.events WHERE key = ANY($1::text[]) AND stream = ANY($2::text[]) GROUP BY stream`,
    [compared.map(({ key }) => key), held.map(({ stream }) => stream)]);
  const newest = new Map(rows.map((row) => [row.stream, row.newest]));
  return held.filter(({ stream, version }) => (newest.get(stream) ?? 0) < version).map(({ data: { repair, provider, kind, dryRun }, key, tenant, account }) => ({
    repair, resource: key, provider, account, kind, tenant, fields: LOST, is_right: !dryRun,
  }));
}
