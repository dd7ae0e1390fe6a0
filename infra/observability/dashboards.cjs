// Writes Grafana's dashboards: node infra/observability/dashboards.cjs
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const [WIDE, HIGH] = [12, 8];
const OF_TARGET = 'provider=~"$provider",account=~"$account"';
const OF_PROVIDER = 'provider=~"$provider"';

const line = (expr, legend) => ({ expr, legend });
/** A panel is titled as the question that it answers. `unit` as Grafana calls it. */
const panel = (title, unit, ...queries) => ({ title, unit, queries });
const quantiles = (metric, by, legend) => [0.5, 0.95, 0.99].map((part) =>
  line(`histogram_quantile(${part}, sum by (${['le', ...by].join(', ')}) (rate(${metric}[$__rate_interval])))`, `${legend} p${part * 100}`.trim()));
const budgetLeft = (filter) => {
  const count = `sum by (provider) (increase(wami_sync_settle_seconds_count{outcome=~"succeeded|failed"${filter}}[28d]))`;
  const good = `sum by (provider) (increase(wami_sync_settle_seconds_bucket{outcome="succeeded",le=~"300|300.0"${filter}}[28d]))`;
  return line(`1 - (1 - (${good} or 0 * ${count}) / ${count}) / 0.01`, '{{provider}}');
};
const settled = (filter) => `wami_sync_settle_seconds_bucket{outcome="succeeded"${filter}}`;

const OVERVIEW = [
  panel('Does every service answer?', 'bool_yes_no', line('up{job="wami"}', '{{instance}}')),
  panel('How much agrees?', 'short', line('sum by (state) (max by (provider, account, kind, state) (wami_sync_states))', '{{state}}')),
  panel('Where has something failed?', 'short', line('sum by (provider, account) (max by (provider, account, kind) (wami_sync_states{state="Failed"}))', '{{provider}}/{{account}}')),
  panel('For how long has the oldest change been pending?', 's', line('time() - (min(wami_sync_oldest_pending_timestamp_seconds) > 0) or vector(0)', 'oldest')),
  panel('How long does a change take to arrive?', 's', ...quantiles(settled(''), [], '')),
  panel('How much of the error budget of 28 days is left?', 'percentunit', budgetLeft('')),
  panel('What waits for somebody?', 'short', line('sum(max by (provider, account) (wami_drift_resources))', 'drifted'), line('sum(max by (provider, account) (wami_conflicts_open))', 'conflicts'),
    line('sum(max by (provider) (wami_guard_tripped))', 'removals held'), line('sum(max by (provider) (wami_paused))', 'pauses'), line('sum(max by (consumer) (wami_deadletter_events))', 'dead letters')),
  panel('Which targets are in quarantine?', 'bool_yes_no', line('min by (provider, account) (wami_provider_healthy) == bool 0', '{{provider}}/{{account}}')),
  panel('When do credentials end?', 's', line('min by (provider, account) (wami_credential_expiry_timestamp_seconds) - time()', '{{provider}}/{{account}}')),
  panel('How soon do we answer?', 's', ...quantiles('wami_http_request_duration_seconds_bucket', [], '')),
  panel('Which requests are we to blame for?', 'reqps', line('sum by (route, method, status) (rate(wami_http_request_duration_seconds_count{status=~"5.."}[$__rate_interval]))', '{{method}} {{route}} {{status}}')),
  panel('Which services run?', 'short', line('sum by (service) (wami_build_info)', '{{service}}')),
];

const PROVIDER = [
  panel('How do attempts end?', 'ops', line(`sum by (outcome, code) (rate(wami_sync_operations_total{${OF_PROVIDER}}[$__rate_interval]))`, '{{outcome}} {{code}}')),
  panel('Of which kind is what fails?', 'ops', line(`sum by (kind, operation, code) (rate(wami_sync_operations_total{outcome="failed",${OF_PROVIDER}}[$__rate_interval]))`, '{{operation}} {{kind}}: {{code}}')),
  panel('How do calls end?', 'reqps', line(`sum by (method, code) (rate(wami_provider_requests_total{${OF_PROVIDER}}[$__rate_interval]))`, '{{method}} {{code}}')),
  panel('How long does a call take?', 's', ...quantiles(`wami_provider_request_duration_seconds_bucket{${OF_PROVIDER}}`, ['method'], '{{method}}')),
  panel('How many requests a second may we send, and do we?', 'reqps', line(`wami_provider_rate{${OF_TARGET}}`, '{{account}} {{access}} allowed'),
    line(`sum by (provider) (rate(wami_provider_requests_total{${OF_PROVIDER}}[$__rate_interval]))`, '{{provider}} calls')),
  panel('Does work wait for the provider\'s pace?', 'short', line(`wami_provider_requests_waiting{${OF_TARGET}}`, '{{account}} {{access}} waiting'), line(`wami_provider_requests_left{${OF_TARGET}}`, '{{account}} {{access}} left')),
  panel('How often does it throttle us?', 'reqps', line(`sum by (account, access) (rate(wami_provider_throttles_total{${OF_TARGET}}[$__rate_interval]))`, '{{account}} {{access}}')),
  panel('Is it in quarantine?', 'bool_yes_no', line(`wami_provider_healthy{${OF_TARGET}} == bool 0`, '{{provider}}/{{account}}')),
  panel('How much is due?', 'short', line(`wami_sync_queue{${OF_TARGET}}`, '{{account}} {{lane}}'), line(`wami_sync_in_flight{${OF_TARGET}}`, '{{account}} in flight')),
  panel('For how long has the oldest of it been due?', 's', line(`time() - wami_sync_oldest_due_timestamp_seconds{${OF_TARGET}}`, '{{provider}}/{{account}}')),
  panel('How long does a change take to arrive?', 's', ...quantiles(settled(`,${OF_PROVIDER}`), ['lane'], '{{lane}}')),
  panel('How many times faster than it may is the error budget used up?', 'short',
    ...['5m', '1h', '6h', '3d'].map((window) => line(`provider:wami_settle_bad:ratio_${window}{${OF_PROVIDER}} / 0.01`, `{{provider}} ${window}`))),
  panel('What differs there, and what stands in the way?', 'short', line(`wami_drift_resources{${OF_TARGET}}`, '{{account}} drifted'), line(`wami_conflicts_open{${OF_TARGET}}`, '{{account}} conflicts')),
  panel('What is held?', 'short', line(`wami_guard_tripped{${OF_PROVIDER}}`, '{{provider}} removals to approve'), line(`wami_paused{${OF_PROVIDER}}`, '{{provider}} pauses')),
];

const LOG = [
  panel('What is written?', 'ops', line('sum by (source, type) (rate(wami_events_appended_total[$__rate_interval]))', '{{source}} {{type}}')),
  panel('For how long are readers of the log held back?', 's', line('max by (source) (wami_log_gate_lag_seconds)', '{{source}}')),
  panel('How much is stored and not yet published?', 'short', line('max by (source) (wami_outbox_lag_events)', '{{source}}')),
  panel('How fast do engines read?', 'ops', line('sum by (provider) (rate(wami_engine_events_folded_total[$__rate_interval]))', '{{provider}}')),
  panel('How old are the read models?', 's', line('max(wami_projection_lag_seconds)', 'age')),
  panel('What could not be taken in?', 'short', line('max by (consumer) (wami_deadletter_events)', '{{consumer}}')),
  panel('Who is refused?', 'reqps', line('sum by (why) (rate(wami_http_refused_total[$__rate_interval]))', '{{why}}')),
  panel('How many requests are being worked on?', 'short', line('sum by (class) (wami_http_in_progress)', '{{class}}')),
  panel('How much memory do processes hold?', 'bytes', line('process_resident_memory_bytes{job="wami"}', '{{instance}}')),
  panel('How busy are they?', 'percentunit', line('rate(process_cpu_seconds_total{job="wami"}[$__rate_interval])', '{{instance}}')),
  panel('For how long does a turn of their loop take?', 's', line('nodejs_eventloop_lag_p99_seconds{job="wami"}', '{{instance}} p99')),
];

const choice = (name, metric) => ({
  name, label: name, type: 'query', datasource: DATASOURCE, query: { query: `label_values(${metric}, ${name})`, refId: name }, refresh: 2,
  includeAll: true, allValue: '.*', multi: true, current: { text: 'All', value: '$__all' },
});
const VARIABLES = [
  { name: 'datasource', type: 'datasource', query: 'prometheus' },
  { name: 'console', label: 'console', type: 'textbox', query: 'http://localhost:8080', current: { text: 'http://localhost:8080', value: 'http://localhost:8080' } },
];

const link = (of) => ({ icon: 'external link', tooltip: '', tags: [], asDropdown: false, includeVars: false, keepTime: false, targetBlank: false, ...of });

function panelAt({ title, unit, queries }, index, page) {
  return {
    id: index + 1, title, type: 'timeseries', datasource: DATASOURCE, gridPos: { x: (index % 2) * WIDE, y: Math.floor(index / 2) * HIGH, w: WIDE, h: HIGH },
    fieldConfig: { defaults: { unit, min: unit === 'percentunit' ? undefined : 0 }, overrides: [] }, options: { legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] }, tooltip: { mode: 'multi', sort: 'none' } },
    links: [link({ type: 'link', title: 'Console', url: `\${console}${page}`, targetBlank: true })],
    targets: queries.map(({ expr, legend }, at) => ({ refId: String.fromCharCode(65 + at), datasource: DATASOURCE, expr, legendFormat: legend })),
  };
}

const dashboard = (uid, title, page, panels, variables = []) => ({
  uid, title, tags: ['wami'], timezone: 'browser', schemaVersion: 39, refresh: '30s', time: { from: 'now-6h', to: 'now' }, templating: { list: [...VARIABLES, ...variables] },
  links: [link({ type: 'dashboards', tags: ['wami'], title: 'WAMI', asDropdown: true, keepTime: true })], panels: panels.map((one, index) => panelAt(one, index, page)),
});

/** File name -> dashboard. */
const dashboards = {
  'overview.json': dashboard('wami-overview', 'WAMI: overview', '/', OVERVIEW),
  'provider.json': dashboard('wami-provider', 'WAMI: one provider', '/t', PROVIDER, [choice('provider', 'wami_provider_healthy'), choice('account', 'wami_provider_healthy{provider=~"$provider"}')]),
  'log.json': dashboard('wami-log', 'WAMI: log and read models', '/events', LOG),
};
const textOf = (one) => `${JSON.stringify(one, undefined, 2)}\n`;

module.exports = { dashboards, textOf };

if (require.main === module) for (const [file, one] of Object.entries(dashboards)) writeFileSync(join(__dirname, 'grafana/dashboards', file), textOf(one));
