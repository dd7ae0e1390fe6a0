import type { Observed } from '@wami/provider-port';
import type { EngineDatabase } from '../database/engine-database';
import { kindNamed } from '../kinds';
import type { Pass } from '../reconcile/pass';
import { idsByName } from '../reconcile/shape';
import type { Work } from '../reconcile/work';

export type EndsNamed = (kind: string, names: readonly string[]) => Promise<readonly { readonly resource: string; readonly name: string; readonly nativeArn?: string }[]>;

/** Resources of a kind that stand at the target under one of these names and are at rest there. */
export async function findEnds(db: EngineDatabase, account: string, kind: string, names: readonly string[]): ReturnType<EndsNamed> {
  const { rows } = await db.pool.query<{ resource: string; name: string; nativeArn: string }>(`SELECT resource, presence->>'name' AS name, presence->>'nativeArn' AS "nativeArn" FROM ${db.bindings.name}
    WHERE account = $1 AND kind = $2 AND presence IS NOT NULL AND presence->>'name' = ANY($3) AND state = 'Synced' AND wanted AND NOT deleted AND NOT unfinished`, [account, kind, names]);
  return rows;
}

/** A pass that compares knows relations too that somebody else made to what WAMI manages: they are told of and judged like all others. */
export async function withKnownEnds(pass: Pass, { shape, facetsRead }: Observed, endsNamed: EndsNamed): Promise<Pass> {
  const { work } = pass;
  const ends = new Map<string, NonNullable<ReturnType<Work['ends']['get']>>>(work.ends);
  for (const facet of facetsRead) {
    const kind = kindNamed(work.binding.kind).facets[facet]?.of;
    const known = idsByName(work, facet);
    const names = (shape.facets[facet] ?? []).filter((name) => !known.has(name));
    if (kind === undefined || names.length === 0) continue;
    for (const { resource, ...end } of await endsNamed(kind, names)) if (!ends.has(resource)) ends.set(resource, { is: 'ready', ...end, kind });
  }
  return ends.size === work.ends.size ? pass : { ...pass, work: { ...work, ends } };
}
