import { CliError, EXIT } from '../exit-codes';
import { STRONG, type Client } from './client';
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
  const matches: ResourceRow[] = [];
  for (let cursor: string | undefined; ;) {
    const { body } = await client.call<Page<ResourceRow>>('GET', '/v1/resources', {
      query: { kind, q: text, tenant: client.settings.tenant, cursor, limit: 1000 }, headers: STRONG,
    });
    matches.push(...body.items.filter(({ name, arn }) => arn === text || name.toLowerCase() === text.toLowerCase()));
    cursor = body.nextCursor;
    if (cursor === undefined) break;
  }
  if (matches.length === 1 && matches[0]) return matches[0].id;
  if (matches.length === 0) throw new CliError(EXIT.notFound, `There is no ${one} named ${text}.`, `See \`wami ${kind} list\`.`);
  throw new CliError(EXIT.usage, `${matches.length} ${many} are named ${text}: ${matches.map(({ id, tenant }) => `${id} (${tenant})`).join(', ')}.`,
    'Name one by its id, or choose a tenant with --tenant.');
}

/** What `user/ann` or an id names, of one of these kinds. */
export async function resolveOwner(client: Client, text: string, kinds: readonly CliKind[]): Promise<{ readonly kind: CliKind; readonly id: string }> {
  const known = kindOfId(text);
  if (known !== undefined && kinds.includes(known)) return { kind: known, id: text };
  const { kind, name } = splitReference(text, kinds);
  return { kind, id: await resolveReference(client, kind, name) };
}

/** `user/ann` as an id; an id or an ARN stays what it is. */
export async function idOrArn(client: Client, ref: string): Promise<string> {
  if (!ref.includes('/') || ref.startsWith('arn:')) return ref;
  const { kind, name } = splitReference(ref, Object.keys(KINDS) as CliKind[]);
  return resolveReference(client, kind, name);
}
