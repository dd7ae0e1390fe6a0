import { CreateAccessKeyCommand, DeleteAccessKeyCommand, GetAccessKeyLastUsedCommand, ListAccessKeysCommand, UpdateAccessKeyCommand, type AccessKeyMetadata } from '@aws-sdk/client-iam';
import { orAbsent, OWNER, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Groundwork, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { isOfItsTime } from './of-its-time';
import { answered, collect } from './pages';

/** IAM's own limit. */
const MOST_OF_A_USER = 2;
const STATUS = 'status';

/** What is noted before an attempt. */
interface Noted extends Groundwork {
  /** Ids of the keys that the user had. */
  readonly had: readonly string[];
  /** Milliseconds. */
  readonly at: number;
}

/**
 * Access keys of IAM users. They have neither name nor tags: a key is known by its id, and what an attempt made whose answer was lost by what the user had
 * before. Of the listing of users nothing can be said about keys, so each is looked at by itself.
 */
export class AccessKeysHandler implements ResourceHandler {
  readonly kind = 'access-key';
  readonly facets = [];

  constructor(private readonly client: AwsClient, private readonly now: () => number = Date.now) {}

  shape({ document, owner = '' }: Desired): Shape {
    return { fields: { [OWNER]: owner, [STATUS]: document['status'] === 'inactive' ? 'Inactive' : 'Active' }, tags: {}, facets: {} };
  }

  check(): undefined {
    return undefined;
  }

  /** ListAccessKeys; after a lost answer GetAccessKeyLastUsed as well. */
  async observe({ mark, owner, providerResourceId, groundwork, others = [] }: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    if (owner === undefined) return undefined;
    const keys = await orAbsent(this.keysOf(owner, context));
    const found = providerResourceId === undefined ? keys && groundwork && await this.madeSince(keys, groundwork as Noted, others, context) : keys?.find(({ AccessKeyId }) => AccessKeyId === providerResourceId);
    return found && observed(found, mark, owner);
  }

  /** ListAccessKeys. */
  async prepare({ owner = '' }: Desired, context: CallContext): Promise<Noted> {
    const keys = await this.keysOf(owner, context);
    if (keys.length >= MOST_OF_A_USER) throw new ProviderError('LimitExceeded', `the user has ${keys.length} access keys already, and AWS allows no more; delete one`);
    return { had: keys.flatMap(({ AccessKeyId }) => AccessKeyId ?? []), at: this.now() };
  }

  /** CreateAccessKey; UpdateAccessKey as well where it is not to be used yet. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { owner = '', mark } = desired;
    const { AccessKey } = await this.client.send(new CreateAccessKeyCommand({ UserName: owner }), context);
    const { SecretAccessKey, ...key } = answered(AccessKey, 'AccessKey');
    const made = observed(key, mark, owner);
    if (this.shape(desired).fields[STATUS] === 'Inactive') await this.orNone(made, this.setStatus(made, 'Inactive', context), context);
    return { observed: made, rejected: [], secret: answered(SecretAccessKey, 'SecretAccessKey') };
  }

  /** UpdateAccessKey. That the user is called otherwise by now needs no call. */
  async update(_desired: Desired, key: Observed, { fields }: Changes, context: CallContext): Promise<Applied> {
    const owner = fields[OWNER] ?? key.shape.fields[OWNER] ?? '';
    const named = { ...key, shape: { ...key.shape, fields: { ...key.shape.fields, ...fields, [OWNER]: owner } } };
    const status = fields[STATUS];
    if (status !== undefined) await this.setStatus(named, status, context);
    return { observed: named, rejected: [] };
  }

  /** DeleteAccessKey. */
  async delete({ providerResourceId: AccessKeyId, shape: { fields } }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.client.send(new DeleteAccessKeyCommand({ UserName: fields[OWNER], AccessKeyId }), context));
  }

  /** IAM lists keys user by user only, which nobody could afford for all of them. */
  async *list(): AsyncGenerator<readonly Observed[]> {
    // Nothing.
  }

  /**
   * What the attempt made: the one key that the user did not have before it, that nothing on record is, of its time, and that was never used.
   * @throws ProviderError `Conflict` where it could be either of two
   */
  private async madeSince(keys: readonly AccessKeyMetadata[], { had, at }: Noted, others: readonly string[], context: CallContext): Promise<AccessKeyMetadata | undefined> {
    const known = new Set([...had, ...others]);
    const fresh = keys.filter(({ AccessKeyId = '', CreateDate }) => !known.has(AccessKeyId) && isOfItsTime(CreateDate, at));
    const unused: AccessKeyMetadata[] = [];
    for (const key of fresh) if (!(await this.wasUsed(key, context))) unused.push(key);
    if (unused.length < 2) return unused[0];
    const ids = unused.map(({ AccessKeyId }) => AccessKeyId).join(' and ');
    throw new ProviderError('Conflict', `one of the access keys ${ids} may be ours, whose secret was lost, and nobody can tell which; delete the one that nobody uses`);
  }

  private async wasUsed({ AccessKeyId }: AccessKeyMetadata, context: CallContext): Promise<boolean> {
    const { AccessKeyLastUsed } = await this.client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }), context);
    return AccessKeyLastUsed?.LastUsedDate !== undefined;
  }

  /** Nothing that is not as it was asked for stays behind: its secret goes with the error. */
  private async orNone(key: Observed, work: Promise<unknown>, context: CallContext): Promise<void> {
    try {
      await work;
    } catch (error) {
      await this.delete(key, context);
      throw error;
    }
  }

  private async setStatus({ providerResourceId: AccessKeyId, shape: { fields } }: Observed, status: string, context: CallContext): Promise<void> {
    await this.client.send(new UpdateAccessKeyCommand({ UserName: fields[OWNER], AccessKeyId, Status: status === 'Inactive' ? 'Inactive' : 'Active' }), context);
  }

  private keysOf(UserName: string, context: CallContext): Promise<AccessKeyMetadata[]> {
    return collect((Marker) => this.client.send(new ListAccessKeysCommand({ UserName, Marker }), context), (page) => answered(page.AccessKeyMetadata, 'AccessKeyMetadata'));
  }
}

function observed({ AccessKeyId, Status = 'Active' }: Pick<AccessKeyMetadata, 'AccessKeyId' | 'Status'>, mark: Observed['mark'] & object, owner: string): Observed {
  const id = answered(AccessKeyId, 'AccessKeyId');
  return { providerResourceId: id, nativeArn: id, name: mark.id, mark, shape: { fields: { [OWNER]: owner, [STATUS]: Status }, tags: {}, facets: {} }, facetsRead: [] };
}
