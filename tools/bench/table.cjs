function number(value, unit) {
  if (unit === 'ratio') return value.toFixed(2);
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : 1);
}

function withSpread({ median, least, most }, unit) {
  const [middle, low, high] = [median, least, most].map((value) => number(value, unit));
  return low === high ? middle : `${middle} (${low} to ${high})`;
}

const HEAD = ['Figure', 'Median (least to most)', 'Ceiling', 'Ratio', 'Goal', 'Reached'];

function cells({ name, unit, detail, ceiling, value, ratio, goal }) {
  return [
    detail ? `${name}: ${detail}` : name,
    `${withSpread(value, unit)} ${unit}`,
    ceiling ?? '',
    ratio ? withSpread(ratio, 'ratio') : '',
    goal?.text ?? '',
    goal ? (goal.kept ? 'yes' : 'NO') : '',
  ];
}

const section = ({ title, figures, problem }) => ({ title, problem, rows: figures ? [HEAD, ...figures.map(cells)] : [] });

const escaped = (cell) => cell.replaceAll('|', '\\|').replaceAll('>=', '&ge;').replaceAll('<', '&lt;');
const line = (row) => `| ${row.map(escaped).join(' | ')} |`;

const HEADING = [
  '# Benchmarks', '',
  'Made by `npm run bench`; do not edit. Each part tells its command, its day and its machine; each figure is the median of its runs, each in processes of its own.',
  'A rate means little on another machine: compare the ratios. A ratio is that of the figure to its ceiling, measured in the same run (1 is as good as the',
  'ceiling; for times, the ceiling\'s time divided by the figure\'s).',
].join('\n');

/** A part of the document. `result`: `{ title, figures }` or `{ title, problem }`; `made`: `{ command, date, runs, machine }`. */
function partFrom(result, { command, date, runs, machine }) {
  const { title, problem, rows: [head, ...rows] } = section(result);
  const body = problem ? [`Not measured: ${problem}`] : [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
  return [`## ${title}`, '', `Made by \`${command}\` on ${date}, ${runs === 1 ? 'one run' : `${runs} runs`}; ${machine.join('; ')}.`, '', ...body].join('\n');
}

/** The document with these parts, by title, in place of those that it has of the same; in the order of `titles`, and none of another title. */
function withParts(document, parts, titles) {
  const before = document.split(/^(?=## )/m);
  const kept = (title) => before.find((part) => part.startsWith(`## ${title}\n`))?.trimEnd();
  return `${[HEADING, ...titles.flatMap((title) => parts.get(title) ?? kept(title) ?? [])].join('\n\n')}\n`;
}

/** The same for a terminal. */
function text(results) {
  return results.map((result) => {
    const { title, problem, rows } = section(result);
    if (problem) return `${title}\n  not measured: ${problem}\n`;
    const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    return [title, ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()}`), ''].join('\n');
  }).join('\n');
}

module.exports = { partFrom, text, withParts };
