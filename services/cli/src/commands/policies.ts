import type { PolicyVersionView, PolicyView } from '@wami/contracts';
import type { Command } from 'commander';
import { KINDS } from '../api/kinds';
import { resolveOwner, resolveReference } from '../api/references';
import { printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { contextOf } from './context';
import { addCrud, type CommonFlags } from './crud';
import { readDocument } from './documents';
import { addSimulate } from './simulate';
import { addWriteOptions, write, type WaitFlags } from './write';

const COLUMNS: readonly Column<PolicyView>[] = [
  { title: 'NAME', value: ({ policyName }) => policyName }, { title: 'TENANT', value: ({ tenant }) => tenant }, { title: 'PATH', value: ({ path }) => path },
  { title: 'DOCUMENT', value: ({ documentVersion }) => `v${documentVersion}` }, { title: 'VERSION', value: ({ version }) => String(version) },
  { title: 'ID', value: ({ id }) => id },
];
const VERSIONS: readonly Column<PolicyVersionView>[] = [
  { title: 'DOCUMENT', value: ({ documentVersion, current }) => `v${documentVersion}${current ? ' (current)' : ''}` }, { title: 'SINCE', value: ({ createdAt }) => ago(createdAt) },
  { title: 'BY', value: ({ createdBy }) => createdBy },
];

interface PolicyFlags extends CommonFlags { readonly document?: string; readonly aws?: string; readonly gcp?: string; readonly azure?: string }

export function addPolicyCommands(program: Command): void {
  const policy = addCrud<PolicyView, PolicyFlags>(program, {
    kind: 'policy', alias: 'p', description: 'policies: what may be done, and to whom they are attached', nameField: 'policyName', columns: COLUMNS,
    example: 'wami policy create read-reports --document policy.json',
    addFlags: (command, creating) => {
      const document = 'file with the document in the IAM language, JSON or YAML, - for stdin';
      const own = creating ? command.requiredOption('--document <file>', document) : command.option('--document <file>', document);
      return own.option('--aws <file>', 'another document for AWS').option('--gcp <file>', 'document for Google Cloud').option('--azure <file>', 'document for Azure');
    },
    fieldsOf: (_client, { document, aws, gcp, azure }) => {
      const files = Object.entries({ aws, gcp, azure }).flatMap(([provider, file]) => (file === undefined ? [] : [[provider, readDocument(file)] as const]));
      return Promise.resolve({
        ...(document === undefined ? {} : { document: readDocument(document) }), ...(files.length === 0 ? {} : { providerDocuments: Object.fromEntries(files) }),
      });
    },
  });
  policy.command('versions').argument('<policy>', 'name or id').description('every document that it had, the newest first').action(async (ref: string, _flags: object, command: Command) => {
    const { client, format } = contextOf(command);
    const id = await resolveReference(client, 'policy', ref);
    const { body } = await client.call<{ items: PolicyVersionView[] }>('GET', `/v1/policies/${id}/versions`);
    printRows(body.items, VERSIONS, format, ({ documentVersion }) => `policy/${id}/v${documentVersion}`);
  });
  addAttachmentCommand(policy, 'attach', 'PUT', 'attach a policy to a user, group, role or service account');
  addAttachmentCommand(policy, 'detach', 'DELETE', 'take a policy away from a user, group, role or service account');
  addSimulate(policy);
}

function addAttachmentCommand(policy: Command, verb: 'attach' | 'detach', method: string, description: string): void {
  addWriteOptions(policy.command(verb).argument('<policy>', 'name or id').argument('<to>', 'user/NAME, group/NAME, role/NAME, service-account/NAME, or an id').description(description))
    .addHelpText('before', `Example:\n  wami policy ${verb} read-reports group/engineers\n`)
    .action(async (policyRef: string, to: string, flags: WaitFlags, command: Command) => {
      const context = contextOf(command);
      const policyId = await resolveReference(context.client, 'policy', policyRef);
      const { kind, id } = await resolveOwner(context.client, to, ['user', 'group', 'role', 'service-account']);
      await write(context, method, `/v1/${KINDS[kind].collection}/${id}/policies/${policyId}`, flags, { resource: id });
      if (!flags.dryRun) process.stderr.write(`policy/${policyId} is ${verb === 'attach' ? 'attached' : 'not attached'} to ${kind}/${id}.\n`);
    });
}
