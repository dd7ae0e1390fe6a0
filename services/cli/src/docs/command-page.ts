import type { Argument, Command, Option } from 'commander';
import { EXIT_IN_WORDS } from '../exit-codes';

const INTRODUCTION = `# Every command

Written by \`npm run docs:cli\` from the command itself (\`wami <command> --help\` says the same); do not edit. Where it looks, who it is, output and completion: [cli.md](cli.md).

`;

/** docs/cli-reference.md as the program has it. */
export function commandPage(program: Command): string {
  const commands = leavesOf(program);
  return `${INTRODUCTION}${[
    '## All of them', '', '| command | |', '|---|---|', ...commands.map((one) => row(`[\`${nameOf(one)}\`](#${anchor(nameOf(one))})`, one.description())), '',
    '## Flags of all of them', '', ...optionRows(program), '',
    '## Exit codes', '', EXIT_IN_WORDS, '',
    ...commands.flatMap(section),
  ].join('\n').trimEnd()}\n`;
}

/** Commands that do something, in the order of the help. */
const leavesOf = (command: Command): Command[] => (command.commands.length === 0 ? [command] : command.createHelp().visibleCommands(command).filter((one) => one.name() !== 'help').flatMap(leavesOf));

const nameOf = (command: Command): string => (command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name());
const anchor = (title: string): string => title.replaceAll(' ', '-');
const row = (...cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;

function section(command: Command): string[] {
  const options = command.options.filter(({ hidden }) => !hidden);
  const described = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `## ${nameOf(command)}`, '', sentence(command.description()), '',
    `    ${[nameOf(command), ...command.registeredArguments.map(argumentName), ...(options.length > 0 ? ['[options]'] : [])].join(' ')}`, '',
    ...(described.length + options.length === 0 ? [] : ['| | |', '|---|---|', ...described.map((one) => row(`\`${argumentName(one)}\``, one.description + choicesOf(one.argChoices))), ...optionLines(options), '']),
  ];
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
const argumentName = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const optionRows = (command: Command): string[] => ['| | |', '|---|---|', ...optionLines(command.options.filter(({ hidden }) => !hidden))];
const optionLines = (options: readonly Option[]): string[] => options.map((option) => row(`\`${option.flags}\``, [option.description + choicesOf(option.argChoices), defaultOf(option)].filter(Boolean).join('; ')));
const choicesOf = (choices: readonly string[] | undefined): string => (choices === undefined ? '' : ` (${choices.join(', ')})`);

function defaultOf({ defaultValue, defaultValueDescription, mandatory, negate }: Option): string {
  if (mandatory) return 'required';
  if (defaultValue === undefined || negate || typeof defaultValue === 'boolean') return '';
  return `default ${defaultValueDescription ?? String(defaultValue)}`;
}
