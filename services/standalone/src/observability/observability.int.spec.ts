import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { promtool, removeDirectory, temporaryDirectory } from '@wami/testing';
import { dashboards, documented, everythingAsked, familyOf, OBSERVABILITY, panelQueries, ROOT, rules, textOf } from '../testing/observability/queries';

jest.setTimeout(300_000);

const run = promisify(execFile);
const alerts = rules().filter(({ alert }) => alert !== undefined);
const recorded = new Set(rules().flatMap(({ record }) => record ?? []));

describe('dashboards and alerts', () => {
  it('speak when they should and are silent when they should not, by Prometheus\' own tool', async () => {
    const tool = await promtool('unit tests of the alerts');
    if (tool === undefined) return;
    const tried = readFileSync(join(OBSERVABILITY, 'wami.rules.test.yml'), 'utf8');
    expect(alerts.filter(({ alert = '' }) => !tried.includes(`alertname="${alert}"`)).map(({ alert }) => alert)).toEqual([]);
    await run(tool, ['check', 'config', '--syntax-only', 'prometheus.yml'], { cwd: OBSERVABILITY });
    expect((await run(tool, ['test', 'rules', 'wami.rules.test.yml'], { cwd: OBSERVABILITY })).stdout).toContain('SUCCESS');
    const folder = temporaryDirectory('queries');
    try {
      const file = join(folder, 'queries.yml');
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules: panelQueries().map(({ expr }, index) => ({ record: `panel:${index}`, expr })) }] }));
      expect((await run(tool, ['check', 'rules', '--lint=none', file])).stdout).toContain(`SUCCESS: ${panelQueries().length} rules found`);
    } finally {
      removeDirectory(folder);
    }
  });

  it('ask for metrics that docs/observability.md tells of, by labels that they have (apart.e2e holds that page against what services export)', () => {
    const told = documented();
    const all = everythingAsked();
    expect(all.length).toBeGreaterThan(80);
    const wrong = all.filter(({ metric }) => metric.startsWith('wami_')).flatMap(({ by, metric, labels, lost }) => {
      const known = told.get(familyOf(metric)) ?? told.get(metric);
      const strange = known === undefined ? ['unknown'] : labels.filter((label) => !known.includes(label));
      return [...strange, ...lost].map((label) => `${by}: ${metric} ${label}`);
    });
    expect(wrong).toEqual([]);
    const ours = [...rules(), ...panelQueries()].flatMap(({ expr }) => expr.match(/\b\w+:\w+:\w+/g) ?? []);
    expect(ours.filter((name) => !recorded.has(name))).toEqual([]);
  });

  it('each alert has a severity, a sentence, and a page that says what it means, where to look and what makes it go; no page is left over', () => {
    for (const { alert = '', labels, annotations } of alerts) {
      expect([alert, labels?.['severity'], annotations?.['runbook_url']]).toEqual([alert, expect.stringMatching(/^(critical|warning)$/), `docs/runbooks/${alert}.md`]);
      expect(annotations?.['summary']).toMatch(/^[A-Z][^{}]+$/);
      const page = readFileSync(join(ROOT, `docs/runbooks/${alert}.md`), 'utf8');
      expect(page.match(/^#+ .*$/gm)).toEqual([`# ${alert}`, '## What it means', '## Look', '## What makes it go']);
      const broken = [...page.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, path = '']) => path).filter((path) => !existsSync(join(ROOT, 'docs/runbooks', path)));
      expect([alert, broken]).toEqual([alert, []]);
    }
    expect(readdirSync(join(ROOT, 'docs/runbooks')).sort()).toEqual(alerts.map(({ alert = '' }) => `${alert}.md`).sort());
  });

  it('dashboards are as node infra/observability/dashboards.cjs writes them, and each panel is titled by the question that it answers', () => {
    const folder = join(OBSERVABILITY, 'grafana/dashboards');
    expect(readdirSync(folder).sort()).toEqual(Object.keys(dashboards).sort());
    for (const [file, one] of Object.entries(dashboards)) {
      expect(readFileSync(join(folder, file), 'utf8')).toBe(textOf(one));
      for (const { title } of one.panels) expect(title).toMatch(/\?$/);
    }
  });
});
