import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command, Option } from 'commander';
import { createProgram } from '../program';
import { commandPage } from './command-page';

const ROOT = join(__dirname, '..', '..', '..', '..');
const program = createProgram();

function pagesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules').flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pagesIn(path) : entry.name.endsWith('.md') ? [path] : [];
  });
}

const PAGES = ['README.md', 'CONTRIBUTING.md'].map((name) => join(ROOT, name)).concat(['docs', 'examples', 'infra'].flatMap((folder) => pagesIn(join(ROOT, folder))));
const textOf = (page: string): string => readFileSync(page, 'utf8');
const withoutCode = (text: string): string => text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/^ {4}.*$/gm, '').replaceAll(/`[^`\n]*`/g, (code) => '`'.repeat(code.length));

/** As GitHub makes them of titles. */
function anchorsOf(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  return new Set([...textOf(page).replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#{1,6} (.*)$/gm)].map(([, title = '']) => {
    const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    const before = seen.get(plain) ?? 0;
    seen.set(plain, before + 1);
    return before === 0 ? plain : `${plain}-${before}`;
  }));
}

/** Links of a page that lead nowhere: to no file, or to no title of one. */
function brokenLinks(page: string): string[] {
  return [...withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to).filter((to) => !/^[a-z]+:/.test(to)).filter((to) => {
    const [path = '', anchor] = to.split('#');
    const file = path === '' ? page : resolve(dirname(page), path);
    return !existsSync(file) || (anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).has(anchor));
  });
}

/** What stands after `wami ` in code: of blocks a line each, of running text between two backticks. */
function commandsIn(text: string): string[] {
  const lines = [...text.matchAll(/^```[^\n]*\n([^]*?)^```$/gm)].flatMap(([, block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n')).concat([...text.matchAll(/^ {4}(?! )(.*)$/gm)].map(([, line = '']) => line));
  const inText = [...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/`(wami [^`\n]*)`/g)].map(([, code = '']) => code);
  return [...lines.map((line) => line.replace(/^\$ /, '')), ...inText].flatMap((line) => /^(?:\w+=\S+ )*(?:npx )?wami (.*)$/.exec(line)?.[1] ?? []);
}

const optionsOf = (command: Command): Option[] => [...command.options, ...(command.parent ? [...optionsOf(command.parent), ...ofDefault(command)] : [])];
/** A group may do something without a verb, such as `wami dead-letters`. */
const ofDefault = (command: Command): readonly Option[] => command.commands.flatMap(({ options }) => options);

/** What of a line the program does not know. Values are not judged; `a|b` stands for each. */
function unknownIn(line: string): string[] {
  const words = line.replace(/\s{2,}.*$/, '').replace(/\s(#|&&|\||>|<|2>).*$/, '').split(/\s+/).filter((word) => word !== '' && !word.startsWith('...'));
  const unknown: string[] = [];
  let command: Command = program;
  for (const word of words) {
    if (word.startsWith('--') || /^-[a-zA-Z]$/.test(word)) {
      const flag = word.split('=')[0]?.replace(/[.,;]$/, '') ?? '';
      if (!['--help', '-h', '--'].includes(flag) && !optionsOf(command).some(({ long, short }) => long === flag || short === flag)) unknown.push(`${word} of ${command.name()}`);
    } else if (command.commands.length > 0 && command.registeredArguments.length === 0) {
      const named = word.split('|').map((name) => command.commands.find((one) => one.name() === name || one.aliases().includes(name)));
      if (named.includes(undefined)) {
        if (takesValueBefore(command, words, word) || /^[<[(A-Z.]/.test(word)) continue;
        unknown.push(`${word} of ${command.name()}`);
        return unknown;
      }
      command = named[0] ?? command;
    }
  }
  return unknown;
}

/** A word that is the value of the flag before it, like `-t acme user list`. */
function takesValueBefore(command: Command, words: readonly string[], word: string): boolean {
  const before = words[words.indexOf(word) - 1] ?? '';
  return optionsOf(command).some(({ long, short, required, optional }) => (long === before || short === before) && (required || optional));
}

describe('the pages', () => {
  it('are read, all of them', () => {
    expect(PAGES.length).toBeGreaterThan(50);
    expect(PAGES.flatMap((page) => commandsIn(textOf(page))).length).toBeGreaterThan(100);
  });

  it('link to what is there', () => {
    expect(PAGES.flatMap((page) => brokenLinks(page).map((to) => `${relative(ROOT, page)} -> ${to}`))).toEqual([]);
  });

  it('are each linked from another', () => {
    const linked = new Set(PAGES.flatMap((page) => [...withoutCode(textOf(page)).matchAll(/\]\(([^)\s#]+)/g)].map(([, to = '']) => resolve(dirname(page), to)).filter((to) => to !== page)));
    expect(PAGES.filter((page) => !linked.has(page) && relative(ROOT, page) !== 'README.md').map((page) => relative(ROOT, page))).toEqual([]);
  });

  it('name commands and flags that wami has', () => {
    expect(PAGES.flatMap((page) => commandsIn(textOf(page)).flatMap((line) => unknownIn(line).map((what) => `${relative(ROOT, page)}: wami ${line}: ${what}`)))).toEqual([]);
  });

  it('have every command as it is (npm run docs:cli writes docs/cli-reference.md)', () => {
    expect(textOf(join(ROOT, 'docs/cli-reference.md'))).toBe(commandPage(createProgram()));
  });
});
