import type { Command } from 'commander';
import { addSyncImport } from './sync-import';

/** What is asked of the sync engines. */
export function addSyncCommands(program: Command): void {
  const sync = program.command('sync').description('what is asked of the sync engines');
  addSyncImport(sync);
}
