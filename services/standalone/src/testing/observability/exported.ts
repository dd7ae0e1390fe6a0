import { syncErrorCodeSchema, syncStateNameSchema } from '@wami/contracts';
import { documented, everythingAsked, familyOf } from './queries';

interface Exported {
  readonly names: ReadonlySet<string>;
  /** name -> label -> values. */
  readonly samples: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
}

/** Closed lists: that one of them did not happen says nothing. */
const CLOSED: Readonly<Record<string, readonly string[]>> = { state: syncStateNameSchema.options, code: syncErrorCodeSchema.options };

function exportedBy(texts: readonly string[]): Exported {
  const names = new Set<string>();
  const samples = new Map<string, Map<string, Set<string>>>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const help = /^# HELP (\S+)/.exec(line)?.[1];
    if (help !== undefined) names.add(help);
    const [, metric, labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (metric === undefined) continue;
    const name = names.has(metric) ? metric : familyOf(metric);
    const seen = samples.get(name) ?? new Map<string, Set<string>>();
    samples.set(name, seen);
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) if (label !== 'le') seen.set(label, (seen.get(label) ?? new Set()).add(value));
  }
  return { names, samples };
}

/** Holds what services export against the table of docs/observability.md, and against what dashboards and alerts ask. `texts`: `/metrics` of each. */
export function expectExported(texts: readonly string[]): void {
  const { names, samples } = exportedBy(texts);
  const told = documented();
  expect([...names].filter((name) => name.startsWith('wami_')).sort()).toEqual([...told.keys()].sort());
  const others = [...samples].filter(([name, labels]) => labels.size > 0 && told.has(name)).map(([name, labels]) => [name, [...labels.keys()].sort()]);
  expect(others).toEqual(others.map(([name = '']) => [name, [...(told.get(name as string) ?? [])].sort()]));
  const wrong = everythingAsked().flatMap(({ by, metric, values }) => {
    const name = names.has(metric) ? metric : familyOf(metric);
    if (!names.has(name)) return [`${by}: nobody exports ${metric}`];
    return values.filter(({ is }) => !is.startsWith('$')).flatMap(({ label, is, regular }) => (regular ? is.split('|') : [is])
      .filter((one) => !(CLOSED[label]?.includes(one) ?? false) && !(samples.get(name)?.get(label) ?? new Set()).has(one) && label !== 'status').map((one) => `${by}: no ${metric} has ${label} ${one}`));
  });
  expect(wrong).toEqual([]);
}
