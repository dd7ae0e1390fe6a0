import type { Command } from 'commander';
import { CliError, EXIT } from '../exit-codes';
import { collect } from './context';
import { readDocument } from './documents';

export interface InlineFlags {
  readonly inlinePolicy?: Readonly<Record<string, string>>;
  readonly dropInlinePolicy?: readonly string[];
}

/** Of users, groups, roles and service accounts. */
export function addInlineFlags(command: Command, creating: boolean): Command {
  const put = command.option('--inline-policy <name=file>', 'policy that is part of it (repeatable), JSON or YAML, - for stdin; AWS alone has them', collectFiles);
  return creating ? put : put.option('--drop-inline-policy <name>', 'take an inline policy away (repeatable)', collect);
}

/** @throws CliError where a file cannot be read */
export function inlineFieldsOf({ inlinePolicy = {}, dropInlinePolicy = [] }: InlineFlags): { readonly inlinePolicies?: Readonly<Record<string, object | null>> } {
  const put = Object.entries(inlinePolicy).map(([name, file]) => [name, readDocument(file)] as const);
  const dropped = dropInlinePolicy.map((name) => [name, null] as const);
  return put.length + dropped.length === 0 ? {} : { inlinePolicies: Object.fromEntries([...put, ...dropped]) };
}

function collectFiles(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new CliError(EXIT.usage, `--inline-policy ${text}: write NAME=FILE.`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
