import type { MfaDeviceItem } from '@wami/contracts';
import type { Command } from 'commander';
import type { Client } from '../api/client';
import { resolveReference, type Page } from '../api/references';
import { CliError, EXIT } from '../exit-codes';
import { printRows, type Column } from '../output/format';
import { ago } from '../output/time';
import { collect, contextOf } from './context';
import { createSealed, type CreateFlags } from './create-sealed';
import { addWriteOptions, write, type WaitFlags } from './write';

/** What one cloud made. */
interface Made {
  readonly id: string;
  readonly target: string;
  readonly serialNumber: string;
  readonly seed: string;
  /** What authenticators take, as text or as a QR code. */
  readonly address: string;
}

const MADE: readonly Column<Made>[] = [
  { title: 'TARGET', value: ({ target }) => target }, { title: 'SEED', value: ({ seed }) => seed }, { title: 'ADDRESS', value: ({ address }) => address }, { title: 'ID', value: ({ id }) => id },
];
const COLUMNS: readonly Column<MfaDeviceItem>[] = [
  { title: 'NAME', value: ({ deviceName }) => deviceName }, { title: 'CREATED', value: ({ createdAt }) => ago(createdAt) },
  { title: 'AT', value: ({ issued }) => issued.map(({ provider, account, serialNumber }) => `${provider}/${account} ${serialNumber}`).join(', ') }, { title: 'ID', value: ({ id }) => id },
];
const HELP = `
USER is a user's name or id; NAME says which of the devices of the user it is; DEVICE is that name, the id, or what a cloud calls it.
The device is enabled when it is made. Type the seed into an authenticator, or show the address to it as a QR code: qrencode -t ansiutf8 ADDRESS.
What somebody enrolled at a cloud is not listed here, and not touched. AWS allows eight devices for a user.
Who may create or delete one decides by what the user signs in: it needs the role admin.`;

export function addMfaDeviceCommands(program: Command): void {
  const device = program.command('mfa-device').description('virtual MFA devices: second factors by which a user signs in to a cloud').addHelpText('after', HELP);
  addWriteOptions(device.command('create').argument('<user>').argument('<name>').description('make and enable a device at every target, and show its seed this once'), { always: true })
    .option('--sync-to <provider[/account]>', 'only these targets (repeatable)', collect)
    .option('--save <file>', 'keep what is made, as JSON, in a new file that only you can read, instead of printing it')
    .action(async (user: string, deviceName: string, flags: CreateFlags, command: Command) => {
      const context = contextOf(command);
      const path = await devicesPath(context.client, user);
      await createSealed<MfaDeviceItem['issued'][number], Made>(context, path, flags, {
        kind: 'mfa-device', secret: 'seed', body: { deviceName },
        issued: async (client, id) => (await devicesAt(client, path)).find((item) => item.id === id)?.issued ?? [],
        open: (recipient, id, { provider, account, serialNumber, sealedSeed }) => {
          const address = recipient.open(sealedSeed, `${id} ${serialNumber}`);
          return { id, target: `${provider}/${account}`, serialNumber, seed: new URL(address).searchParams.get('secret') ?? '', address };
        },
        print: (made, format) => printRows(made, MADE, format, ({ id }) => `mfa-device/${id}`),
      });
    });
  device.command('list').argument('<user>').description('list devices, with what each cloud calls them').action(async (user: string, _flags: object, command: Command) => {
    const { client, format } = contextOf(command);
    const devices = await devicesAt(client, await devicesPath(client, user));
    if (devices.length === 0 && format === 'table') process.stderr.write(`No MFA devices. \`wami mfa-device create ${user} NAME\` makes one.\n`);
    printRows(devices, COLUMNS, format, ({ id }) => `mfa-device/${id}`);
  });
  addWriteOptions(device.command('delete').argument('<user>').argument('<device>').description('deactivate and delete a device, here and in every cloud'))
    .action(async (user: string, text: string, flags: WaitFlags, command: Command) => {
      const context = contextOf(command);
      const path = await devicesPath(context.client, user);
      const found = (await devicesAt(context.client, path)).find(({ id, deviceName, issued }) => id === text || deviceName === text || issued.some(({ serialNumber }) => serialNumber === text));
      if (!found) throw new CliError(EXIT.notFound, `${user} has no MFA device ${text}.`, `See \`wami mfa-device list ${user}\`.`);
      await write(context, 'DELETE', `${path}/${found.id}`, flags, { resource: found.id });
      if (!flags.dryRun) process.stderr.write(`Deleted mfa-device/${found.id}.\n`);
    });
}

async function devicesPath(client: Client, user: string): Promise<string> {
  return `/v1/users/${await resolveReference(client, 'user', user.replace(/^user\//, ''))}/mfa-devices`;
}

async function devicesAt(client: Client, path: string): Promise<readonly MfaDeviceItem[]> {
  return (await client.call<Page<MfaDeviceItem>>('GET', path, { query: { limit: 1000 }, headers: { 'wami-consistency': 'strong' } })).body.items;
}
