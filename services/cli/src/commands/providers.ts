import type { ProviderTargetView } from '@wami/contracts';
import { Option, type Command } from 'commander';
import { STRONG } from '../api/client';
import { readAll } from '../api/pages';
import { EXIT } from '../exit-codes';
import { printOne, printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { contextOf } from './context';
import { addProviderCheck } from './provider-check';
import { endsOf, heldOf, nameOf, NO_TARGETS, sentenceOf, targetsNamed } from './provider-targets';

interface Flags { readonly provider?: string; readonly account?: string; readonly health?: string; readonly exitCode?: boolean }

const HEALTHS = ['ok', 'throttled', 'quarantined', 'credentials-rejected', 'not-connected', 'unused'];
const LIST_EXAMPLES = `Examples:
  wami provider list                             every target that you may use: can it be called, what can it hold
  wami provider list --health credentials-rejected
  wami provider list --exit-code                 in CI: 2 where one is not ok, or its credentials end soon
`;
const SHOW_EXAMPLES = `Examples:
  wami provider show aws/123456789012            kind by kind what it can hold, and what of yours is skipped and why
  wami provider show aws/123456789012 -o json
`;

const HELD = { ok: '✓', throttled: '…', unused: '-' } as const;
const healthOf = ({ health }: ProviderTargetView): string => `${HELD[health as keyof typeof HELD] ?? '✗'} ${health}`;
const skippedOf = ({ skipped }: ProviderTargetView): number => skipped.reduce((sum, { count }) => sum + count, 0);
const agreesOf = ({ success: { rate } }: ProviderTargetView): string => (rate === undefined ? '' : `${Math.floor(rate * 1000) / 10} %`);
const COLUMNS: readonly Column<ProviderTargetView>[] = [
  { title: 'TARGET', value: nameOf }, { title: 'HEALTH', value: healthOf }, { title: 'AGREES', value: agreesOf }, { title: 'SKIPPED', value: (one) => String(skippedOf(one)) },
  { title: 'CREDENTIALS END', value: endsOf }, { title: 'HOLDS', value: heldOf },
];

interface Line { readonly what: string; readonly is: string }
const LINES: readonly Column<Line>[] = [{ title: 'WHAT', value: ({ what }) => what }, { title: 'IS', value: ({ is }) => is }];

export function addProviderCommands(program: Command): void {
  const provider = program.command('provider').description('the clouds that identities are brought to: can they be called, and what can they hold');
  provider.command('list').description('every target that may be used').addHelpText('before', LIST_EXAMPLES)
    .option('--provider <name>', 'only of this provider').addOption(new Option('--health <health>', 'only those that are so').choices(HEALTHS))
    .option('--exit-code', 'end with 2 where one is not ok or its credentials end soon')
    .action(async ({ provider: name, health, exitCode }: Flags, command: Command) => {
      const { client, format } = contextOf(command);
      const all = await readAll<ProviderTargetView>(client, '/v1/providers', { tenant: client.settings.tenant, provider: name }, STRONG);
      const shown = all.filter((one) => health === undefined || one.health === health);
      printRows(shown, COLUMNS, format, nameOf);
      if (format === 'table') for (const line of sentences(shown)) process.stderr.write(`${line}\n`);
      if (exitCode && shown.some((one) => sentenceOf(one) !== undefined)) process.exitCode = EXIT.differences;
    });
  provider.command('show').argument('<target>', 'PROVIDER/ACCOUNT such as aws/123456789012').description('one target: health, credentials, limits, and of each kind whether it can be held or why not')
    .addHelpText('before', SHOW_EXAMPLES)
    .action(async (target: string, _flags: object, command: Command) => {
      const { client, format } = contextOf(command);
      for (const found of await targetsNamed(client, target)) {
        if (format === 'table') printRows(linesOf(found), LINES, format, ({ what }) => what);
        else printOne(found, [], format, nameOf);
      }
    });
  addProviderCheck(provider);
}

function sentences(targets: readonly ProviderTargetView[]): string[] {
  if (targets.length === 0) return [NO_TARGETS];
  return targets.flatMap((one) => sentenceOf(one) ?? []);
}

function linesOf(target: ProviderTargetView): Line[] {
  const { reason, mode, tenants, credentials, limits, quota, capabilities, skipped, success, reportedAt } = target;
  return [
    { what: 'target', is: nameOf(target) }, { what: 'health', is: `${healthOf(target)}${reason === undefined ? '' : `: ${reason}`}` },
    ...(reportedAt === undefined ? [] : [{ what: 'told', is: ago(reportedAt) }]), ...(mode === undefined ? [] : [{ what: 'mode', is: mode }]),
    ...(tenants === undefined ? [] : [{ what: 'tenants', is: tenants.join(', ') }]),
    ...(credentials === undefined ? [] : [{ what: 'credentials', is: [credentials.type, credentials.principal, credentials.expiresAt && `end at ${credentials.expiresAt}`].filter(Boolean).join(', ') }]),
    ...(limits === undefined ? [] : [{ what: 'limits', is: `${limits.concurrency} at a time${limits.requestsPerSecond === undefined ? '' : `, ${limits.requestsPerSecond} requests a second`}` }]),
    ...quota.map(({ access, perSecond }) => ({ what: `pace ${access}`, is: `${perSecond} requests a second` })),
    ...(success.rate === undefined ? [] : [{ what: 'agrees', is: `${agreesOf(target)} of ${success.synced + success.failed} (objective ${success.objective * 100} %)` }]),
    ...capabilities.map((one) => ({ what: `holds ${one.kind}`, is: one.supported ? ['✓ yes', ...abilities(one)].join(', ') : `✗ no: ${one.reason ?? ''}` })),
    ...skipped.map(({ kind, reason: why, count }) => ({ what: `skipped ${kind}`, is: `${count}: ${why}` })),
  ];
}

function abilities({ rename, tags, facets, bounded }: ProviderTargetView['capabilities'][number]): string[] {
  return [...(rename ? ['renamed in place'] : []), ...(tags ? ['tags'] : []), ...facets.map((facet) => facet.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)), ...(bounded ? ['permissions boundary'] : [])];
}
