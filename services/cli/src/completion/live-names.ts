import { Client } from '../api/client';
import { KINDS, type CliKind } from '../api/kinds';
import type { Page, ResourceRow } from '../api/references';
import { ProfileStore } from '../settings/profiles';
import { readSettings, type GlobalFlags } from '../settings/settings';

const MOST = 50;
/** A shell waits for it. */
const TIMEOUT_MS = 2000;
const ANY: readonly string[] = ['resource', 'to', 'principal', 'who'];

/** Values of an argument that begin as written: names of things, with their kind where the argument takes several, tenants, profiles. */
export async function liveNames(argument: string, start: string, flags: GlobalFlags): Promise<string[]> {
  if (argument === 'profile') return new ProfileStore(process.env).list().map(({ name }) => name).filter((name) => name.startsWith(start));
  const client = new Client(readSettings(flags, process.env, process.cwd()));
  if (argument === 'path') {
    const { body } = await client.call<Page<{ id: string }>>('GET', '/v1/tenants', { query: { limit: 1000 }, timeoutMs: TIMEOUT_MS });
    return body.items.map(({ id }) => id).filter((id) => id.startsWith(start)).slice(0, MOST);
  }
  if (isKind(argument)) return namesOf(client, argument, start);
  if (!ANY.includes(argument)) return [];
  const cut = start.indexOf('/');
  if (cut < 0) return Object.keys(KINDS).map((kind) => `${kind}/`).filter((kind) => kind.startsWith(start));
  const kind = start.slice(0, cut);
  return isKind(kind) ? (await namesOf(client, kind, start.slice(cut + 1))).map((name) => `${kind}/${name}`) : [];
}

const isKind = (text: string): text is CliKind => Object.hasOwn(KINDS, text);

async function namesOf(client: Client, kind: CliKind, start: string): Promise<string[]> {
  const query = { kind, tenant: client.settings.tenant, limit: MOST, q: start === '' ? undefined : start };
  const { body } = await client.call<Page<ResourceRow>>('GET', '/v1/resources', { query, timeoutMs: TIMEOUT_MS });
  return body.items.map(({ name }) => name);
}
