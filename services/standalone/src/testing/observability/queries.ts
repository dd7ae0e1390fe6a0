import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../../../../..');
export const OBSERVABILITY = join(ROOT, 'infra/observability');
// The parser that reads the operator's connections file.
const { parse } = createRequire(join(ROOT, 'libs/sync-engine/package.json'))('yaml') as { parse(text: string): unknown };

export interface Alert {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface Panel { readonly title: string; readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[] }
export interface Dashboard { readonly title: string; readonly panels: readonly Panel[]; readonly templating: { readonly list: readonly { readonly query: string | { readonly query: string } }[] } }

/** What a query asks of one metric. `values`: those that it names a label to have. `lost`: labels that its legend shows and its grouping dropped. */
export interface Asked {
  readonly by: string;
  readonly metric: string;
  readonly labels: readonly string[];
  readonly values: readonly { readonly label: string; readonly is: string; readonly regular: boolean }[];
  readonly lost: readonly string[];
}

export const readYaml = (file: string): unknown => parse(readFileSync(join(OBSERVABILITY, file), 'utf8'));
export const rules = (): readonly Alert[] => (readYaml('wami.rules.yml') as { groups: { rules: Alert[] }[] }).groups.flatMap((group) => group.rules);

const QUERIES = createRequire(__filename)(join(OBSERVABILITY, 'dashboards.cjs')) as { dashboards: Readonly<Record<string, Dashboard>>; textOf: (one: Dashboard) => string };
export const { dashboards, textOf } = QUERIES;

/** Every query of every panel and choice, as Prometheus gets it. */
export const panelQueries = (): readonly { readonly by: string; readonly expr: string; readonly legend: string }[] => Object.values(dashboards).flatMap(({ title, panels }) =>
  panels.flatMap((panel) => panel.targets.map(({ expr, legendFormat }) => ({ by: `${title} / ${panel.title}`, expr: expr.replaceAll('$__rate_interval', '5m'), legend: legendFormat }))));
const choices = (): readonly { readonly by: string; readonly expr: string; readonly legend: string }[] => Object.values(dashboards).flatMap(({ title, templating }) =>
  templating.list.flatMap(({ query }) => {
    if (typeof query === 'string') return [];
    const [, expr = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query.query) ?? [];
    return [{ by: `${title}: choices`, expr, legend: `{{${label}}}` }];
  }));

/** What Prometheus itself adds to each sample. */
const OF_PROMETHEUS = new Set(['job', 'instance', 'le']);
const names = (text: string): string[] => text.split(',').map((name) => name.trim()).filter((name) => name !== '' && !OF_PROMETHEUS.has(name));
const TOKEN = /"[^"]*"|\bby \((?<by>[^)]*)\) \(|\b(?:on|group_left) \([^)]*\)|(?<bracket>[()])|(?<![\w:])(?<metric>(?:wami|process|nodejs)_\w+)(?:\{(?<selector>[^}]*)\})?/g;
const MATCHER = /(\w+)(=~|!~|!=|=)"([^"]*)"/g;

/** Each metric of an expression with the labels that it is matched, grouped and shown by. */
function asked(by: string, expr: string, legend = ''): readonly Asked[] {
  const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].flatMap(([, name = '']) => names(name));
  const groupings: (readonly string[] | undefined)[] = [];
  return [...expr.matchAll(TOKEN)].flatMap(({ groups: { by: grouping, bracket, metric, selector = '' } = {} }) => {
    if (grouping !== undefined) groupings.push(names(grouping));
    else if (bracket === '(') groupings.push(undefined);
    else if (bracket === ')') groupings.pop();
    if (metric === undefined) return [];
    const grouped = groupings.findLast((one) => one !== undefined);
    const values = [...selector.matchAll(MATCHER)].filter(([, label = '']) => !OF_PROMETHEUS.has(label)).map(([, label = '', sign = '', is = '']) => ({ label, is, regular: sign.endsWith('~') }));
    return [{ by, metric, values, labels: [...new Set([...values.map(({ label }) => label), ...(grouped ?? []), ...shown])], lost: grouped === undefined ? [] : shown.filter((label) => !grouped.includes(label)) }];
  });
}

/** All that dashboards and rules ask of the services. */
export function everythingAsked(): readonly Asked[] {
  return [...rules().map(({ alert, record, expr }) => ({ by: alert ?? record ?? '', expr, legend: '' })), ...panelQueries(), ...choices()].flatMap(({ by, expr, legend }) => asked(by, expr, legend));
}

const SUFFIX = /_(bucket|count|sum)$/;
/** The name under which a histogram is told of. */
export const familyOf = (metric: string): string => metric.replace(SUFFIX, '');

/** name -> labels, out of the table of docs/observability.md. */
export function documented(): ReadonlyMap<string, readonly string[]> {
  const text = readFileSync(join(ROOT, 'docs/observability.md'), 'utf8');
  const told = new Map<string, readonly string[]>();
  for (const [, cells = '', labels = ''] of text.matchAll(/^\|([^|]*`wami_[^|]*)\|([^|]*)\|/gm)) {
    const metrics = [...cells.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
    metrics.forEach((name, index) => told.set(name, names((labels.includes(';') ? labels.split(';')[index] : labels) ?? '')));
  }
  return told;
}
