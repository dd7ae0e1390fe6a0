import type { ServiceAccountView } from '@wami/contracts';
import type { Command } from 'commander';
import type { Column } from '../output/format';
import { addCrud, type CommonFlags } from './crud';
import { addFederationFlags, federationFieldsOf, type FederationFlags } from './federation';
import { addInlineFlags, inlineFieldsOf, type InlineFlags } from './inline-policies';

const COLUMNS: readonly Column<ServiceAccountView>[] = [
  { title: 'NAME', value: ({ accountName }) => accountName }, { title: 'TENANT', value: ({ tenant }) => tenant }, { title: 'PATH', value: ({ path }) => path },
  { title: 'VERSION', value: ({ version }) => String(version) }, { title: 'ID', value: ({ id }) => id },
];

interface ServiceAccountFlags extends CommonFlags, InlineFlags, FederationFlags { readonly displayName?: string }

export function addServiceAccountCommands(program: Command): void {
  addCrud<ServiceAccountView, ServiceAccountFlags>(program, {
    kind: 'service-account', alias: 'sa', description: 'accounts of programs', nameField: 'accountName', columns: COLUMNS,
    example: 'wami service-account create deployer --description "Deploys the web shop"',
    addFlags: (command, creating) => addFederationFlags(addInlineFlags(command.option('--display-name <text>'), creating), creating),
    fieldsOf: (_client, { displayName, ...parts }) => Promise.resolve({ ...(displayName ? { displayName } : {}), ...inlineFieldsOf(parts), ...federationFieldsOf(parts) }),
  });
}
