import { CliError, EXIT } from '../exit-codes';
import { STRONG, type Client } from './client';
import { readAll } from './pages';
import { kindOfId, KINDS, splitReference, type CliKind } from './kinds';

export interface ResourceRow {
  readonly id: string;
  readonly arn: string;
  readonly kind: string;
  readonly tenant: string;
  readonly name: string;
  readonly version: number;
  readonly worstState?: string;
  readonly updatedAt?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/** The id behind what a person typed: an id, an ARN, or a name that exactly one resource of the kind has in the tenant asked for. */
export async function resolveReference(client: Client, kind: CliKind, text: string): Promise<string> {
  const { prefix, one, many } = KINDS[kind];
  if (text.startsWith(prefix)) return text;
  const matches = await named(client, text, kind);
  if (matches.length === 1 && matches[0]) return matches[0].id;
  if (matches.length === 0) throw new CliError(EXIT.notFound, `There is no ${one} named ${text}.`, `See \`wami ${kind} list\`.`);
  throw new CliError(EXIT.usage, `${matches.length} ${many} are named ${text}: ${matches.map(({ id, tenant }) => `${id} (${tenant})`).join(', ')}.`,
    'Name one by its id, or choose a tenant with --tenant.');
}

/** All that have the name or are the ARN, of one kind or of any, in the tenant asked for. */
async function named(client: Client, text: string, kind?: CliKind): Promise<readonly ResourceRow[]> {
  const rows = await readAll<ResourceRow>(client, '/v1/resources', { kind, q: text, tenant: client.settings.tenant }, STRONG);
  return rows.filter(({ name, arn }) => arn === text || name.toLowerCase() === text.toLowerCase());
}

/** What `user/ann` or an id names, of one of these kinds. */
export async function resolveOwner(client: Client, text: string, kinds: readonly CliKind[]): Promise<{ readonly kind: CliKind; readonly id: string }> {
  const known = kindOfId(text);
  if (known !== undefined && kinds.includes(known)) return { kind: known, id: text };
  const { kind, name } = splitReference(text, kinds);
  return { kind, id: await resolveReference(client, kind, name) };
}

/** Of tenants, relations and whatever else has one. */
const ANY_ID = /^[a-z]{3}_[0-9A-Z]{20,}/;

/** `user/ann` as an id, and so is `ann` where one resource alone has that name; an id or an ARN stays what it is. */
export async function idOrArn(client: Client, ref: string): Promise<string> {
  if (ref.startsWith('arn:') || kindOfId(ref) !== undefined || ANY_ID.test(ref)) return ref;
  if (!ref.includes('/')) return ofAnyKind(client, ref);
  const { kind, name } = splitReference(ref, Object.keys(KINDS) as CliKind[]);
  return resolveReference(client, kind, name);
}

/** The same, always as an id. */
export const idOf = async (client: Client, ref: string): Promise<string> => (await idOrArn(client, ref)).split('/').at(-1) ?? ref;

/** @throws CliError where none has the name, or several have */
async function ofAnyKind(client: Client, text: string): Promise<string> {
  const matches = await named(client, text);
  if (matches.length === 1 && matches[0]) return matches[0].id;
  if (matches.length === 0) throw new CliError(EXIT.notFound, `Nothing is named ${text}.`, 'Write KIND/NAME such as user/ann, an id or an ARN; `wami user list` shows users, and so on.');
  throw new CliError(EXIT.usage, `${matches.length} are named ${text}: ${matches.map(({ kind, name, id, tenant }) => `${kind}/${name} ${id} (${tenant})`).join(', ')}.`, 'Write KIND/NAME, an id, or choose a tenant with --tenant.');
}
