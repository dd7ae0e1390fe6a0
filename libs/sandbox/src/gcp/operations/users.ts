import type { UserRecord } from '../directory-state';
import { GoogleError } from '../errors';
import type { Change, GcpState } from '../gcp-state';
import { newEtag, newUniqueId } from '../ids';
import { renamedMember } from '../policy-rules';
import { pageOf, readBody, USER } from '../requests';
import { addressProblem } from './addresses';
import { proto } from './operation';
import type { Answer, Call, Operation, Operations } from './operation';

const USERS = '/admin/directory/v1/users';
/** Discovery document of admin directory_v1, users.list; its reference page names the numbers. */
const PAGE = { usual: 100, most: 500 } as const;
/** User resource: characters of a part of a name and of a password, bytes of all external ids. */
const MOST = { namePart: 60, password: 100, externalIds: 2_048 } as const;
const LEAST_PASSWORD = 8;

const operation = (method: Operation['method'], template: string, permission: string, writes: boolean, run: Operation['run'], query: readonly string[] = []): Operation =>
  ({ api: 'directory', method, template, permission: `directory.users.${permission}`, writes, run, query });

export const userOperations: Operations = {
  'directory.users.insert': operation('POST', USERS, 'create', true, insert, ['resolveConflictAccount']),
  'directory.users.list': operation('GET', USERS, 'get', false, list, ['customer', 'domain', 'maxResults', 'pageToken', 'projection', 'viewType', 'orderBy', 'sortOrder']),
  'directory.users.get': operation('GET', `${USERS}/{user}`, 'get', false, (call) => userFields(call, found(call, call.store.view())), ['projection', 'viewType']),
  'directory.users.update': operation('PUT', `${USERS}/{user}`, 'update', true, update),
  'directory.users.delete': { ...operation('DELETE', `${USERS}/{user}`, 'delete', true, remove), empty: true },
  'directory.users.aliases.delete': { ...operation('DELETE', `${USERS}/{user}/aliases/{alias}`, 'update', true, removeAlias), empty: true },
};

const invalid = (field: string): GoogleError => new GoogleError(400, '', 'invalid', `Invalid Input: ${field}`);
const required = (field: string): GoogleError => new GoogleError(400, '', 'required', `Missing required field: ${field}`);
const absent = (what: string): GoogleError => new GoogleError(404, '', 'notFound', `Resource Not Found: ${what}`);
const duplicate = (): GoogleError => new GoogleError(409, '', 'duplicate', 'Entity already exists.');

function userFields({ project }: Call, user: UserRecord): Answer {
  const { id, etag, email, givenName, familyName, externalIds, aliases, suspended, changePassword, creationTime } = user;
  return {
    kind: 'admin#directory#user', id, etag, primaryEmail: email, name: { givenName, familyName, fullName: `${givenName} ${familyName}` }, isAdmin: false, isDelegatedAdmin: false,
    creationTime, agreedToTerms: false, suspended, archived: false, changePasswordAtNextLogin: changePassword, emails: [{ address: email, primary: true }, ...aliases.map((address) => ({ address }))],
    customerId: project.directory.customer, orgUnitPath: '/', isMailboxSetup: false, ...proto({ externalIds, aliases }),
  };
}

/** By id, address or alias. */
function found(call: Call, state: GcpState): UserRecord {
  const key = (call.path['user'] ?? '').toLowerCase();
  const user = state.directory.user(key) ?? state.directory.userAt(key);
  if (user === undefined) throw absent('userKey');
  return user;
}

interface UserRequest {
  readonly primaryEmail?: string;
  readonly name?: { readonly givenName?: string; readonly familyName?: string };
  readonly password?: string;
  readonly externalIds?: unknown;
  readonly suspended?: boolean;
  readonly changePasswordAtNextLogin?: boolean;
}

function insert(call: Call): Answer {
  const sent = readBody(call.body, USER) as UserRequest;
  if (sent.primaryEmail === undefined) throw required('primary_user_email');
  for (const part of ['givenName', 'familyName'] as const) if ((sent.name?.[part] ?? '') === '') throw required(part === 'givenName' ? 'given_name' : 'family_name');
  if (sent.password === undefined) throw required('password');
  const user: UserRecord = {
    id: newUniqueId(), etag: `"${newEtag()}"`, email: '', givenName: '', familyName: '', externalIds: [], aliases: [], suspended: false, changePassword: false,
    creationTime: new Date(call.now).toISOString(), ...fieldsOf(call, sent, undefined),
  };
  call.store.commit({ type: 'user-put', user });
  return userFields(call, user);
}

/** What is sent, checked; what is not sent stays. */
function fieldsOf(call: Call, { primaryEmail, name = {}, password, externalIds, suspended, changePasswordAtNextLogin }: UserRequest, before: UserRecord | undefined): Partial<UserRecord> {
  for (const part of [name.givenName, name.familyName]) if (part !== undefined && (part === '' || [...part].length > MOST.namePart || /[<>]/.test(part))) throw invalid('name');
  if (password !== undefined && !(/^[\x20-\x7e]+$/.test(password) && password.length >= LEAST_PASSWORD && password.length <= MOST.password)) throw invalid('Invalid Password');
  if (externalIds !== undefined && (!Array.isArray(externalIds) || Buffer.byteLength(JSON.stringify(externalIds)) > MOST.externalIds)) throw invalid('externalIds');
  return {
    ...(primaryEmail === undefined ? {} : { email: freeAddress(call, primaryEmail, before) }), ...(name.givenName === undefined ? {} : { givenName: name.givenName }),
    ...(name.familyName === undefined ? {} : { familyName: name.familyName }), ...(externalIds === undefined ? {} : { externalIds }), ...(suspended === undefined ? {} : { suspended }),
    ...(changePasswordAtNextLogin === undefined ? {} : { changePassword: changePasswordAtNextLogin }),
  };
}

/** No user has it, not as an alias either, and no group. */
function freeAddress({ project, store: { truth: { directory } } }: Call, asked: string, before: UserRecord | undefined): string {
  const email = asked.toLowerCase();
  if (addressProblem(email, project.directory)) throw invalid('primary_user_email');
  const holder = directory.userAt(email);
  if ((holder !== undefined && holder.id !== before?.id) || directory.groupAt(email) !== undefined) throw duplicate();
  return email;
}

/** The reference: semantics of a patch. The address of before becomes an alias; memberships and bindings are the account's, whatever it is called. */
function update(call: Call): Answer {
  const { truth } = call.store;
  const before = found(call, truth);
  const changed = { ...before, ...fieldsOf(call, readBody(call.body, USER) as UserRequest, before), etag: `"${newEtag()}"` };
  if (changed.email === before.email) {
    call.store.commit({ type: 'user-put', user: changed });
    return userFields(call, changed);
  }
  const user = { ...changed, aliases: [...before.aliases.filter((alias) => alias !== changed.email), before.email] };
  const moved = truth.directory.membershipsOf(before.email).map((membership): Change => ({ type: 'membership-put', membership: { ...membership, member: user.email } }));
  call.store.commit({ type: 'user-put', user }, ...moved, ...renamedMember(truth, `user:${before.email}`, `user:${user.email}`));
  return userFields(call, user);
}

function removeAlias(call: Call): Answer {
  const user = found(call, call.store.truth);
  const alias = (call.path['alias'] ?? '').toLowerCase();
  if (!user.aliases.includes(alias)) throw absent('resource_id');
  call.store.commit({ type: 'user-put', user: { ...user, aliases: user.aliases.filter((one) => one !== alias) } });
  return {};
}

/** Its memberships end. */
function remove(call: Call): Answer {
  const { truth } = call.store;
  const { id, email } = found(call, truth);
  const ended = truth.directory.membershipsOf(email).map((membership): Change => ({ type: 'membership-forgotten', id: membership.id }));
  call.store.commit(...ended, { type: 'user-forgotten', id }, ...renamedMember(truth, `user:${email}`, `deleted:user:${email}?uid=${id}`));
  return {};
}

function list(call: Call): Answer {
  const { query, project: { directory } } = call;
  const [customer, domain] = [query.get('customer'), query.get('domain')];
  if (customer === null && domain === null) throw new GoogleError(400, '', 'badRequest', 'Bad Request');
  if (![directory.customer, 'my_customer', null].includes(customer) || ![directory.domain, null].includes(domain)) throw new GoogleError(403, '', 'forbidden', 'Not Authorized to access this resource/api');
  const asked = query.get('maxResults');
  if (asked !== null && (Number(asked) < 1 || Number(asked) > PAGE.most)) throw invalid('maxResults');
  const paging = new URLSearchParams({ ...(asked === null ? {} : { pageSize: asked }), pageToken: query.get('pageToken') ?? '' });
  const { items, nextPageToken } = pageOf(paging, call.store.view().directory.users(), ({ id }) => id, PAGE);
  return { kind: 'admin#directory#users', ...proto({ etag: '"users"', users: items.map((user) => userFields(call, user)), nextPageToken }) };
}
