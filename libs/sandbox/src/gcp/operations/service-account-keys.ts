import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { failedPrecondition, invalidArgument, notFound } from '../errors';
import type { KeyRecord, ServiceAccountRecord } from '../gcp-state';
import { readBody } from '../requests';
import { proto } from './operation';
import type { Answer, Call, Operation, Operations } from './operation';
import { found, nameOf } from './service-accounts';

const KEYS_QUOTA = 10;
const DAY_MS = 86_400_000;
/** For so long Google signs by one of its own. */
const OWN_MS = 16 * DAY_MS;
const KEYS = '/v1/projects/{project}/serviceAccounts/{account}/keys';
const ONE = `${KEYS}/{key}`;
const TYPES = ['USER_MANAGED', 'SYSTEM_MANAGED'];
const BITS: Readonly<Record<string, number>> = { KEY_ALG_RSA_1024: 1024, KEY_ALG_RSA_2048: 2048 };

const operation = (method: Operation['method'], template: string, verb: string, run: Operation['run'], query: readonly string[] = []): Operation =>
  ({ api: 'iam', method, template, permission: `iam.serviceAccountKeys.${verb}`, writes: method !== 'GET', run, query });

/** Of service accounts, which take them along when they are deleted. */
export const serviceAccountKeyOperations: Operations = {
  'iam.projects.serviceAccounts.keys.create': operation('POST', KEYS, 'create', create),
  'iam.projects.serviceAccounts.keys.list': operation('GET', KEYS, 'list', list, ['keyTypes']),
  'iam.projects.serviceAccounts.keys.delete': operation('DELETE', ONE, 'delete', remove),
  'iam.projects.serviceAccounts.keys.disable': operation('POST', `${ONE}:disable`, 'disable', (call) => setDisabled(call, true)),
  'iam.projects.serviceAccounts.keys.enable': operation('POST', `${ONE}:enable`, 'enable', (call) => setDisabled(call, false)),
};

const keysOf = ({ keys = [] }: ServiceAccountRecord): readonly KeyRecord[] => keys;
const keep = (call: Call, account: ServiceAccountRecord, keys: readonly KeyRecord[]): void => call.store.commit({ type: 'account-put', account: { ...account, keys } });

function keyFields(call: Call, account: ServiceAccountRecord, { id, algorithm, createdAt, disabled }: KeyRecord): Answer {
  return proto({
    name: `${nameOf(call, account)}/keys/${id}`, validAfterTime: timeOf(createdAt), validBeforeTime: '9999-12-31T23:59:59Z', keyAlgorithm: algorithm, keyOrigin: 'GOOGLE_PROVIDED',
    keyType: 'USER_MANAGED', disabled, disableReason: disabled ? 'SERVICE_ACCOUNT_KEY_DISABLE_REASON_USER_INITIATED' : '',
  });
}

const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const wrongEnum = (field: string, type: string, value: string): Error => invalidArgument(`Invalid value at '${field}' (type.googleapis.com/google.iam.admin.v1.${type}), "${value}"`);

/** The private half is in this answer alone, as a credentials file: the sandbox writes no PKCS12. Of too many Google says no more than this (public reports). */
function create(call: Call): Answer {
  const { privateKeyType = 'TYPE_UNSPECIFIED', keyAlgorithm = 'KEY_ALG_UNSPECIFIED' } = readBody(call.body, { privateKeyType: 'string', keyAlgorithm: 'string' } as const);
  if (!['TYPE_UNSPECIFIED', 'TYPE_GOOGLE_CREDENTIALS_FILE'].includes(privateKeyType)) throw wrongEnum('private_key_type', 'ServiceAccountPrivateKeyType', privateKeyType);
  const algorithm = keyAlgorithm === 'KEY_ALG_UNSPECIFIED' ? 'KEY_ALG_RSA_2048' : keyAlgorithm;
  const bits = BITS[algorithm];
  if (bits === undefined) throw wrongEnum('key_algorithm', 'ServiceAccountKeyAlgorithm', keyAlgorithm);
  const account = found(call, call.store.truth);
  if (keysOf(account).length >= KEYS_QUOTA) throw failedPrecondition('Precondition check failed.');
  const key: KeyRecord = { id: randomBytes(20).toString('hex'), algorithm, createdAt: call.now, disabled: false };
  keep(call, account, [...keysOf(account), key]);
  const privateKeyData = Buffer.from(credentialsFile(call, account, key, privateKey(bits))).toString('base64');
  return { ...keyFields(call, account, key), privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE', privateKeyData };
}

/** Of one process all of a size are alike: nobody signs in by them here, and making one takes long. */
const made = new Map<number, string>();
function privateKey(bits: number): string {
  const pem = made.get(bits) ?? generateKeyPairSync('rsa', { modulusLength: bits }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  made.set(bits, pem);
  return pem;
}

function credentialsFile({ project }: Call, { email, uniqueId }: ServiceAccountRecord, { id }: KeyRecord, pem: string): string {
  return JSON.stringify({
    type: 'service_account', project_id: project.id, private_key_id: id, private_key: pem, client_email: email, client_id: uniqueId, auth_uri: 'https://accounts.google.com/o/oauth2/auth',
    token_uri: 'https://oauth2.googleapis.com/token', auth_provider_x509_cert_url: 'https://www.googleapis.com/oauth2/v1/certs',
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(email)}`, universe_domain: 'googleapis.com',
  }, null, 2);
}

/** Every account has one that Google keeps for itself. */
function list(call: Call): Answer {
  const asked = call.query.getAll('keyTypes');
  const wrong = asked.find((type, index) => !TYPES.includes(type) || asked.indexOf(type) !== index);
  if (wrong !== undefined) throw wrongEnum('key_types', 'ListServiceAccountKeysRequest.KeyType', wrong);
  const account = found(call, call.store.view());
  const all = [...keysOf(account).map((key) => keyFields(call, account, key)), googlesOwn(call, account)];
  return proto({ keys: all.filter(({ keyType }) => asked.length === 0 || asked.includes(String(keyType))) });
}

function googlesOwn(call: Call, account: ServiceAccountRecord): Answer {
  const since = call.now - (call.now % DAY_MS);
  return {
    name: `${nameOf(call, account)}/keys/${idOfOwn(account)}`, validAfterTime: timeOf(since), validBeforeTime: timeOf(since + OWN_MS), keyAlgorithm: 'KEY_ALG_RSA_2048',
    keyOrigin: 'GOOGLE_PROVIDED', keyType: 'SYSTEM_MANAGED',
  };
}

const idOfOwn = ({ uniqueId }: ServiceAccountRecord): string => createHash('sha1').update(uniqueId).digest('hex');

function remove(call: Call): Answer {
  const { account, key } = keyAt(call);
  keep(call, account, keysOf(account).filter((one) => one !== key));
  return {};
}

function setDisabled(call: Call, disabled: boolean): Answer {
  readBody(call.body, {});
  const { account, key } = keyAt(call);
  keep(call, account, keysOf(account).map((one) => (one === key ? { ...one, disabled } : one)));
  return {};
}

function keyAt(call: Call): { readonly account: ServiceAccountRecord; readonly key: KeyRecord } {
  const account = found(call, call.store.truth);
  const { key: id = '' } = call.path;
  const key = keysOf(account).find((one) => one.id === id);
  if (key !== undefined) return { account, key };
  throw id === idOfOwn(account) ? failedPrecondition('Google-managed keys cannot be changed.') : notFound(`Service account key ${id} does not exist.`);
}
