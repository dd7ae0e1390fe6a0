const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { commandOf, readOptions } = require('./options.cjs');
const { benches, exists } = require('./registry.cjs');
const { median, summarise } = require('./summary.cjs');
const { alonePart, markdown, partOf, text, withPart } = require('./table.cjs');

const bare = (value) => ({ name: 'bare INSERT', value, unit: 'events/s' });
const ours = (value, ratio) => ({ name: 'append', value, unit: 'events/s', ceiling: 'bare INSERT', ratio });
const RUNS = [[bare(10_000), ours(5_100, 0.51)], [bare(8_000), ours(4_800, 0.6)], [bare(9_000), ours(4_050, 0.45)]];
const GOAL = { figure: /^append/, of: 'ratio', atLeast: 0.5 };
const MADE = { command: 'npm run bench', date: '2030-01-31', runs: 3, machine: ['2 cores', 'Node 20'] };

test('the median of an even number lies between the two in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
});

test('the document has a row for each figure with median, spread, ceiling, ratio and goal', () => {
  const lines = markdown([{ title: 'Appending', figures: summarise(RUNS, [GOAL]) }], MADE).split('\n');
  expect(lines).toEqual(expect.arrayContaining([
    '## Appending',
    '- 2 cores',
    '| Figure | Median (least to most) | Ceiling | Ratio | Goal | Reached |',
    '| bare INSERT | 9,000 (8,000 to 10,000) events/s |  |  |  |  |',
    '| append | 4,800 (4,050 to 5,100) events/s | bare INSERT | 0.51 (0.45 to 0.60) | ratio &ge; 0.5 | yes |',
  ]));
  expect(lines[2]).toContain('`npm run bench` on 2030-01-31');
});

test('a goal that is missed is said so; a limit for a time is below it, not at it', () => {
  const times = (value) => [[{ name: 'visible, p99', value, unit: 'ms', detail: '500 commands' }]];
  const goal = { figure: /p99$/, of: 'value', below: 250 };
  expect(text([{ title: 'T', figures: summarise(times(250), [goal]) }])).toMatch(/visible, p99: 500 commands {2}250 ms .*< 250 ms {2}NO$/m);
  expect(text([{ title: 'T', figures: summarise(times(12.34), [goal]) }])).toMatch(/12\.3 ms .*yes$/m);
});

test('a pipe or a sign in a name breaks no table', () => {
  expect(markdown([{ title: 'T', figures: summarise([[{ name: 'a | b < c', value: 1, unit: 'calls' }]], []) }], MADE)).toContain('| a \\| b &lt; c | 1 calls |');
});

test('what could not be measured stands there with the reason', () => {
  const result = [{ title: 'Sync', problem: 'no answer' }];
  expect(markdown(result, MADE)).toContain('## Sync\n\nNot measured: no answer\n');
  expect(text(result)).toContain('Sync\n  not measured: no answer');
});

test('one that runs alone writes its own part of the document, which says how it was made, and nothing else of it', () => {
  const document = markdown([{ title: 'Appending', figures: summarise(RUNS, [GOAL]) }, { title: 'Sync', problem: 'no answer' }], MADE);
  const part = (problem) => alonePart({ title: 'Queries', problem }, { ...MADE, command: 'npm run bench -- queries' });
  const once = withPart(document, 'Queries', part('first'));
  expect(once.startsWith(document.trimEnd())).toBe(true);
  expect(partOf(once, 'Queries')).toBe('## Queries\n\nMade by `npm run bench -- queries` on 2030-01-31, one run; 2 cores; Node 20.\n\nNot measured: first\n');
  expect(withPart(once, 'Queries', part('second'))).toBe(once.replace('first', 'second'));
  expect(partOf(document, 'Queries')).toBeUndefined();
});

test('a goal that fits no figure is an error, and so are runs that measured different things', () => {
  expect(() => summarise(RUNS, [{ ...GOAL, figure: /^renamed/ }])).toThrow('no figure fits the goal');
  expect(() => summarise([...RUNS, [bare(1)]], [GOAL])).toThrow('different things');
});

test('names choose what is measured, in the order in which they always are', () => {
  const names = benches.filter(({ alone }) => !alone).map(({ name }) => name);
  expect(readOptions(['queries', '--states', '1000000'], benches)).toMatchObject({ only: ['queries'], states: '1000000' });
  expect(readOptions([], benches)).toMatchObject({ only: names, runs: 3, quick: false });
  expect(readOptions(['sync', 'append', '--runs', '5'], benches)).toMatchObject({ only: ['append', 'sync'], runs: 5 });
  expect(readOptions(['--quick'], benches)).toMatchObject({ runs: 1, quick: true });
});

test('options that make no sense are told', () => {
  expect(() => readOptions(['apend'], benches)).toThrow("no benchmark 'apend'. There are: append,");
  expect(() => readOptions(['--runs', '0'], benches)).toThrow('--runs');
  expect(() => readOptions(['--fast'], benches)).toThrow('Usage');
  expect(() => readOptions(['queries', '--states', 'many'], benches)).toThrow('--states');
});

test('the document names the command that makes it again', () => {
  expect([commandOf({ runs: 3 }), commandOf({ runs: 5 })]).toEqual(['npm run bench', 'npm run bench -- --runs 5']);
});

test('every benchmark that is listed is there', () => {
  expect(benches.filter((bench) => !exists(bench))).toEqual([]);
});

const bench = (...args) => spawnSync(process.execPath, [join(__dirname, '..', 'bench.cjs'), ...args], { encoding: 'utf8', timeout: 30_000 });

test('--help names each, and an unknown name is one line and exit code 1, before anything is built', () => {
  const help = bench('--help');
  expect(help).toMatchObject({ status: 0, stderr: '' });
  for (const { name } of benches) expect(help.stdout).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
  expect(bench('nothing')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^There is no benchmark 'nothing'.*\n$/) });
});
