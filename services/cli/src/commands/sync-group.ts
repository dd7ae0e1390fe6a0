import type { Command } from 'commander';

/** `wami sync`, of which several files make parts. */
export function syncGroup(program: Command): Command {
  return program.commands.find((command) => command.name() === 'sync') ?? program.command('sync').description('ask the sync engines for something');
}
