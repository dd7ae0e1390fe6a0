import type { Observed } from '@wami/provider-port';
import { isNameOnRecordTwice } from '../bindings/names-on-record-twice';
import type { EngineDatabase } from '../database/engine-database';
import { kindNamed } from '../kinds';
import type { Pass } from '../reconcile/pass';
import { idsByName } from '../reconcile/shape';
import type { Work } from '../reconcile/work';
import { END_COLUMNS, statusOf, type EndRow } from '../targets/load-work';

export type EndsNamed = (kind: string, names: readonly string[]) => Promise<readonly { readonly resource: string; readonly name: string; readonly nativeArn?: string }[]>;

/**
 * Resources of a kind that stand at the target under one of these names, which are certain. Whatever else is to be done about them: where everything is
 * compared at once, none of them is at rest.
 */
export async function findEnds(db: EngineDatabase, account: string, kind: string, names: readonly string[]): ReturnType<EndsNamed> {
  const { rows } = await db.pool.query<EndRow>(`SELECT b.resource AS id, true AS known, b.deleted AS gone, ${END_COLUMNS}, ${isNameOnRecordTwice(db.bindings.name)} AS twice
    FROM ${db.bindings.name} b WHERE b.account = $1 AND b.kind = $2 AND b.presence IS NOT NULL AND b.presence->>'name' = ANY($3)`, [account, kind, names]);
  return rows.flatMap((row) => {
    const end = statusOf(row);
    return end.is === 'ready' ? [{ resource: row.id, name: end.name, ...(end.nativeArn === undefined ? {} : { nativeArn: end.nativeArn }) }] : [];
  });
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
