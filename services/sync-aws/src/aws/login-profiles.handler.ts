import { CreateLoginProfileCommand, DeleteLoginProfileCommand, GetLoginProfileCommand, type LoginProfile } from '@aws-sdk/client-iam';
import { orAbsent, OWNER, type Applied, type CallContext, type Changes, type Desired, type Groundwork, type Observed, type OwnershipMark, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { AwsClient } from './aws.client';
import { newPassword } from './new-password';
import { isOfItsTime } from './of-its-time';
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

  constructor(private readonly client: AwsClient, private readonly now: () => number = Date.now) {}

  shape({ owner = '' }: Desired): Shape {
    return { fields: { [OWNER]: owner }, tags: {}, facets: {} };
  }

  check(): undefined {
    return undefined;
  }

  /** GetLoginProfile. What others made is found without a mark. */
  async observe({ mark, owner, providerResourceId, groundwork }: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const profile = owner === undefined ? undefined : await this.of(owner, context);
    if (owner === undefined || profile === undefined) return undefined;
    const isOurs = providerResourceId === undefined ? groundwork !== undefined && isOf(profile, groundwork as Noted) : idOf(profile) === providerResourceId;
    const { mark: ours, ...found } = observed(profile, mark, owner);
    return isOurs ? { ...found, mark: ours } : found;
  }

  /** GetLoginProfile. Whether there is one is for the creation to say. */
  async prepare({ owner = '' }: Desired, context: CallContext): Promise<Noted> {
    const at = this.now();
    const before = await this.of(owner, context);
    return { at, ...(before === undefined ? {} : { had: idOf(before) }) };
  }

  /** CreateLoginProfile. */
  async create({ owner = '', mark }: Desired, context: CallContext): Promise<Applied> {
    const Password = newPassword();
    const { LoginProfile } = await this.client.send(new CreateLoginProfileCommand({ UserName: owner, Password, PasswordResetRequired: true }), context);
    return { observed: observed(answered(LoginProfile, 'LoginProfile'), mark, owner), rejected: [], secret: Password };
  }

  /** That the user is called otherwise by now needs no call, and nothing else of it changes. */
  update(_desired: Desired, profile: Observed, { fields }: Changes): Promise<Applied> {
    return Promise.resolve({ observed: { ...profile, shape: { ...profile.shape, fields: { ...profile.shape.fields, ...fields } } }, rejected: [] });
  }

  /** DeleteLoginProfile. */
  async delete({ shape: { fields } }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.client.send(new DeleteLoginProfileCommand({ UserName: fields[OWNER] }), context));
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

function observed(profile: LoginProfile, mark: OwnershipMark, owner: string): Observed & { readonly mark: OwnershipMark } {
  const id = idOf(profile);
  return { providerResourceId: id, nativeArn: id, name: mark.id, mark, shape: { fields: { [OWNER]: owner }, tags: {}, facets: {} }, facetsRead: [] };
}
