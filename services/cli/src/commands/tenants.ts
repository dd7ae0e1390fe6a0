import type { SyncConfig, TenantView } from '@wami/contracts';
import { Option, type Command } from 'commander';
import type { Page } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { printOne, printRows, type Column } from '../output/format';
import { collect, contextOf } from './context';

const SYNC_CONFIG_EXAMPLES = `Examples:
  wami tenant sync-config acme                                how it is synced, with what it inherits
  wami tenant sync-config acme --target aws/123456789012      be there, and nowhere else
  wami tenant sync-config acme --schedule PT6H                compare what stands there by itself: see wami drift
  wami tenant sync-config acme --inherit                      as the tenant above has it

`;
const COLUMNS: readonly Column<TenantView>[] = [
  { title: 'TENANT', value: ({ id }) => id }, { title: 'NAME', value: ({ name }) => name }, { title: 'STATUS', value: ({ status }) => status },
  { title: 'VERSION', value: ({ version }) => String(version) },
];
const nameOf = ({ id }: TenantView): string => `tenant/${id}`;
const pathOf = (id: string): string => `/v1/tenants/${encodeURIComponent(id)}`;

export function addTenantCommands(program: Command): void {
  const tenant = program.command('tenant').alias('t').description('tenants and how they are synced');
  tenant.command('create').argument('<path>', 'like acme or acme/engineering').option('--name <text>', 'what people call it; default: the path')
    .description('create a tenant').action(async (id: string, flags: { name?: string }, command: Command) => {
      const { client, format } = contextOf(command);
      printOne((await client.call<TenantView>('POST', '/v1/tenants', { body: { id, name: flags.name ?? id } })).body, COLUMNS, format, nameOf);
    });
  tenant.command('get').argument('<path>').description('show a tenant').action(async (id: string, _flags: object, command: Command) => {
    const { client, format } = contextOf(command);
    printOne((await client.call<TenantView>('GET', pathOf(id))).body, COLUMNS, format, nameOf);
  });
  tenant.command('list').option('--parent <path>', 'only below this one').description('list tenants')
    .action(async (flags: { parent?: string }, command: Command) => {
      const { client, format } = contextOf(command);
      const items: TenantView[] = [];
      for (let cursor: string | undefined; ;) {
        const { body } = await client.call<Page<TenantView>>('GET', '/v1/tenants', { query: { parent: flags.parent, cursor, limit: 1000 } });
        items.push(...body.items);
        cursor = body.nextCursor;
        if (cursor === undefined) break;
      }
      printRows(items, COLUMNS, format, nameOf);
    });
  tenant.command('update').argument('<path>').requiredOption('--name <text>', 'new name').description('change a tenant')
    .action(async (id: string, flags: { name: string }, command: Command) => {
      const { client, format } = contextOf(command);
      printOne((await client.call<TenantView>('PATCH', pathOf(id), { body: { name: flags.name } })).body, COLUMNS, format, nameOf);
    });
  tenant.command('delete').argument('<path>').option('--force', 'also everything in it, here and in every cloud').description('delete a tenant')
    .action(async (id: string, flags: { force?: boolean }, command: Command) => {
      const { client } = contextOf(command);
      const { body } = await client.call<{ job?: string } | undefined>('DELETE', pathOf(id), { query: { force: flags.force ? 'true' : undefined } });
      process.stderr.write(body?.job === undefined ? `Deleted tenant/${id}.\n` : `Deleting tenant/${id} and all in it (${body.job}).\n`);
    });
  addSyncConfig(tenant);
}

interface SyncConfigFlags {
  readonly schedule?: string;
  readonly target?: string[];
  readonly direction?: string;
  readonly onConflict?: string[];
  readonly deletionPolicy?: string[];
  readonly maxDeletes?: number;
  readonly maxDeletesPercent?: number;
  readonly inherit?: boolean;
}

function addSyncConfig(tenant: Command): void {
  tenant.command('sync-config').argument('<path>').option('--target <provider/account>', 'sync to this target (repeatable); replaces the list', collect)
    .addOption(new Option('--direction <direction>', 'push: put back what differs; pull: it becomes the state here; bidirectional: whichever side changed').choices(['push', 'pull', 'bidirectional']))
    .option('--on-conflict <strategy>', 'skip, overwrite, merge or fail; KIND=STRATEGY for one kind alone (repeatable)', collect)
    .option('--deletion-policy <policy>', 'delete, or orphan: leave it in the cloud without our mark (keys, login profiles and MFA devices are deleted all the same); KIND=POLICY for one kind alone (repeatable)', collect)
    .option('--max-deletes <count>', 'so many of a kind may be taken away at a target in 24 hours', Number).option('--max-deletes-percent <percent>', 'and so many of a hundred', Number)
    .option('--schedule <when>', 'compared by itself so often: PT6H, or five fields of cron in UTC; none: not at all').option('--inherit', 'drop all own settings but those that are named here')
    .description('show how a tenant is synced, or change what is named; other settings of its own stay').addHelpText('before', SYNC_CONFIG_EXAMPLES).action(async (id: string, flags: SyncConfigFlags, command: Command) => {
      const { client, format } = contextOf(command);
      const path = `${pathOf(id)}/sync-config`;
      if (Object.keys(flags).length > 0) {
        const { body: { own }, headers } = await client.call<{ own: Settings }>('GET', path);
        const etag = headers.get('etag');
        await client.call('PUT', path, { body: flags.inherit ? settingsOf(flags) : merged(own, settingsOf(flags)), headers: etag === null ? {} : { 'if-match': etag } });
      }
      const { body } = await client.call<{ effective: SyncConfig }>('GET', path);
      const rows = Object.entries(body.effective).map(([setting, value]) => ({ setting, value: JSON.stringify(value) }));
      if (format === 'table') printRows(rows, [{ title: 'SETTING', value: (row) => row.setting }, { title: 'VALUE', value: (row) => row.value }], format, ({ setting }) => setting);
      else printOne(body, [], format, () => id);
    });
}

type Settings = Readonly<Record<string, unknown>>;
const isGroup = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is said now in the place of what was; of settings with parts, part by part. */
function merged(own: Settings, said: Settings): Settings {
  return { ...own, ...Object.fromEntries(Object.entries(said).map(([name, value]) => [name, isGroup(value) && isGroup(own[name]) ? merged(own[name], value) : value])) };
}

function settingsOf({ target, direction, onConflict, deletionPolicy, maxDeletes, maxDeletesPercent, schedule }: SyncConfigFlags): Settings {
  const guard = { ...(maxDeletes === undefined ? {} : { maxDeletesCount: maxDeletes }), ...(maxDeletesPercent === undefined ? {} : { maxDeletesPercent }) };
  return {
    ...(target ? { providers: target.map(parseTarget) } : {}), ...(direction ? { direction } : {}), ...ofAll('conflictResolution', onConflict), ...ofAll('deletionPolicy', deletionPolicy),
    ...kindsOf({ conflictResolution: onConflict, deletionPolicy }), ...(Object.keys(guard).length > 0 ? { guard } : {}), ...(schedule === undefined ? {} : { triggers: { schedule: schedule === 'none' ? null : schedule } }),
  };
}

const KIND_VALUE = /^([a-z-]+)=(.*)$/;

/** What was said for all kinds; of several the last. */
function ofAll(setting: string, said: readonly string[] = []): object {
  const value = said.filter((text) => !KIND_VALUE.test(text)).at(-1);
  return value === undefined ? {} : { [setting]: value };
}

/** What was said as KIND=VALUE, by kind; the server knows the kinds and the values. */
function kindsOf(settings: Readonly<Record<string, readonly string[] | undefined>>): object {
  const kinds: Record<string, Record<string, string>> = {};
  for (const [setting, said = []] of Object.entries(settings)) {
    for (const text of said) {
      const [, kind, value] = KIND_VALUE.exec(text) ?? [];
      if (kind !== undefined && value !== undefined) kinds[kind] = { ...kinds[kind], [setting]: value };
    }
  }
  return Object.keys(kinds).length > 0 ? { kinds } : {};
}

function parseTarget(text: string): { provider: string; account: string } {
  const [provider = '', account = ''] = text.split('/');
  if (provider === '' || account === '') throw new CliError(EXIT.usage, `${text} is no target.`, 'Write provider/account, like aws/000000000001.');
  return { provider, account };
}
