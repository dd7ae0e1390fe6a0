const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { commandOf, readOptions } = require('./options.cjs');
const { benches, exists } = require('./registry.cjs');
const { median, summarise } = require('./summary.cjs');
const { partFrom, text, withParts } = require('./table.cjs');

const bare = (value) => ({ name: 'bare INSERT', value, unit: 'events/s' });
const ours = (value, ratio) => ({ name: 'append', value, unit: 'events/s', ceiling: 'bare INSERT', ratio });
const RUNS = [[bare(10_000), ours(5_100, 0.51)], [bare(8_000), ours(4_800, 0.6)], [bare(9_000), ours(4_050, 0.45)]];
const GOAL = { figure: /^append/, of: 'ratio', atLeast: 0.5 };
const MADE = { command: 'npm run bench', date: '2030-01-31', runs: 3, machine: ['2 cores', 'Node 20'] };

test('the median of an even number lies between the two in the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
});

const document = (...results) => withParts('', new Map(results.map((result) => [result.title, partFrom(result, MADE)])), results.map(({ title }) => title));

test('a part of the document has a row for each figure with median, spread, ceiling, ratio and goal, and tells how it was made', () => {
  const lines = document({ title: 'Appending', figures: summarise(RUNS, [GOAL]) }).split('\n');
  expect(lines).toEqual(expect.arrayContaining([
    '## Appending',
    'Made by `npm run bench` on 2030-01-31, 3 runs; 2 cores; Node 20.',
    '| Figure | Median (least to most) | Ceiling | Ratio | Goal | Reached |',
    '| bare INSERT | 9,000 (8,000 to 10,000) events/s |  |  |  |  |',
    '| append | 4,800 (4,050 to 5,100) events/s | bare INSERT | 0.51 (0.45 to 0.60) | ratio &ge; 0.5 | yes |',
  ]));
});

test('a goal that is missed is said so; a limit for a time is below it, not at it', () => {
  const times = (value) => [[{ name: 'visible, p99', value, unit: 'ms', detail: '500 commands' }]];
  const goal = { figure: /p99$/, of: 'value', below: 250 };
  expect(text([{ title: 'T', figures: summarise(times(250), [goal]) }])).toMatch(/visible, p99: 500 commands {2}250 ms .*< 250 ms {2}NO$/m);
  expect(text([{ title: 'T', figures: summarise(times(12.34), [goal]) }])).toMatch(/12\.3 ms .*yes$/m);
});

test('a pipe or a sign in a name breaks no table', () => {
  expect(document({ title: 'T', figures: summarise([[{ name: 'a | b < c', value: 1, unit: 'calls' }]], []) })).toContain('| a \\| b &lt; c | 1 calls |');
});

test('what could not be measured stands there with the reason', () => {
  const result = [{ title: 'Sync', problem: 'no answer' }];
  expect(document(...result)).toContain('Node 20.\n\nNot measured: no answer\n');
  expect(text(result)).toContain('Sync\n  not measured: no answer');
});

test('what is measured takes the place of its own part of the document, in the order of all, and of nothing else; what is measured no more goes', () => {
  const told = (title, problem) => [title, partFrom({ title, problem }, MADE)];
  const before = withParts('', new Map([told('Appending', 'first'), told('Sync', 'first'), told('Gone', 'first')]), ['Appending', 'Sync', 'Gone']);
  const after = withParts(before, new Map([told('Sync', 'second'), told('Queries', 'second')]), ['Appending', 'Queries', 'Sync']);
  expect([...after.matchAll(/^## (.*)\n\n.*\n\nNot measured: (.*)$/gm)].map(([, title, problem]) => [title, problem])).toEqual([['Appending', 'first'], ['Queries', 'second'], ['Sync', 'second']]);
  expect(withParts(after, new Map(), ['Appending', 'Queries', 'Sync'])).toBe(after);
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

test('the document names the command that measures the same again', () => {
  const made = (...args) => commandOf(readOptions(args, benches));
  expect([made(), made('--runs', '5'), made('sync', 'append'), made('sync', '--runs', '1')]).toEqual([
    'npm run bench', 'npm run bench -- --runs 5', 'npm run bench -- append sync', 'npm run bench -- sync --runs 1',
  ]);
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
