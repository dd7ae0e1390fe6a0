const { basename, join } = require('node:path');
const ts = require('typescript');
const { dashboards } = require('../infra/observability/dashboards.cjs');

const FOLDER = join(__dirname, '../infra/observability');
/** What Grafana publishes of its dashboards, panels of time series and queries; a query of Prometheus adds its expression. In JSON an enum is its value. */
const SCHEMA = `
import type { Dashboard, DataQuery, Panel } from '@grafana/schema';
import type { Options } from '../../node_modules/@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
interface Query extends DataQuery { expr: string; legendFormat: string }
interface TimeSeries extends Omit<Panel, 'options' | 'targets' | 'type'> { type: 'timeseries'; title: string; options: Options; targets: Query[] }
type Plain<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
export const dashboard: Plain<Omit<Dashboard, 'panels'> & { panels: TimeSeries[] }> = `;
const OPTIONS = { strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };

/** What of these dashboards Grafana does not know: `FILE: why`. */
function mistakesIn(all) {
  const texts = new Map(Object.entries(all).map(([file, one]) => [join(FOLDER, `${file}.ts`), SCHEMA + JSON.stringify(one)]));
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.getSourceFile = (path, version, ...rest) => (texts.has(path) ? ts.createSourceFile(path, texts.get(path), version) : getSourceFile(path, version, ...rest));
  const program = ts.createProgram([...texts.keys()], OPTIONS, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => `${file === undefined ? '' : basename(file.fileName, '.ts')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

it('dashboards are what Grafana\'s own schema allows; a name or a value that it does not know is found', () => {
  const one = dashboards['overview.json'];
  const [{ options, ...panel }] = one.panels;
  const found = mistakesIn({
    ...dashboards, 'name.json': { ...one, panels: [{ ...panel, options, tittle: '?' }] }, 'value.json': { ...one, panels: [{ ...panel, options: { ...options, legend: { ...options.legend, placement: 'left' } } }] },
  });
  expect(found).toEqual([expect.stringMatching(/^name\.json: .*tittle.* does not exist/), expect.stringMatching(/^value\.json: .*"left"/)]);
}, 60_000);
