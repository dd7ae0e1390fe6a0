import { GetUserCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { isProviderError, orAbsent, OWNER, ProviderError, withoutOwner, type CallContext, type Observed, type Reference } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { answered, firstOf } from './pages';

/** Whom something belongs to. */
export type Owner = Pick<Reference, 'owner' | 'ownerResourceId'>;

/** What a user is called now, of its lasting id. ListUsers: IAM reads by name alone. */
export function nameOfUser(client: AwsClient, pageSize: number, id: string, context: CallContext): Promise<string | undefined> {
  const read = (Marker: string | undefined) => client.send(new ListUsersCommand({ MaxItems: pageSize, Marker }), context);
  return firstOf(read, ({ Users }) => answered(Users, 'Users').find(({ UserId }) => UserId === id)?.UserName);
}

/**
 * The users that keys and login profiles belong to. IAM goes by their names, and others may have given the user another one, and its own to somebody else:
 * then it is the user's lasting id that counts. ListUsers is called only where the name on record does not lead to what is looked for. A name that stands on no record is told in no error.
 */
export class Owners {
  constructor(private readonly client: AwsClient, private readonly pageSize: number) {}

  /**
   * What `look` finds with the owner, whatever that is called. Of what is on record and not with the owner, what has the owner's name instead.
   * @throws ProviderError `DependencyNotReady` where it could be what an attempt made for the owner, whom IAM does not list
   */
  async find(reference: Reference, context: CallContext, look: (name: string) => Promise<Observed | undefined>): Promise<Observed | undefined> {
    const { owner, ownerResourceId, providerResourceId } = reference;
    if (owner === undefined) return undefined;
    const found = await nameless(owner, look(owner));
    if (ownerResourceId === undefined || (found !== undefined && found.providerResourceId === providerResourceId)) return found;
    const name = await this.nameOf(ownerResourceId, context);
    if (name === owner || (name === undefined && (found === undefined || providerResourceId !== undefined))) return found;
    // Whoever has the name may be a stranger, and nothing tells what an attempt made from what is the stranger's.
    if (name === undefined) throw new ProviderError('DependencyNotReady', 'IAM lists no user of the lasting id that is on record for its owner', { effect: 'none' });
    return (await nameless(name, look(name))) ?? (providerResourceId === undefined ? undefined : found);
  }

  /**
   * Asked once something was made under the owner's name, so that it is no stranger's who has the name since the last look.
   * @throws ProviderError `DependencyNotReady` where the name leads to somebody else: what was made is to be taken away again
   */
  async stillOwner({ owner = '', ownerResourceId }: Owner, context: CallContext): Promise<void> {
    if (ownerResourceId === undefined) return;
    const { User } = await nameless(owner, this.client.send(new GetUserCommand({ UserName: owner }), context));
    if (User?.UserId !== ownerResourceId) throw new ProviderError('DependencyNotReady', 'the name on record of its owner is another user\'s by now', { effect: 'none' });
  }

  /** Calls under the owner's name; where IAM finds nothing by that, under the one that the owner has now. */
  async reach<T>(of: Owner, context: CallContext, call: (name: string) => Promise<T>): Promise<T> {
    try {
      return await call(of.owner ?? '');
    } catch (error) {
      if (!isProviderError(error) || error.code !== 'NotFound') throw error;
      const name = await this.newName(of, context);
      if (name === undefined) throw error;
      return nameless(name, call(name));
    }
  }

  /**
   * Success where it is gone. What was not found under the owner's name is looked for before that is believed.
   * @throws ProviderError `Conflict` where it stands all the same
   */
  async remove({ shape: { fields }, ...observed }: Observed, send: (name: string) => Promise<unknown>, look: (reference: Reference) => Promise<Observed | undefined>): Promise<void> {
    const { mark, name, ownerResourceId, providerResourceId } = observed;
    const owner = fields[OWNER] ?? '';
    const isSent = await orAbsent(nameless(owner, send(owner).then(() => true)));
    if (isSent || mark === undefined || ownerResourceId === undefined) return;
    const left = await look({ mark, names: [name], owner, ownerResourceId, providerResourceId });
    if (left?.providerResourceId !== providerResourceId) return;
    throw new ProviderError('Conflict', 'IAM shows it and finds nothing to delete under the name of its user, which has another one by now or had it a moment ago', { effect: 'none' });
  }

  /** Undefined where it has none: it is called as on record, or is not there. */
  private async newName({ owner, ownerResourceId }: Owner, context: CallContext): Promise<string | undefined> {
    const name = ownerResourceId === undefined ? undefined : await this.nameOf(ownerResourceId, context);
    return name === owner ? undefined : name;
  }

  private nameOf(id: string, context: CallContext): Promise<string | undefined> {
    return nameOfUser(this.client, this.pageSize, id, context);
  }
}

async function nameless<T>(name: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw isProviderError(error) ? new ProviderError(error.code, withoutOwner(error.message, name), error.options) : error;
  }
}
