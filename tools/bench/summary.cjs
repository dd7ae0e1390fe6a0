/** The middle one; of an even number the mean of the two in the middle. */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

const spread = (values) => ({ median: median(values), least: Math.min(...values), most: Math.max(...values) });

/** The limit that a goal sets, and whether a value keeps it. */
const limits = {
  atLeast: { sign: '>=', kept: (value, limit) => value >= limit },
  below: { sign: '<', kept: (value, limit) => value < limit },
};

function judge(goal, figure) {
  const kind = Object.keys(limits).find((name) => goal[name] !== undefined);
  const limit = goal[kind];
  const value = figure[goal.of]?.median;
  const text = goal.of === 'ratio' ? `ratio ${limits[kind].sign} ${limit}` : `${limits[kind].sign} ${limit} ${figure.unit}`;
  return { text, kept: value !== undefined && limits[kind].kept(value, limit) };
}

/**
 * One figure for each name from the figures of several runs: `{ name, unit, detail?, ceiling?, value, ratio?, goal? }`, value and ratio with
 * median, least and most. Throws where runs differ in what they measured, or a goal fits no figure: neither may pass unseen.
 */
function summarise(runs, goals) {
  const [first] = runs;
  const names = first.map(({ name }) => name);
  for (const run of runs) {
    if (JSON.stringify(run.map(({ name }) => name)) !== JSON.stringify(names)) throw new Error('the runs measured different things');
  }
  for (const { figure } of goals) {
    if (!names.some((name) => figure.test(name))) throw new Error(`no figure fits the goal ${figure}`);
  }
  return first.map(({ name, unit, detail, ceiling, ratio }, index) => {
    const of = (key) => spread(runs.map((run) => run[index][key]));
    const figure = { name, unit, detail, ceiling, value: of('value'), ...(ratio === undefined ? {} : { ratio: of('ratio') }) };
    const goal = goals.find(({ figure: fits }) => fits.test(name));
    return goal ? { ...figure, goal: judge(goal, figure) } : figure;
  });
}

module.exports = { median, summarise };
