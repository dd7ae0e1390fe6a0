import type { Command } from 'commander';
import { printOne } from '../output/format';
import { contextOf } from './context';

export interface WhoAmI { readonly actor: string; readonly role: string; readonly tenant: string }

export function addWhoami(program: Command): void {
  program.command('whoami').description('who am I to WAMI, and where').action(async (_flags: object, command: Command) => {
    const { client, format } = contextOf(command);
    const { body } = await client.call<WhoAmI>('GET', '/v1/whoami');
    const row = { ...body, address: client.settings.address, origin: client.settings.origin };
    printOne(row, [
      { title: 'ACTOR', value: ({ actor }) => actor }, { title: 'ROLE', value: ({ role }) => role }, { title: 'TENANT', value: ({ tenant }) => tenant || '(all)' },
      { title: 'ADDRESS', value: ({ address }) => address }, { title: 'FOUND BY', value: ({ origin }) => origin },
    ], format, ({ actor }) => actor);
  });
}
