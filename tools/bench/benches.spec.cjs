const { benches } = require('./registry.cjs');
const { runApart } = require('./run-apart.cjs');
const { summarise } = require('./summary.cjs');

jest.setTimeout(180_000);

/** Nobody runs them but before a release, so what breaks one would be seen late. How fast anything is, is not judged here. */
test.concurrent.each(benches.map((bench) => [bench.name, bench]))('the benchmark %s works: it gives its figures, and its goals name some of them', async (name, { goals }) => {
  const figures = summarise([await runApart(name, { WAMI_BENCH_QUICK: '1' })], goals);
  expect(figures.length).toBeGreaterThan(0);
  const numbers = figures.flatMap(({ value, ratio }) => [value.median, ...(ratio ? [ratio.median] : [])]);
  expect(numbers.filter((number) => !(Number.isFinite(number) && number >= 0))).toEqual([]);
  expect(figures.some(({ value }) => value.median > 0)).toBe(true);
});
