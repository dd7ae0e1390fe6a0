import type { ExplainedTarget, PlanOperation } from '@wami/contracts';

/** What a field is; absent where it is not there. */
export interface ThreeSides {
  readonly field: string;
  readonly synced: string | undefined;
  readonly now: string | undefined;
  readonly wanted: string | undefined;
}

/** What is wanted, was last synced and stands there now, of each field where not all three are alike. What only one of the two differences tells of is alike in the other. */
export function threeSides({ changes, syncedVersion }: Pick<ExplainedTarget['difference'], 'changes' | 'syncedVersion'>, looked: PlanOperation['changes']): readonly ThreeSides[] {
  const [since, there] = [changes, looked].map((all) => new Map(all.map((one) => [one.field, one])));
  return [...new Set([...changes, ...looked].map(({ field }) => field))].map((field) => {
    const [wasSynced, isThere] = [since?.get(field), there?.get(field)];
    const wanted = (isThere ?? wasSynced)?.to;
    return { field, synced: wasSynced ? wasSynced.from : syncedVersion === undefined ? undefined : wanted, now: isThere ? isThere.from : wanted, wanted };
  });
}
