import type { Command } from 'commander';
import { CliError, EXIT } from '../exit-codes';
import { collect } from './context';

export interface FederationFlags {
  readonly federation?: Readonly<Record<string, object>>;
  readonly dropFederation?: readonly string[];
}

const HOW = 'write NAME=ISSUER,SUBJECT';

export function addFederationFlags(command: Command, creating: boolean): Command {
  const put = command.option('--federation <name=issuer,subject>', 'whose tokens let a program sign in as it without a secret (repeatable); Microsoft Entra ID alone has them', collectTrusted);
  return creating ? put : put.option('--drop-federation <name>', 'take a federated credential away (repeatable)', collect);
}

/** Another audience than Entra's own is said in a declaration or over HTTP. */
export function federationFieldsOf({ federation = {}, dropFederation = [] }: FederationFlags): { readonly federation?: Readonly<Record<string, object | null>> } {
  const dropped = dropFederation.map((name) => [name, null] as const);
  const all = [...Object.entries(federation), ...dropped];
  return all.length === 0 ? {} : { federation: Object.fromEntries(all) };
}

function collectTrusted(text: string, before: Readonly<Record<string, object>> = {}): Record<string, object> {
  const [, name, issuer, subject] = /^([^=]+)=([^,]+),(.+)$/s.exec(text) ?? [];
  if (name === undefined) throw new CliError(EXIT.usage, `--federation ${text}: ${HOW}.`);
  return { ...before, [name]: { issuer, subject } };
}
