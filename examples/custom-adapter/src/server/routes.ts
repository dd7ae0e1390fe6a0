import type { DirectoryState } from './directory-state';
import { invalid, Refusal } from './refusal';
import { checkedBody, type Kind } from './rules';

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const LARGEST_PAGE = 100;
const COLLECTION = /^\/v1\/organizations\/([^/]+)\/(users|groups)$/;
const THING = /^\/v1\/organizations\/([^/]+)\/(users|groups)\/([^/]+)$/;
const MEMBERS = /^\/v1\/organizations\/([^/]+)\/groups\/([^/]+)\/members(?:\/([^/]+))?$/;

/** One request of somebody who signed in for this organisation. @throws Refusal */
export function answer(state: DirectoryState, organization: string, { method, url, body }: Asked): Answer {
  const known = method === 'GET' && COLLECTION.test(url.pathname) ? ['name', 'cursor', 'limit'] : [];
  const unknown = [...url.searchParams.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(`the parameter ${unknown} is not known here`);
  if (url.pathname === '/v1/whoami' && method === 'GET') return { status: 200, body: { organization, principal: `apps/wami@${organization}` } };
  const [, of = ''] = /^\/v1\/organizations\/([^/]+)\//.exec(url.pathname) ?? [];
  if (decodeURIComponent(of) !== organization) throw new Refusal(403, 'forbidden', 'not your organization');
  const members = MEMBERS.exec(url.pathname);
  if (members) return memberships(state, method, members[2] ?? '', members[3]);
  const [, , kind, id] = THING.exec(url.pathname) ?? COLLECTION.exec(url.pathname) ?? [];
  if (kind === undefined) throw new Refusal(404, 'no_route', 'there is no such address');
  return id === undefined ? collection(state, method, kind as Kind, url, body) : thing(state, method, kind as Kind, id, body);
}

function collection(state: DirectoryState, method: string, kind: Kind, url: URL, body: unknown): Answer {
  if (method === 'POST') return { status: 201, body: state.create(kind, checkedBody(kind, body)) };
  if (method !== 'GET') throw notAllowed(method);
  const [name, after, limit = String(LARGEST_PAGE)] = ['name', 'cursor', 'limit'].map((key) => url.searchParams.get(key) ?? undefined);
  if (!/^[1-9]\d*$/.test(limit) || Number(limit) > LARGEST_PAGE) throw invalid(`limit must be from 1 to ${LARGEST_PAGE}`);
  return { status: 200, body: state.list(kind, { ...(name === undefined ? {} : { name }), ...(after === undefined ? {} : { after }), limit: Number(limit) }) };
}

function thing(state: DirectoryState, method: string, kind: Kind, id: string, body: unknown): Answer {
  switch (method) {
    case 'GET':
      return { status: 200, body: state.get(kind, id) };
    case 'PATCH':
      return { status: 200, body: state.change(kind, id, checkedBody(kind, body)) };
    case 'DELETE':
      state.delete(kind, id);
      return { status: 204 };
    default:
      throw notAllowed(method);
  }
}

function memberships(state: DirectoryState, method: string, group: string, user: string | undefined): Answer {
  if (user === undefined && method === 'GET') return { status: 200, body: { items: state.membersOf(group) } };
  if (user === undefined || !['PUT', 'DELETE'].includes(method)) throw notAllowed(method);
  if (method === 'PUT') state.join(group, user);
  else state.leave(group, user);
  return { status: 204 };
}

const notAllowed = (method: string): Refusal => new Refusal(405, 'not_allowed', `${method} is not for this address`);
