import type { SimulationView } from '@wami/contracts';
import { InvalidArgumentError, type Command } from 'commander';
import type { Client } from '../api/client';
import { kindOfId } from '../api/kinds';
import { resolveOwner } from '../api/references';
import { EXIT } from '../exit-codes';
import { colours } from '../output/colour';
import { printOne, type Column } from '../output/format';
import { collect, contextOf } from './context';
import { readDocument } from './documents';

type Context = Readonly<Record<string, string | readonly string[]>>;

interface SimulateFlags {
  readonly context?: Context; readonly policy?: string[]; readonly resourcePolicy?: string[]; readonly boundary?: string; readonly account?: string;
  readonly attached: boolean; readonly exitCode?: boolean;
}

const COLUMNS: readonly Column<SimulationView>[] = [
  { title: 'DECISION', value: ({ decision }) => (decision === 'allow' ? colours.green('✓ allow') : colours.red('✗ deny')) }, { title: 'WHY', value: whyOf },
];

export function addSimulate(policy: Command): void {
  policy.command('simulate').argument('<principal>', 'user/NAME, role/NAME, service-account/NAME, an id, an ARN, or a service such as ecs-tasks.amazonaws.com')
    .argument('<action>', 'like s3:GetObject').argument('[resource]', 'an ARN, or role/NAME for sts:AssumeRole', '*')
    .option('--context <key=value>', 'a condition key (repeatable; repeat a key for several values)', collectContext)
    .option('--policy <file>', 'also count this policy, from a file (repeatable)', collect).option('--resource-policy <file>', 'a policy on the resource (repeatable)', collect)
    .option('--boundary <file>', 'instead of the permissions boundary that is set').option('--account <id>', 'the account in which is asked')
    .option('--no-attached', 'count only what is given here, nothing that is stored').option('--exit-code', 'exit with 2 where it is denied')
    .description('may somebody do something, and which statement decides')
    .addHelpText('before', 'Examples:\n  wami policy simulate user/ann s3:GetObject arn:aws:s3:::reports/2026.pdf\n  wami policy simulate role/writer s3:PutObject arn:aws:s3:::x/y --policy draft.json --no-attached\n')
    .action(async (principal: string, action: string, resource: string, flags: SimulateFlags, command: Command) => {
      const { client, format } = contextOf(command);
      const { body } = await client.call<SimulationView>('POST', '/v1/policies/simulate', { body: await requestOf(client, principal, action, resource, flags) });
      printOne(body, COLUMNS, format, ({ decision }) => decision);
      if (body.missingContextKeys.length > 0) process.stderr.write(`With these keys the answer might differ: ${body.missingContextKeys.join(', ')} (--context key=value).\n`);
      if (flags.exitCode && body.decision === 'deny') process.exitCode = EXIT.differences;
    });
}

async function requestOf(client: Client, principal: string, action: string, resource: string, flags: SimulateFlags): Promise<object> {
  const files = (names: readonly string[] = []): object[] => names.map((file) => ({ name: file, document: readDocument(file) }));
  return {
    principal: await principalOf(client, principal), action, resource: resource.startsWith('role/') ? (await resolveOwner(client, resource, ['role'])).id : resource,
    attached: flags.attached, ...(flags.context ? { context: flags.context } : {}), ...(flags.account === undefined ? {} : { account: flags.account }),
    policies: {
      identity: files(flags.policy), resource: files(flags.resourcePolicy),
      ...(flags.boundary === undefined ? {} : { boundary: { name: flags.boundary, document: readDocument(flags.boundary) } }),
    },
  };
}

async function principalOf(client: Client, text: string): Promise<string | object> {
  if (text.startsWith('arn:') || kindOfId(text)) return text;
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(text)) return { type: 'service', id: text };
  return (await resolveOwner(client, text, ['user', 'role', 'service-account'])).id;
}

function collectContext(text: string, context: Context = {}): Context {
  const cut = text.indexOf('=');
  if (cut < 1) throw new InvalidArgumentError('write a context key as key=value');
  const [key, value] = [text.slice(0, cut), text.slice(cut + 1)];
  const before = context[key];
  return { ...context, [key]: before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value] };
}

function whyOf({ because }: SimulationView): string {
  switch (because.by) {
    case 'accountRoot': return 'the root of the account that owns the resource';
    case 'missingAllow': return because.layer === 'boundary' ? 'the permissions boundary does not allow it' : `no ${because.layer} policy allows it`;
    case 'statement': {
      const { policy, policyName, via = [], statement, sid, effect } = because.statement;
      const name = policyName === undefined ? policy : `${policyName} (${policy})`;
      return `${effect} in ${name}, statement ${statement}${sid === undefined ? '' : ` (${sid})`}${via.length === 0 ? '' : `, through ${via.join(', ')}`}`;
    }
  }
}
