import { CliError, EXIT } from '../exit-codes';

export type CliKind = 'user' | 'group' | 'role' | 'policy' | 'service-account' | 'identity-provider';

/** What a kind is called by the API and by people. Ids begin with the prefix. */
export const KINDS: Readonly<Record<CliKind, { readonly prefix: string; readonly collection: string; readonly one: string; readonly many: string }>> = {
  user: { prefix: 'usr_', collection: 'users', one: 'user', many: 'users' },
  group: { prefix: 'grp_', collection: 'groups', one: 'group', many: 'groups' },
  role: { prefix: 'rol_', collection: 'roles', one: 'role', many: 'roles' },
  policy: { prefix: 'pol_', collection: 'policies', one: 'policy', many: 'policies' },
  'service-account': { prefix: 'sva_', collection: 'service-accounts', one: 'service account', many: 'service accounts' },
  'identity-provider': { prefix: 'idp_', collection: 'identity-providers', one: 'identity provider', many: 'identity providers' },
};

const isKind = (text: string): text is CliKind => Object.hasOwn(KINDS, text);

/** `user/ann`, in its two parts. @throws CliError where the kind is none of `kinds` */
export function splitReference(text: string, kinds: readonly CliKind[]): { readonly kind: CliKind; readonly name: string } {
  const cut = text.indexOf('/');
  const kind = text.slice(0, Math.max(cut, 0));
  if (isKind(kind) && kinds.includes(kind) && cut < text.length - 1) return { kind, name: text.slice(cut + 1) };
  throw new CliError(EXIT.usage, `${text}: no such kind.`, `Write ${kinds.map((one) => `${one}/NAME`).join(', ')}.`);
}

/** The kind that an id is of. */
export function kindOfId(text: string): CliKind | undefined {
  return (Object.keys(KINDS) as CliKind[]).find((kind) => text.startsWith(KINDS[kind].prefix));
}
