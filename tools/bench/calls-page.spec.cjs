const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { benches } = require('./registry.cjs');

const page = (name) => readFileSync(join(__dirname, '../../docs', name), 'utf8');
const part = (text, title) => text.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

test('docs/connect-aws.md tells what each change costs as the benchmarks have counted it', () => {
  const titles = ['calls', 'sync'].map((bench) => benches.find(({ name }) => name === bench)?.title);
  const counted = titles.flatMap((title) => [...part(page('benchmarks.md'), title).matchAll(/^\| ([^|]+?): ([^|]+) \| (\d+) calls \|/gm)]);
  const told = [...part(page('connect-aws.md'), 'Calls').matchAll(/^\| ([^|]+) \| (\d+) \| ([^|]+) \|$/gm)];
  expect(counted.length).toBeGreaterThan(20);
  expect(told.map(([, change, requests, which]) => ({ change, requests, which }))).toEqual(counted.map(([, change, which, requests]) => ({ change, requests, which })));
});
