import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from './program';

const RUNBOOKS = join(__dirname, '../../../docs/runbooks');
const CONSOLE = join(__dirname, '../../console/src/web');
const named = (name: string) => (command: Command): boolean => command.name() === name || command.aliases().includes(name);

/** What is wrong with a command line of a page; undefined where the program knows its verbs and options. */
function wrongIn(line: string): string | undefined {
  let command: Command = createProgram();
  for (const word of line.replaceAll(/"[^"]*"/g, 'TEXT').split(/\s+/).slice(1)) {
    const next: Command | undefined = command.commands.find(named(word));
    const option = /^--?[a-z-]+/.exec(word)?.[0];
    if (next) command = next;
    else if (option !== undefined && option !== '--tenant') {
      if (option !== '--help' && !command.options.some(({ long, short }) => long === option || short === option)) return `${line}: no ${option}`;
    } else if (option === undefined && /^[a-z]/.test(word) && command.commands.length > 0 && command.registeredArguments.length === 0) return `${line}: no ${word}`;
  }
  return undefined;
}

it('every command that a runbook names is there, with its options', () => {
  const pages = readdirSync(RUNBOOKS).map((file) => readFileSync(join(RUNBOOKS, file), 'utf8'));
  const lines = pages.flatMap((page) => [...page.matchAll(/(?:^ {4}|`)(wami .*?)(?: {3}|`|$)/gm)].map(([, line = '']) => line.trim()));
  expect(lines.length).toBeGreaterThan(40);
  expect(lines.flatMap((line) => wrongIn(line) ?? [])).toEqual([]);
  expect([wrongIn('wami sync nothing'), wrongIn('wami provider list --nothing x'), wrongIn('wami reports')]).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
});

it('every command that the console shows beside a button is there, with its options', () => {
  const sources = (readdirSync(CONSOLE, { recursive: true }) as string[]).filter((file) => /\.tsx?$/.test(file) && !file.includes('.spec.')).map((file) => readFileSync(join(CONSOLE, file), 'utf8'));
  const written = sources.flatMap((source) => [...source.replaceAll('${kind}', 'user').replaceAll(/\$\{[^{}`]*\}/g, 'X').matchAll(/(?:npx wami |\bwami\(\w+, [`']|\bline\([`'])([^`'"<$]*)/g)].map(([, line = '']) => `wami ${line.trim()}`));
  expect(written.length).toBeGreaterThan(30);
  expect(written.flatMap((line) => wrongIn(line) ?? [])).toEqual([]);
});
