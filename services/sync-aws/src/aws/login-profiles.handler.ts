import { CreateLoginProfileCommand, DeleteLoginProfileCommand, GetLoginProfileCommand, type LoginProfile } from '@aws-sdk/client-iam';
import { isOfItsTime, orAbsent, orNone, OWNER, type Applied, type CallContext, type Changes, type Desired, type Groundwork, type Observed, type OwnershipMark, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { newPassword } from './new-password';
import type { Owner, Owners } from './owners';
import { answered } from './pages';

/** What is noted before an attempt. */
interface Noted extends Groundwork {
  /** Id of the one that the user had; a look may show it a while after it was deleted. */
  readonly had?: string;
  /** Milliseconds. */
  readonly at: number;
}

/**
 * Login profiles of IAM users: the passwords by which they sign in to the console. A user has one at most, without name or tags; one is told from another of
 * the same user by when it was made, which a new password does not change (GetLoginProfile, API reference). Of the listing of users nothing can be said about
 * them, so each is looked at by itself.
 */
export class LoginProfilesHandler implements ResourceHandler {
  readonly kind = 'login-profile';
  readonly facets = [];

  constructor(private readonly client: AwsClient, private readonly owners: Owners, private readonly now: () => number = Date.now) {}

  shape({ owner = '' }: Desired): Shape {
    return { fields: { [OWNER]: owner }, tags: {}, facets: {} };
  }

  check(): undefined {
    return undefined;
  }

  /** GetLoginProfile. What others made is found without a mark. Where that shows nothing on record, ListUsers, and the one of the user under its other name. */
  observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { providerResourceId, groundwork } = reference;
    return this.owners.find(reference, context, async (owner) => {
      const profile = await this.of(owner, context);
      if (profile === undefined) return undefined;
      const isOurs = providerResourceId === undefined ? groundwork !== undefined && isOf(profile, groundwork as Noted) : idOf(profile) === providerResourceId;
      const { mark, ...found } = observed(profile, { ...reference, owner });
      return isOurs ? { ...found, mark } : found;
    });
  }

  /** GetLoginProfile. Whether there is one is for the creation to say. */
  async prepare({ owner = '' }: Desired, context: CallContext): Promise<Noted> {
    const at = this.now();
    const before = await this.of(owner, context);
    return { at, ...(before === undefined ? {} : { had: idOf(before) }) };
  }

  /** CreateLoginProfile, and GetUser, whose it is. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const [Password, UserName] = [newPassword(), desired.owner ?? ''];
    const { LoginProfile } = await this.client.send(new CreateLoginProfileCommand({ UserName, Password, PasswordResetRequired: true }), context);
    await orNone(this.owners.stillOwner(desired, context), () => this.sendDelete(UserName, context));
    return { observed: observed(answered(LoginProfile, 'LoginProfile'), desired), rejected: [], secret: Password };
  }

  /** That the user is called otherwise by now needs no call, and nothing else of it changes. */
  update(_desired: Desired, profile: Observed, { fields }: Changes): Promise<Applied> {
    return Promise.resolve({ observed: { ...profile, shape: { ...profile.shape, fields: { ...profile.shape.fields, ...fields } } }, rejected: [] });
  }

  /** DeleteLoginProfile. Where that finds nothing, a look. */
  async delete(profile: Observed, context: CallContext): Promise<void> {
    await this.owners.remove(profile, (owner) => this.sendDelete(owner, context), (reference) => this.observe(reference, [], context));
  }

  private async sendDelete(UserName: string, context: CallContext): Promise<void> {
    await this.client.send(new DeleteLoginProfileCommand({ UserName }), context);
  }

  /** IAM tells of them user by user only, which nobody could afford for all of them. */
  async *list(): AsyncGenerator<readonly Observed[]> {
    // Nothing.
  }

  private async of(UserName: string, context: CallContext): Promise<LoginProfile | undefined> {
    return (await orAbsent(this.client.send(new GetLoginProfileCommand({ UserName }), context)))?.LoginProfile;
  }
}

/** What the attempt made. */
function isOf(profile: LoginProfile, { had, at }: Noted): boolean {
  return idOf(profile) !== had && isOfItsTime(profile.CreateDate, at);
}

function idOf({ CreateDate }: LoginProfile): string {
  return answered(CreateDate, 'CreateDate').toISOString();
}

function observed(profile: LoginProfile, { mark, owner = '', ownerResourceId }: Pick<Reference, 'mark' | keyof Owner>): Observed & { readonly mark: OwnershipMark } {
  const id = idOf(profile);
  return { providerResourceId: id, nativeArn: id, name: mark.id, mark, ...(ownerResourceId === undefined ? {} : { ownerResourceId }), shape: { fields: { [OWNER]: owner }, tags: {}, facets: {} }, facetsRead: [] };
}
