import type { Command } from 'commander';
import { addPauseCommands } from './pauses';

/** `wami sync ...`: what is asked of the sync engines. */
export function addSyncCommands(program: Command): void {
  addPauseCommands(program.command('sync').description('what is asked of the sync engines'));
}
