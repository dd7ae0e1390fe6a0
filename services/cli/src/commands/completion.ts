import { Argument, type Command } from 'commander';
import { complete } from '../completion/complete';
import { liveNames } from '../completion/live-names';
import { SCRIPTS, SHELLS, type Shell } from '../completion/scripts';
import type { GlobalFlags } from '../settings/settings';

export function addCompletion(program: Command): void {
  program.command('completion').addArgument(new Argument('<shell>').choices(SHELLS)).description('print a script that completes commands, flags and live names')
    .addHelpText('before', 'Examples:\n  wami completion bash > ~/.local/share/bash-completion/completions/wami\n  wami completion fish > ~/.config/fish/completions/wami.fish\n')
    .action((shell: Shell) => void process.stdout.write(SCRIPTS[shell]));
  program.command('__complete', { hidden: true }).argument('[words...]').action(async (words: string[], _flags: object, command: Command) => {
    const { words: known, argument } = complete(program, words);
    // Somebody is typing: what cannot be found out is not offered, and nothing is said.
    const live = argument === undefined ? [] : await liveNames(argument, words.at(-1) ?? '', globalFlags(words, command)).catch(() => []);
    const found = [...known, ...live];
    if (found.length > 0) process.stdout.write(`${found.join('\n')}\n`);
  });
}

/** Of the line that is being written. */
function globalFlags(words: readonly string[], command: Command): GlobalFlags {
  const after = (...flags: string[]): string | undefined => words[words.findIndex((word) => flags.includes(word)) + 1 || words.length];
  const given = { address: after('--address'), tenant: after('-t', '--tenant'), profile: after('--profile') };
  return { ...command.optsWithGlobals<GlobalFlags>(), ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}
