import type { iam_v1 } from '@googleapis/iam';
import { isProviderError, madeSince, onlyOne, orAbsent, orNone, OWNER, ProviderError, type Applied, type CallContext, type Changes, type Desired, type HadBefore, type Observed, type OwnershipMark, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { GcpClient } from './gcp.client';
import { answered, listed } from './pages';
import { accountName } from './service-account-shape';

type Key = iam_v1.Schema$ServiceAccountKey;

/** Google's own limit, for those that people made. */
const MOST_OF_AN_ACCOUNT = 10;
const STATUS = 'status';
const NO_USERS = 'Google lets people sign in by no keys of theirs; make a key of a service account';
const FOUND_BY_GOOGLE = ['SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED', 'SERVICE_ACCOUNT_KEY_DISABLE_REASON_COMPROMISE_DETECTED'];
/** Google's whole answer where an account has as many keys as it may. */
const NO_WORDS = /^Precondition check failed\.?$/;

/**
 * Keys of service accounts that Google makes; those that it keeps for itself are never looked at. They carry nothing of ours: a key is known by its id, and what an
 * attempt made whose answer was lost by what the account had before. Whether somebody used a key Google does not say.
 */
export class AccessKeysHandler implements ResourceHandler {
  readonly kind = 'access-key';
  readonly facets = [];

  constructor(private readonly client: GcpClient, private readonly project: string, private readonly now: () => number = Date.now) {}

  shape({ document, owner = '' }: Desired): Shape {
    return { fields: { [OWNER]: owner, [STATUS]: document['status'] === 'inactive' ? 'inactive' : 'active' }, tags: {}, facets: {} };
  }

  check({ document }: Desired): ProviderError | undefined {
    return document['ownerKind'] === 'user' ? new ProviderError('Unsupported', NO_USERS) : undefined;
  }

  /** One list. What may be there is not taken for absent because its account is not to be seen. */
  async observe({ mark, owner, providerResourceId, groundwork, others = [] }: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    if (owner === undefined || (providerResourceId === undefined && groundwork === undefined)) return undefined;
    const keys = await orAbsent(this.keysOf(owner, context));
    if (keys === undefined && providerResourceId === undefined) throw unseen(owner);
    const found = providerResourceId === undefined ? madeByGoogleSince(keys ?? [], groundwork as HadBefore, others) : keys?.find((key) => idOf(key) === providerResourceId);
    return found && observed(found, mark, owner);
  }

  /** One list. */
  async prepare({ owner = '' }: Desired, context: CallContext): Promise<HadBefore> {
    const keys = await orAbsent(this.keysOf(owner, context));
    if (keys === undefined) throw unseen(owner);
    if (keys.length >= MOST_OF_AN_ACCOUNT) throw tooMany(`the service account has ${keys.length} keys already, and Google allows no more; delete one`);
    return { had: keys.map(idOf), at: this.now() };
  }

  /** One create; a disable as well where it is not to be used yet. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { owner = '', mark } = desired;
    const { privateKeyData, ...key } = await this.make(owner, context);
    const [made, shape] = [observed(key, mark, owner), this.shape(desired)];
    if (shape.fields[STATUS] === 'inactive') await orNone(this.disable(made, context), () => this.sendDelete(made, context));
    return { observed: { ...made, shape }, rejected: [], secret: Buffer.from(answered(privateKeyData, 'privateKeyData'), 'base64').toString() };
  }

  /** One disable; or a list, and one enable. The owner has its name for good. */
  async update(_desired: Desired, key: Observed, { fields }: Changes, context: CallContext): Promise<Applied> {
    if (fields[STATUS] === 'inactive') await this.disable(key, context);
    else if (fields[STATUS] !== undefined) await this.enable(key, context);
    return { observed: { ...key, shape: { ...key.shape, fields: { ...key.shape.fields, ...fields } } }, rejected: [] };
  }

  /**
   * One delete. Where that finds nothing, a list: Google does not find everywhere what was made a moment ago.
   * @throws ProviderError `Conflict` where the key stands all the same
   */
  async delete(key: Observed, context: CallContext): Promise<void> {
    const isSent = await orAbsent(this.sendDelete(key, context).then(() => true));
    if (isSent) return;
    const left = await orAbsent(this.keysOf(key.shape.fields[OWNER] ?? '', context));
    if (left?.some((one) => idOf(one) === key.providerResourceId)) throw new ProviderError('Conflict', 'Google shows the key and finds nothing to delete: it is not known everywhere yet', { effect: 'none' });
  }

  /** Google lists keys account by account only, and nobody has the secrets of those of others: there is nothing that could be imported. */
  async *list(): AsyncGenerator<readonly Observed[]> {
    // Nothing.
  }

  private async make(owner: string, context: CallContext): Promise<Key> {
    const requestBody = { privateKeyType: 'TYPE_GOOGLE_CREDENTIALS_FILE', keyAlgorithm: 'KEY_ALG_RSA_2048' };
    try {
      return await this.client.iam('write', 'iam.projects.serviceAccounts.keys.create', context, (api, options) =>
        api.projects.serviceAccounts.keys.create({ name: accountName(this.project, owner), requestBody }, options));
    } catch (error) {
      if (!isProviderError(error)) throw error;
      if (error.code === 'NotFound') throw unseen(owner);
      throw error.code === 'InvalidRequest' && NO_WORDS.test(error.message) ? tooMany(`Google says no more than "${error.message}", as it does where the service account has ${MOST_OF_AN_ACCOUNT} keys already; delete one`) : error;
    }
  }

  private async sendDelete({ nativeArn: name }: Observed, context: CallContext): Promise<void> {
    await this.client.iam('write', 'iam.projects.serviceAccounts.keys.delete', context, (api, options) => api.projects.serviceAccounts.keys.delete({ name }, options));
  }

  private async disable({ nativeArn: name }: Observed, context: CallContext): Promise<void> {
    await this.client.iam('write', 'iam.projects.serviceAccounts.keys.disable', context, (api, options) => api.projects.serviceAccounts.keys.disable({ name, requestBody: {} }, options));
  }

  /** @throws ProviderError `Unsupported` where others have the key, as Google found: it stays as it is */
  private async enable({ nativeArn: name, providerResourceId, shape: { fields } }: Observed, context: CallContext): Promise<void> {
    const key = (await this.keysOf(fields[OWNER] ?? '', context)).find((one) => idOf(one) === providerResourceId);
    if (FOUND_BY_GOOGLE.includes(key?.disableReason ?? '')) throw new ProviderError('Unsupported', 'status: Google disabled this key because others have its secret, and it is not enabled again; delete it and create another');
    await this.client.iam('write', 'iam.projects.serviceAccounts.keys.enable', context, (api, options) => api.projects.serviceAccounts.keys.enable({ name, requestBody: {} }, options));
  }

  private async keysOf(owner: string, context: CallContext): Promise<readonly Key[]> {
    const { keys = [] } = listed(await this.client.iam('read', 'iam.projects.serviceAccounts.keys.list', context, (api, options) =>
      api.projects.serviceAccounts.keys.list({ name: accountName(this.project, owner), keyTypes: ['USER_MANAGED'] }, options)));
    return keys.filter(({ keyType }) => keyType === 'USER_MANAGED');
  }
}

/** Those whose public half somebody uploaded are theirs. */
function madeByGoogleSince(keys: readonly Key[], groundwork: HadBefore, others: readonly string[]): Key | undefined {
  const fresh = madeSince(keys, groundwork, others, (key) => ({ id: idOf(key), created: new Date(key.validAfterTime ?? Number.NaN) }));
  return onlyOne(fresh.filter(({ keyOrigin }) => keyOrigin === 'GOOGLE_PROVIDED'), idOf);
}

const idOf = ({ name }: Key): string => answered(name?.slice(name.lastIndexOf('/') + 1), 'name');

function observed(key: Key, mark: OwnershipMark, owner: string): Observed {
  const fields = { [OWNER]: owner, [STATUS]: key.disabled === true ? 'inactive' : 'active' };
  return { providerResourceId: idOf(key), nativeArn: answered(key.name, 'name'), name: mark.id, mark, shape: { fields, tags: {}, facets: {} }, facetsRead: [] };
}

const tooMany = (message: string): ProviderError => new ProviderError('LimitExceeded', message);

/** It was made just now, and is not known everywhere yet. */
function unseen(owner: string): ProviderError {
  return new ProviderError('DependencyNotReady', `no service account ${owner} is to be seen yet`, { effect: 'none' });
}
