import { declarationNameSchema, declarationSchema } from '@wami/contracts';
import { stringify } from 'yaml';
import { z } from 'zod';
import { exported } from '../declaration/export';
import { observeAll } from '../declaration/observe';
import { CliError, EXIT } from '../exit-codes';
import { organisationAt } from './at-time';
import type { Context } from './context';

const WIDTH = 140;

/** Prints what is there, or was at a position or time, as a file for apply. @throws CliError where the tenant is not there */
export async function exportAll({ client, format }: Context, { declaration, at }: { readonly declaration?: string; readonly at?: string }): Promise<void> {
  const { tenant } = client.settings;
  const name = declarationNameSchema.safeParse(declaration ?? tenant?.replaceAll('/', '-').slice(0, 63) ?? 'organisation');
  if (!name.success) throw new CliError(EXIT.usage, `${declaration ?? ''}: ${name.error.issues[0]?.message ?? 'no name'}.`);
  const file = exported(name.data, await (at === undefined ? observeAll(client, tenant) : organisationAt(client, at)), tenant);
  if (tenant !== undefined && file.tenants[tenant] === undefined) throw new CliError(EXIT.notFound, `There is no tenant ${tenant}.`, 'See `wami tenant list`.');
  process.stdout.write(format === 'json' ? `${JSON.stringify(file, null, 2)}\n` : stringify(file, { lineWidth: WIDTH, aliasDuplicateObjects: false }));
}

/** What editors check such a file with. */
export function printSchema(): void {
  process.stdout.write(`${JSON.stringify(z.toJSONSchema(declarationSchema, { io: 'input' }), null, 2)}\n`);
}
