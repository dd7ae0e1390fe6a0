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

function markdownSection(result) {
  const { title, problem, rows: [head, ...rows] } = section(result);
  const body = problem ? [`Not measured: ${problem}`] : [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)];
  return [`## ${title}`, '', ...body, ''].join('\n');
}

/** The whole document. `results`: `{ title, figures }` or `{ title, problem }`; `made`: `{ command, date, runs, machine }`. */
function markdown(results, { command, date, runs, machine }) {
  return [
    '# Benchmarks', '',
    `Made by \`${command}\` on ${date}; do not edit. Each figure is the median of ${runs} run${runs === 1 ? '' : 's'}, each in processes of its own.`,
    'A rate means little on another machine: compare the ratios. A ratio is that of the figure to its ceiling, measured in the same run (1 is as good as the',
    'ceiling; for times, the ceiling\'s time divided by the figure\'s).', '',
    ...machine.map((fact) => `- ${fact}`), '',
    ...results.map(markdownSection),
  ].join('\n');
}

/** A part of the document that another command makes, and says so. */
function alonePart(result, { command, date, machine }) {
  const [title, ...rest] = markdownSection(result).split('\n');
  return [title, '', `Made by \`${command}\` on ${date}, one run; ${machine.join('; ')}.`, ...rest].join('\n');
}

const partsOf = (document) => document.split(/^(?=## )/m);
const isOf = (title) => (part) => part.startsWith(`## ${title}\n`);

/** The document with this part in place of the one that has its title, or at its end. */
function withPart(document, title, part) {
  const [head, ...parts] = partsOf(document);
  const at = parts.findIndex(isOf(title));
  const others = parts.map((one) => `${one.trimEnd()}\n`);
  return `${[head.trimEnd(), ...(at < 0 ? [...others, part] : others.with(at, part))].map((one) => one.trimEnd()).join('\n\n')}\n`;
}

/** The part of that title; undefined where there is none. */
const partOf = (document, title) => partsOf(document).find(isOf(title));

/** The same for a terminal. */
function text(results) {
  return results.map((result) => {
    const { title, problem, rows } = section(result);
    if (problem) return `${title}\n  not measured: ${problem}\n`;
    const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    return [title, ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()}`), ''].join('\n');
  }).join('\n');
}

module.exports = { alonePart, markdown, partOf, text, withPart };
