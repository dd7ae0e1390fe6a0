import { InvalidArgumentError, Option, type Command } from 'commander';
import { Client } from '../api/client';
import { FORMATS, type Format } from '../output/format';
import { readSettings, type GlobalFlags } from '../settings/settings';

/** What each command gets besides its own arguments. */
export interface Context {
  readonly client: Client;
  readonly format: Format;
}

export function contextOf(command: Command): Context {
  const flags = command.optsWithGlobals<GlobalFlags & { output: Format }>();
  return { client: new Client(readSettings(flags, process.env, process.cwd())), format: flags.output };
}

export function addGlobalOptions(program: Command): Command {
  return program
    .addOption(new Option('-o, --output <format>', 'how to print data').choices([...FORMATS]).default('table').env('WAMI_OUTPUT'))
    .option('--address <url>', 'where WAMI answers (or WAMI_ADDRESS, the profile, a running npm start)')
    .option('-t, --tenant <path>', 'tenant to work in (or WAMI_TENANT, the profile)')
    .option('--profile <name>', 'profile of config.yaml (or WAMI_PROFILE)')
    .option('--color', 'colours also where the output is no terminal').option('--no-color', 'no colours (or NO_COLOR)');
}

/** `key=value`, repeated. */
export function collectTags(text: string, tags: Record<string, string> = {}): Record<string, string> {
  const cut = text.indexOf('=');
  if (cut < 1) throw new InvalidArgumentError('write a tag as key=value');
  return { ...tags, [text.slice(0, cut)]: text.slice(cut + 1) };
}

/** A whole number from 1. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('write a whole number from 1');
  return Number(text);
}

export function collect(text: string, all: string[] = []): string[] {
  return [...all, text];
}
