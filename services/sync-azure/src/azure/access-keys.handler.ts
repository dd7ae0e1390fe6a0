import type { Application, PasswordCredential } from '@microsoft/microsoft-graph-types';
import { isProviderError, orAbsent, OWNER, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Groundwork, type Observed, type OwnershipMark, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import { readMarked } from './marks';
import { answered, collect, graphPages, quoted } from './pages';

const SELECT = 'id,appId,notes,passwordCredentials';
/** Until it is deleted: Entra's own choice would be two years, after which it would stand there and let nobody in. */
const NEVER = '2100-12-31T00:00:00Z';
const NO_USERS = 'Microsoft lets users sign in by no keys of theirs; make a key of a service account';
const NO_PAUSE = 'status: Microsoft cannot deactivate a password of an application; where it stands it can be used, until the key is deleted';

interface Standing {
  readonly application: Application;
  readonly password: PasswordCredential;
}

/**
 * Passwords of applications: what programs sign in with as service accounts. Their display name says which key of ours each is, and the mark of the application
 * whose service account it is, so what an attempt made whose answer was lost is known for certain. The lasting id is `<client id>/<key id>`: who signs in has to say the former too.
 */
export class AccessKeysHandler implements ResourceHandler {
  readonly kind = 'access-key';
  readonly facets = [];

  constructor(private readonly client: AzureClient) {}

  shape({ owner = '' }: Desired): Shape {
    return { fields: { [OWNER]: owner }, tags: {}, facets: {} };
  }

  check({ document }: Desired): ProviderError | undefined {
    if (document['ownerKind'] === 'user') return new ProviderError('Unsupported', NO_USERS);
    return document['status'] === 'inactive' ? new ProviderError('Unsupported', NO_PAUSE) : undefined;
  }

  /** One list: of the application, or after a lost answer of those that have the owner's name. */
  async observe({ mark, owner, providerResourceId, groundwork, others = [] }: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    if (owner === undefined || (providerResourceId === undefined && groundwork === undefined)) return undefined;
    const filter = providerResourceId === undefined ? `displayName eq ${quoted(owner)}` : `appId eq ${quoted(providerResourceId.split('/', 1)[0] ?? '')}`;
    const isIt = (one: Standing): boolean =>
      (providerResourceId === undefined ? isOwnersOf(groundwork, one) && one.password.displayName === nameOf(mark) && !others.includes(idOf(one)) : idOf(one) === providerResourceId);
    const standing = (await this.applications(filter, context)).flatMap((application) => (application.passwordCredentials ?? []).map((password) => ({ application, password })));
    const found = standing.find(isIt);
    return found && observed(found, mark, owner);
  }

  /** Whose it is to be: a stranger's application may have the owner's name, and a password of this name. */
  prepare({ document }: Desired): Promise<Groundwork> {
    return Promise.resolve({ ownerId: document['ownerId'] });
  }

  /** A list by the owner's name, and the password. */
  async create({ owner = '', mark, document }: Desired, context: CallContext): Promise<Applied> {
    const application = (await this.applications(`displayName eq ${quoted(owner)}`, context)).find(({ notes }) => readMarked(notes).mark?.id === document['ownerId']);
    if (application === undefined) throw unseen(owner);
    const body = { passwordCredential: { displayName: nameOf(mark), endDateTime: NEVER } };
    const made = await this.client.graph<PasswordCredential>('POST', `/applications/${application.id ?? ''}/addPassword`, { body }, context).catch((error: unknown) => {
      throw isNotFound(error) ? unseen(owner) : error;
    });
    const { secretText, ...password } = answered(made, 'password');
    return { observed: observed({ application, password }, mark, owner), rejected: [], secret: answered(secretText, 'secretText') };
  }

  /** That the service account is called otherwise by now needs no call; nothing else of a password can be changed. */
  update(_desired: Desired, key: Observed, { fields }: Changes): Promise<Applied> {
    return Promise.resolve({ observed: { ...key, shape: { ...key.shape, fields: { ...key.shape.fields, ...fields } } }, rejected: [] });
  }

  /** One call. Where Entra knows no such password there is a look: of one that was made just now it may not know yet, and it would let in whoever has it. */
  async delete({ nativeArn, name }: Observed, context: CallContext): Promise<void> {
    const [, application = '', keyId = ''] = ARN.exec(nativeArn) ?? [];
    try {
      await this.client.graph('POST', `/applications/${application}/removePassword`, { body: { keyId } }, context);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const left = await orAbsent(this.client.graph<Application>('GET', `/applications/${application}`, { query: { $select: SELECT } }, context));
      if (left?.passwordCredentials?.some((password) => password.keyId === keyId)) throw new ProviderError('Conflict', `Entra shows the password ${name} and does not find it yet`, { effect: 'none' });
    }
  }

  /** Strangers' passwords are nothing that could be imported, for nobody has their secrets; ours are looked at one by one. */
  async *list(): AsyncGenerator<readonly Observed[]> {
    // Nothing.
  }

  private applications($filter: string, context: CallContext): Promise<Application[]> {
    return collect(graphPages<Application>(this.client, '/applications', { $filter, $select: SELECT }, context));
  }
}

const ARN = /^\/applications\/([^/]+)\/passwordCredentials\/([^/]+)$/;

/** Short: Entra cuts longer names of credentials. */
const nameOf = ({ id }: OwnershipMark): string => `managed-by=wami wami-id=${id}`;

/** What earlier releases noted names no owner: then it has to be an application of ours at least. */
function isOwnersOf(groundwork: Groundwork | undefined, { application: { notes } }: Standing): boolean {
  const owner = readMarked(notes).mark?.id;
  return owner !== undefined && owner === (groundwork?.['ownerId'] ?? owner);
}

const idOf = ({ application: { appId }, password: { keyId } }: Standing): string => `${answered(appId, 'appId')}/${answered(keyId, 'keyId')}`;

function observed(standing: Standing, mark: OwnershipMark, owner: string): Observed {
  const { application, password } = standing;
  const nativeArn = `/applications/${answered(application.id, 'id')}/passwordCredentials/${answered(password.keyId, 'keyId')}`;
  return { providerResourceId: idOf(standing), nativeArn, name: mark.id, mark, shape: { fields: { [OWNER]: owner }, tags: {}, facets: {} }, facetsRead: [] };
}

/** It was made just now, and is not known everywhere yet. A stranger's of the same name is none of ours. */
function unseen(owner: string): ProviderError {
  return new ProviderError('DependencyNotReady', `no application ${owner} that is ours is to be seen yet`, { effect: 'none' });
}

function isNotFound(error: unknown): boolean {
  return isProviderError(error) && error.code === 'NotFound';
}
