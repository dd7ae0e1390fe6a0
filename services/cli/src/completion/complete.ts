import type { Command, Option } from 'commander';

/** What may stand at the place of the last word. */
export interface Candidates {
  readonly words: readonly string[];
  /** Name of the argument there, whose values somebody else knows: `user`, `policy`, `path` of a tenant. */
  readonly argument?: string;
}

/** @param words after `wami`; the last one is being written and may be empty */
export function complete(program: Command, words: readonly string[]): Candidates {
  const last = words.at(-1) ?? '';
  let command = program;
  let position = 0;
  let pending: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (pending) pending = undefined;
    else if (word.startsWith('-')) pending = takesValue(optionOf(command, word));
    else {
      const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (next) command = next;
      else position++;
    }
  }
  if (pending) return { words: beginning(pending.argChoices ?? [], last), ...(pending.attributeName() === 'tenant' ? { argument: 'path' } : {}), ...(pending.attributeName() === 'profile' ? { argument: 'profile' } : {}) };
  if (last.startsWith('-')) return { words: beginning(optionsOf(command).flatMap(({ long, hidden }) => (long && !hidden ? [long] : [])), last) };
  if (command.commands.length > 0) return { words: beginning(command.createHelp().visibleCommands(command).map((one) => one.name()), last) };
  const argument = command.registeredArguments[Math.min(position, command.registeredArguments.length - 1)];
  if (!argument || (position >= command.registeredArguments.length && !argument.variadic)) return { words: [] };
  return { words: beginning(argument.argChoices ?? [], last), argument: argument.name() };
}

const beginning = (words: readonly string[], start: string): string[] => words.filter((word) => word.startsWith(start));

function optionsOf(command: Command): Option[] {
  return [...command.options, ...(command.parent ? optionsOf(command.parent) : [])];
}

function optionOf(command: Command, word: string): Option | undefined {
  return optionsOf(command).find(({ long, short }) => long === word || short === word);
}

const takesValue = (option: Option | undefined): Option | undefined => (option && (option.required || option.optional) ? option : undefined);
