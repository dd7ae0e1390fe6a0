import type { RoleView } from '@wami/contracts';
import type { Command } from 'commander';
import { resolveReference } from '../api/references';
import type { Column } from '../output/format';
import { parseCount } from './context';
import { addCrud, type CommonFlags } from './crud';
import { readDocument } from './documents';
import { addInlineFlags, inlineFieldsOf, type InlineFlags } from './inline-policies';

const COLUMNS: readonly Column<RoleView>[] = [
  { title: 'NAME', value: ({ roleName }) => roleName }, { title: 'TENANT', value: ({ tenant }) => tenant }, { title: 'PATH', value: ({ path }) => path },
  { title: 'BOUNDARY', value: ({ permissionsBoundary }) => permissionsBoundary ?? '' }, { title: 'VERSION', value: ({ version }) => String(version) },
  { title: 'ID', value: ({ id }) => id },
];

interface RoleFlags extends CommonFlags, InlineFlags { readonly trust?: string; readonly maxSession?: number; readonly boundary?: string | false }

export function addRoleCommands(program: Command): void {
  addCrud<RoleView, RoleFlags>(program, {
    kind: 'role', alias: 'r', description: 'roles: what services and others may become', nameField: 'roleName', columns: COLUMNS,
    example: 'wami role create report-writer --trust trust.json',
    addFlags: (command, creating) => {
      const trust = 'file with the trust policy, JSON or YAML, - for stdin';
      const own = creating ? command.requiredOption('--trust <file>', trust) : command.option('--trust <file>', trust).option('--no-boundary', 'take the permissions boundary away');
      return addInlineFlags(own.option('--max-session <seconds>', 'how long a session may last', parseCount).option('--boundary <policy>', 'permissions boundary, name or id of a policy'), creating);
    },
    fieldsOf: async (client, { trust, maxSession, boundary, ...inline }) => ({
      ...inlineFieldsOf(inline),
      ...(trust === undefined ? {} : { trustPolicy: readDocument(trust) }), ...(maxSession === undefined ? {} : { maxSessionDuration: maxSession }),
      ...(boundary === false ? { permissionsBoundary: null } : {}),
      ...(typeof boundary === 'string' ? { permissionsBoundary: await resolveReference(client, 'policy', boundary) } : {}),
    }),
  });
}
