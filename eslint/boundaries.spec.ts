import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeProbes, root, sweepLeftOvers, writeProbes } from './probe-files';
import { allowed, forbidden, habits, type Probe } from './probes';

type Reason = { readonly reason: string };
type Tables = {
  readonly layers: Record<string, Reason>;
  readonly testOnly: Reason;
  readonly deepImport: Reason;
  readonly cycle: Reason;
  readonly confined: readonly (Reason & { readonly packages: readonly string[] })[];
  readonly bans: readonly (Reason & { readonly what: string })[];
};
type Verdict = { readonly filePath: string; readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[] };

/** The tables as the lint rules read them: they are ES modules, so another process prints them. */
function readTables(): Tables {
  const print = "Promise.all([import('./eslint/layers.mjs'), import('./eslint/bans.mjs')]).then((m) => console.log(JSON.stringify(Object.assign({}, ...m))))";
  return JSON.parse(execFileSync(process.execPath, ['-e', print], { cwd: root, encoding: 'utf8' })) as Tables;
}

const ownWords: Record<string, RegExp> = { seams: /^seams: the simulation/, pure: /^deciders are pure/, decorator: /framework, and decorators/ };

/** The sentence that the message must end with, by the row of the table that a probe proves. */
function reasonOf(rule: string, tables: Tables): string {
  const [kind = '', name = ''] = rule.split(':');
  const found: Record<string, Reason | undefined> = {
    layer: tables.layers[name],
    testOnly: tables.testOnly,
    deepImport: tables.deepImport,
    cycle: tables.cycle,
    confined: tables.confined.find(({ packages }) => packages.includes(name)),
  };
  const reason = found[kind]?.reason ?? tables.bans.find(({ reason }) => ownWords[kind]?.test(reason))?.reason;
  if (!reason) throw new Error(`No rule ${rule} in the tables`);
  return reason;
}

/** Runs what `npm run lint` and CI run, on these files alone. */
function lint(files: readonly string[]): { readonly status: number | null; readonly verdicts: Verdict[] } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/lint.cjs', '--format', 'json', ...files], {
    cwd: root,
    encoding: 'utf8',
    timeout: 240_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (!stdout.startsWith('[')) throw new Error(`lint judged nothing: ${stdout}${stderr}`);
  return { status, verdicts: JSON.parse(stdout) as Verdict[] };
}

const describeProbe = ({ project, code, spec }: Probe): string => `${project}${spec ? ' (spec)' : ''}: ${code.slice(0, 80).replace(/\n/g, ' ')}`;

const messages = new Map<Probe, string[]>();
const tables = readTables();

/** Writes the probes, lints them, removes them whatever happens; returns the exit code. */
function judge(probes: readonly Probe[]): number | null {
  const files: string[] = [];
  try {
    writeProbes(probes, files);
    const { status, verdicts } = lint(files);
    const byFile = new Map(verdicts.map(({ filePath, messages: found }) => [filePath, found.map((m) => `${m.ruleId ?? 'no rule'}: ${m.message}`)]));
    probes.forEach((probe, n) => messages.set(probe, byFile.get(files[n] ?? '') ?? ['not judged']));
    return status;
  } finally {
    removeProbes(files);
  }
}

beforeAll(() => {
  sweepLeftOvers();
  // Apart, because forbidden imports close cycles in the project graph that the allowed ones would be blamed for.
  expect(judge(allowed)).toBe(0);
  expect(judge([...forbidden, ...habits])).toBe(1);
});

const named = (list: readonly Probe[]): [string, Probe][] => list.map((probe) => [describeProbe(probe), probe]);

describe('an import or call that breaks a rule is an error that ends with the reason', () => {
  test.each(named(forbidden))('%s', (_, probe) => {
    const reason = reasonOf(probe.rule, tables);
    expect(messages.get(probe)).toContainEqual(expect.stringMatching(new RegExp(`^wami/.*: ${escaped(reason)}$`, 's')));
  });
});

describe('control: what the rules allow passes', () => {
  test.each(named(allowed))('%s', (_, probe) => expect(messages.get(probe)).toEqual([]));
});

describe('habits that are lint errors', () => {
  test.each(named(habits))('%s', (_, probe) => expect(messages.get(probe)).toContainEqual(expect.stringContaining(probe.rule)));
});

test('without a project graph ESLint fails instead of skipping the import rules', () => {
  const nowhere = mkdtempSync(join(tmpdir(), 'wami-no-graph-'));
  try {
    const { status, stdout } = spawnSync(process.execPath, ['node_modules/eslint/bin/eslint.js', 'libs/contracts/src/index.ts'], {
      cwd: root,
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, NX_WORKSPACE_DATA_DIRECTORY: nowhere, NX_DAEMON: 'false' },
    });
    expect(status).toBe(1);
    expect(stdout).toContain('There is no Nx project graph, import rules cannot be checked');
  } finally {
    rmSync(nowhere, { recursive: true });
  }
});

test('every row of the tables is proved by a probe', () => {
  const rows = [
    ...Object.keys(tables.layers).filter((name) => name !== 'bundle').map((name) => `layer:${name}`),
    ...tables.confined.map(({ packages }) => `confined:${packages[0]}`),
    'testOnly',
    'deepImport',
    'cycle',
    ...Object.keys(ownWords),
  ];
  const proved = new Set(forbidden.map(({ rule }) => rule));
  expect(rows.filter((row) => !proved.has(row))).toEqual([]);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
