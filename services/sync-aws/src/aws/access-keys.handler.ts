import { CreateAccessKeyCommand, DeleteAccessKeyCommand, GetAccessKeyLastUsedCommand, ListAccessKeysCommand, UpdateAccessKeyCommand, type AccessKeyMetadata } from '@aws-sdk/client-iam';
import { madeSince, onlyOne, orAbsent, orNone, OWNER, ProviderError, type Applied, type CallContext, type Changes, type Desired, type HadBefore, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import type { Owner, Owners } from './owners';
import { answered, collect } from './pages';

/** IAM's own limit. */
const MOST_OF_A_USER = 2;
const STATUS = 'status';

/**
 * Access keys of IAM users. They have neither name nor tags: a key is known by its id, and what an attempt made whose answer was lost by what the user had
 * before. Of the listing of users nothing can be said about keys, so each is looked at by itself.
 */
export class AccessKeysHandler implements ResourceHandler {
  readonly kind = 'access-key';
  readonly facets = [];

  constructor(private readonly client: AwsClient, private readonly owners: Owners, private readonly now: () => number = Date.now) {}

  shape({ document, owner = '' }: Desired): Shape {
    return { fields: { [OWNER]: owner, [STATUS]: document['status'] === 'inactive' ? 'Inactive' : 'Active' }, tags: {}, facets: {} };
  }

  check(): undefined {
    return undefined;
  }

  /** ListAccessKeys; after a lost answer GetAccessKeyLastUsed as well. Where that shows nothing on record, ListUsers, and the keys of the user under its other name. */
  async observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { providerResourceId, groundwork, others = [] } = reference;
    if (providerResourceId === undefined && groundwork === undefined) return undefined;
    return this.owners.find(reference, context, async (owner) => {
      const keys = await orAbsent(this.keysOf(owner, context));
      const found = providerResourceId === undefined ? keys && await this.unusedSince(keys, groundwork as HadBefore, others, context) : keys?.find(({ AccessKeyId }) => AccessKeyId === providerResourceId);
      return found && observed(found, { ...reference, owner });
    });
  }

  /** ListAccessKeys. */
  async prepare({ owner = '' }: Desired, context: CallContext): Promise<HadBefore> {
    const keys = await this.keysOf(owner, context);
    if (keys.length >= MOST_OF_A_USER) throw new ProviderError('LimitExceeded', `the user has ${keys.length} access keys already, and AWS allows no more; delete one`);
    return { had: keys.flatMap(({ AccessKeyId }) => AccessKeyId ?? []), at: this.now() };
  }

  /** CreateAccessKey, and GetUser, whose it is; UpdateAccessKey as well where it is not to be used yet. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { owner = '' } = desired;
    const { AccessKey } = await this.client.send(new CreateAccessKeyCommand({ UserName: owner }), context);
    const { SecretAccessKey, ...key } = answered(AccessKey, 'AccessKey');
    const made = observed(key, desired);
    await orNone(this.owners.stillOwner(desired, context), () => this.sendDelete(made, owner, context));
    if (this.shape(desired).fields[STATUS] === 'Inactive') await orNone(this.setStatus(desired, made, 'Inactive', context), () => this.sendDelete(made, owner, context));
    return { observed: made, rejected: [], secret: answered(SecretAccessKey, 'SecretAccessKey') };
  }

  /** UpdateAccessKey. That the user is called otherwise by now needs no call. */
  async update({ ownerResourceId }: Desired, key: Observed, { fields }: Changes, context: CallContext): Promise<Applied> {
    const owner = fields[OWNER] ?? key.shape.fields[OWNER] ?? '';
    const named = { ...key, shape: { ...key.shape, fields: { ...key.shape.fields, ...fields, [OWNER]: owner } } };
    const status = fields[STATUS];
    if (status !== undefined) await this.setStatus({ owner, ownerResourceId }, key, status, context);
    return { observed: named, rejected: [] };
  }

  /** DeleteAccessKey. Where that finds nothing, a look. */
  async delete(key: Observed, context: CallContext): Promise<void> {
    await this.owners.remove(key, (owner) => this.sendDelete(key, owner, context), (reference) => this.observe(reference, [], context));
  }

  /** IAM lists keys user by user only, which nobody could afford for all of them. */
  async *list(): AsyncGenerator<readonly Observed[]> {
    // Nothing.
  }

  /**
   * What the attempt made: the one key that the user did not have before it, that nothing on record is, of its time, and that was never used.
   * @throws ProviderError `Conflict` where it could be either of two
   */
  private async unusedSince(keys: readonly AccessKeyMetadata[], groundwork: HadBefore, others: readonly string[], context: CallContext): Promise<AccessKeyMetadata | undefined> {
    const fresh = madeSince(keys, groundwork, others, ({ AccessKeyId: id = '', CreateDate: created }) => ({ id, created }));
    const unused: AccessKeyMetadata[] = [];
    for (const key of fresh) if (!(await this.wasUsed(key, context))) unused.push(key);
    return onlyOne(unused, ({ AccessKeyId = '' }) => AccessKeyId);
  }

  private async wasUsed({ AccessKeyId }: AccessKeyMetadata, context: CallContext): Promise<boolean> {
    const { AccessKeyLastUsed } = await this.client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }), context);
    return AccessKeyLastUsed?.LastUsedDate !== undefined;
  }

  private async sendDelete({ providerResourceId: AccessKeyId }: Observed, UserName: string, context: CallContext): Promise<void> {
    await this.client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }), context);
  }

  private async setStatus(of: Owner, { providerResourceId: AccessKeyId }: Observed, status: string, context: CallContext): Promise<void> {
    const Status = status === 'Inactive' ? 'Inactive' : 'Active';
    await this.owners.reach(of, context, (UserName) => this.client.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }), context));
  }

  private keysOf(UserName: string, context: CallContext): Promise<AccessKeyMetadata[]> {
    return collect((Marker) => this.client.send(new ListAccessKeysCommand({ UserName, Marker }), context), (page) => answered(page.AccessKeyMetadata, 'AccessKeyMetadata'));
  }
}

function observed({ AccessKeyId, Status = 'Active' }: Pick<AccessKeyMetadata, 'AccessKeyId' | 'Status'>, { mark, owner = '', ownerResourceId }: Pick<Reference, 'mark' | keyof Owner>): Observed {
  const id = answered(AccessKeyId, 'AccessKeyId');
  return { providerResourceId: id, nativeArn: id, name: mark.id, mark, ...(ownerResourceId === undefined ? {} : { ownerResourceId }), shape: { fields: { [OWNER]: owner, [STATUS]: Status }, tags: {}, facets: {} }, facetsRead: [] };
}
