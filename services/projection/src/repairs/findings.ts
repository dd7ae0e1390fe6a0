import type { ClientBase } from 'pg';
import type { Stated } from './compare-stated';
import type { RepairItemRow } from './repairs.table';

/** A disagreement of the read model: about a resource, or, with a target, about its state there. */
export type Finding = Omit<RepairItemRow, 'action' | 'code'>;

/** @param row of a read model; where it is about a target it names it. */
export function findingAt({ key, tenant, data: { repair, kind, dryRun } }: Stated, row: object, fields: readonly string[]): Finding {
  const { provider = '', account = '' } = row as { readonly provider?: string; readonly account?: string };
  return { repair, resource: key, provider, account, kind, tenant, fields, is_right: !dryRun };
}

/** What was found of the same before stays told. */
export async function saveFindings(client: ClientBase, schema: string, findings: readonly Finding[]): Promise<void> {
  const merged = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.repair, finding.resource, finding.provider, finding.account]);
    const before = merged.get(key);
    merged.set(key, before ? { ...finding, fields: [...new Set([...before.fields, ...finding.fields])] } : finding);
  }
  if (merged.size === 0) return;
  await client.query(`INSERT INTO ${schema}.repair_findings AS known (repair, resource, provider, account, kind, tenant, fields, is_right)
    SELECT repair, resource, provider, account, kind, tenant, fields, is_right FROM jsonb_to_recordset($1::jsonb)
      AS r (repair text, resource text, provider text, account text, kind text, tenant text, fields jsonb, is_right boolean)
    ON CONFLICT (repair, resource, provider, account) DO UPDATE SET is_right = excluded.is_right,
      fields = (SELECT jsonb_agg(DISTINCT field) FROM jsonb_array_elements(known.fields || excluded.fields) AS f (field))`, [JSON.stringify([...merged.values()])]);
}
