import { quoted } from '../../ui/shell';
import { KINDS, type EditableKind } from './kinds';
import type { Body } from './texts';

type Flags = readonly string[] | undefined;

const each = (value: unknown, flagsOf: (key: string, value: unknown) => Flags): Flags => {
  const all = value === null ? [undefined] : Object.entries(value as object).map(([key, one]) => flagsOf(key, one));
  return all.includes(undefined) ? undefined : all.flatMap((flags) => flags ?? []);
};
const text = (flag: string) => (value: unknown): Flags => (value === null ? undefined : [flag, String(value)]);
const file = (flag: string, name: string) => (value: unknown): Flags => (value === null ? undefined : [flag, name]);

/** Of each field; undefined where no flag says that. */
const FLAGS: Readonly<Record<string, (value: unknown) => Flags>> = {
  path: text('--path'), displayName: text('--display-name'), email: text('--email'), description: text('--description'), maxSessionDuration: text('--max-session'),
  permissionsBoundary: (value) => (value === null ? ['--no-boundary'] : ['--boundary', String(value)]),
  tags: (value) => each(value, (key, one) => (one === null ? ['--untag', key] : taggedBy(key, one))),
  syncToProviders: (value) => (value === null || (value as readonly string[]).length === 0 ? undefined : (value as readonly string[]).flatMap((one) => ['--sync-to', one])),
  trustPolicy: file('--trust', 'trust.json'), document: file('--document', 'policy.json'),
  providerDocuments: (value) => each(value, (cloud, one) => file(`--${cloud}`, `${cloud}.json`)(one)),
  inlinePolicies: (value) => each(value, (name, one) => (one === null ? ['--drop-inline-policy', name] : ['--inline-policy', `${name}=${name}.json`])),
  oidc: (value) => (value === null ? undefined : each(value, (name, one) => OIDC[name]?.(one))), saml: file('--saml', 'metadata.xml'),
  federation: (value) => each(value, (name, one) => (one === null ? ['--drop-federation', name] : trusted(name, one as Body))),
};
/** Of those that the command of a kind lacks. */
const LACKS: Readonly<Partial<Record<EditableKind, readonly string[]>>> = { group: ['--sync-to', '--untag'] };
/** Whatever of it was typed may be no list. */
const listed = (flag: string) => (value: unknown): Flags => (Array.isArray(value) ? value.flatMap((one) => [flag, String(one)]) : undefined);
const OIDC: Readonly<Record<string, (value: unknown) => Flags>> = { url: text('--oidc-url'), clientIds: listed('--client-id'), thumbprints: (value) => (value === null ? ['--no-thumbprint'] : listed('--thumbprint')(value)) };

/** The flag ends a key at its first `=`. */
const taggedBy = (key: string, value: unknown): Flags => (key.includes('=') ? undefined : ['--tag', `${key}=${String(value)}`]);

const trusted = (name: string, { issuer, subject, audiences }: Body): Flags => (audiences === undefined ? ['--federation', `${name}=${String(issuer)},${String(subject)}`] : undefined);

function flagsOf(kind: EditableKind, body: Body): Flags {
  const flags = each(body, (name, value) => FLAGS[name]?.(value));
  return flags?.some((flag) => LACKS[kind]?.includes(flag)) ? undefined : flags;
}

const joined = (words: readonly string[]): string => ['npx wami', ...words.map(quoted)].join(' ');

/** The command that makes the same; where no flag says it, the call. */
export function createLine(kind: EditableKind, tenant: string, body: Body, origin: string): string {
  const { collection, nameField } = KINDS[kind];
  const { [nameField]: name, ...rest } = body;
  const flags = flagsOf(kind, rest);
  return flags ? joined(['-t', tenant, kind, 'create', String(name || 'NAME'), ...flags]) : callLine('POST', `${origin}/v1/${collection}`, { tenant, ...body });
}

/** The command that changes the same. */
export function updateLine(kind: EditableKind, id: string, patch: Body, origin: string): string {
  const { collection, nameField } = KINDS[kind];
  const { [nameField]: name, ...rest } = patch;
  const flags = flagsOf(kind, rest);
  return flags && !flags.includes('--oidc-url') && name !== '' ? joined([kind, 'update', id, ...(name === undefined ? [] : ['--name', String(name)]), ...flags]) : callLine('PATCH', `${origin}/v1/${collection}/${id}`, patch);
}

const callLine = (verb: string, url: string, body: Body): string => `curl -X ${verb} ${url} -H "authorization: Bearer $WAMI_TOKEN" -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`;
