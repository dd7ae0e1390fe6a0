import { alreadyExists, failedPrecondition, invalidArgument, limitExceeded, notFound, permissionDenied } from '../errors';
import type { Change, GcpState, ServiceAccountRecord } from '../gcp-state';
import { accountDomainOf, newUniqueId } from '../ids';
import { renamedMember } from '../policy-rules';
import { pageOf, readBody, readMask, SERVICE_ACCOUNT, withinBytes } from '../requests';
import { proto } from './operation';
import type { Answer, Call, Operation, Operations } from './operation';

export const ACCOUNTS_QUOTA = 100;
/** A deleted account can be brought back for this long (iam.projects.serviceAccounts.undelete). */
const KEPT_MS = 30 * 86_400_000;
const PAGE = { usual: 20, most: 100 } as const;
const ACCOUNTS = '/v1/projects/{project}/serviceAccounts';

const operation = (method: Operation['method'], template: string, permission: string, writes: boolean, run: Operation['run'], query: readonly string[] = []): Operation =>
  ({ api: 'iam', method, template, permission: `iam.serviceAccounts.${permission}`, writes, run, query });

export const serviceAccountOperations: Operations = {
  'iam.projects.serviceAccounts.create': operation('POST', ACCOUNTS, 'create', true, create),
  'iam.projects.serviceAccounts.list': operation('GET', ACCOUNTS, 'list', false, list, ['pageSize', 'pageToken']),
  'iam.projects.serviceAccounts.get': operation('GET', `${ACCOUNTS}/{account}`, 'get', false, (call) => accountFields(call, found(call, call.store.view()))),
  'iam.projects.serviceAccounts.patch': operation('PATCH', `${ACCOUNTS}/{account}`, 'update', true, patch),
  'iam.projects.serviceAccounts.update': operation('PUT', `${ACCOUNTS}/{account}`, 'update', true, update),
  'iam.projects.serviceAccounts.delete': operation('DELETE', `${ACCOUNTS}/{account}`, 'delete', true, remove),
  'iam.projects.serviceAccounts.enable': operation('POST', `${ACCOUNTS}/{account}:enable`, 'enable', true, (call) => setDisabled(call, false)),
  'iam.projects.serviceAccounts.disable': operation('POST', `${ACCOUNTS}/{account}:disable`, 'disable', true, (call) => setDisabled(call, true)),
  'iam.projects.serviceAccounts.undelete': operation('POST', `${ACCOUNTS}/{account}:undelete`, 'undelete', true, undelete),
};

export const nameOf = (call: Call, { email }: ServiceAccountRecord): string => `projects/${call.project.id}/serviceAccounts/${email}`;

/** The etag is the same for every account: it says nothing ("Deprecated. Do not use.", discovery document). */
function accountFields(call: Call, account: ServiceAccountRecord): Answer {
  const { uniqueId, email, displayName, description, disabled } = account;
  return proto({
    name: nameOf(call, account), projectId: call.project.id, uniqueId, email, displayName, etag: 'MDEwMjE5MjA=', description, oauth2ClientId: uniqueId, disabled,
  });
}

/** By address or unique id. Behind the wildcard `projects/-` an absent one is 403 (discovery document). */
export function found(call: Call, state: GcpState): ServiceAccountRecord {
  const { account = '', project } = call.path;
  const byId = state.account(account);
  const record = byId?.deletedAt === undefined ? byId ?? state.accountAt(account) : undefined;
  if (record !== undefined) return record;
  if (project === '-') throw permissionDenied('iam', 'iam.serviceAccounts.get', `projects/-/serviceAccounts/${account}`);
  const comes = call.store.truth.accountAt(account) ?? call.store.truth.account(account);
  if (comes?.deletedAt !== undefined || comes === undefined) throw notFound('Unknown service account');
  // What a read is told that comes too early after the create (recordings).
  throw notFound(`Service account projects/${call.project.id}/serviceAccounts/${account} does not exist.`);
}

function create(call: Call): Answer {
  const { accountId = '', serviceAccount = {} } = readBody(call.body, { accountId: 'string', serviceAccount: SERVICE_ACCOUNT } as const);
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])$/.test(accountId) || accountId.length < 6 || accountId.length > 30) {
    throw invalidArgument('Invalid account id. Account ids must be 6-30 characters long and match the regular expression [a-z]([-a-z0-9]*[a-z0-9]).');
  }
  const texts = textsOf(serviceAccount);
  const email = `${accountId}@${accountDomainOf(call.project.id)}`;
  const { truth } = call.store;
  if (truth.accountAt(email) !== undefined) throw alreadyExists(`Service account ${accountId} already exists within project projects/${call.project.id}.`);
  if (alive(truth).length >= ACCOUNTS_QUOTA) throw limitExceeded('Maximum number of service accounts on project reached.');
  const account: ServiceAccountRecord = { uniqueId: newUniqueId(), accountId, email, ...texts, disabled: false };
  call.store.commit({ type: 'account-put', account }, ...outlived(call));
  return accountFields(call, account);
}

const alive = (state: GcpState): readonly ServiceAccountRecord[] => state.accounts().filter(({ deletedAt }) => deletedAt === undefined);

function textsOf({ displayName, description }: { readonly displayName?: string; readonly description?: string }): Pick<ServiceAccountRecord, 'displayName' | 'description'> {
  return { displayName: withinBytes(displayName, 'display name', 100), description: withinBytes(description, 'description', 256) };
}

function outlived({ store, now }: Call): readonly Change[] {
  return store.truth.accounts().filter(({ deletedAt }) => deletedAt !== undefined && deletedAt + KEPT_MS <= now)
    .map(({ uniqueId }): Change => ({ type: 'account-forgotten', id: uniqueId }));
}

function list(call: Call): Answer {
  const { items, nextPageToken } = pageOf(call.query, alive(call.store.view()), ({ email }) => email, PAGE);
  return proto({ accounts: items.map((account) => accountFields(call, account)), nextPageToken });
}

/** Answers the name and what changed, nothing else (recordings). */
function patch(call: Call): Answer {
  const { serviceAccount = {}, updateMask = '' } = readBody(call.body, { serviceAccount: SERVICE_ACCOUNT, updateMask: 'string' } as const);
  const mask = readMask(updateMask, ['displayName', 'description']);
  if (mask.length === 0) throw invalidArgument('The update_mask must name at least one field.');
  const before = found(call, call.store.truth);
  const texts = textsOf(serviceAccount);
  const changed = Object.fromEntries(mask.map((field) => [field, texts[field]]));
  call.store.commit({ type: 'account-put', account: { ...before, ...changed } });
  return proto({ name: nameOf(call, before), ...changed });
}

/** The older way, for the display name alone. */
function update(call: Call): Answer {
  const { displayName } = textsOf(readBody(call.body, SERVICE_ACCOUNT));
  const account = { ...found(call, call.store.truth), displayName };
  call.store.commit({ type: 'account-put', account });
  return accountFields(call, account);
}

function setDisabled(call: Call, disabled: boolean): Answer {
  readBody(call.body, {});
  call.store.commit({ type: 'account-put', account: { ...found(call, call.store.truth), disabled } });
  return {};
}

/** Bindings stay, under another name. */
function remove(call: Call): Answer {
  const account = found(call, call.store.truth);
  const [present, gone] = memberNames(account);
  call.store.commit({ type: 'account-put', account: { ...account, deletedAt: call.now } }, ...renamedMember(call.store.truth, present, gone));
  return {};
}

/** By its unique id alone; its bindings hold again. Refused where another account has taken the address. */
function undelete(call: Call): Answer {
  readBody(call.body, {});
  const { truth } = call.store;
  const deleted = truth.account(call.path['account'] ?? '');
  if (deleted === undefined || (deleted.deletedAt ?? call.now) + KEPT_MS <= call.now) throw notFound('Unknown service account');
  if (deleted.deletedAt === undefined) throw failedPrecondition(`Service account ${nameOf(call, deleted)} is not deleted.`);
  if (truth.accountAt(deleted.email) !== undefined) throw alreadyExists(`Service account ${deleted.accountId} already exists within project projects/${call.project.id}.`);
  const { deletedAt, ...account } = deleted;
  const [present, gone] = memberNames(account);
  call.store.commit({ type: 'account-put', account }, ...renamedMember(truth, gone, present));
  return { restoredAccount: accountFields(call, account) };
}

const memberNames = ({ email, uniqueId }: ServiceAccountRecord): readonly [string, string] =>
  [`serviceAccount:${email}`, `deleted:serviceAccount:${email}?uid=${uniqueId}`];
