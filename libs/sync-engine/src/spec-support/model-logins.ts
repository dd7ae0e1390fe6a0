import { OWNER, ProviderError, type CallContext, type Observed, type OwnershipMark, type ProviderAdapter, type ResourceHandler } from '@wami/provider-port';
import type { Api, ModelCloud } from './model-cloud';
import { nameNow, withKind } from './with-kind';

export interface ModelLogin {
  /** When it was made, as the cloud tells it. */
  readonly made: string;
  /** Id of the user. */
  readonly user: string | undefined;
}

/** Login profiles at the model cloud, in the likeness of AWS: one of a user, no name, no mark, and a password that is told once. */
export class ModelLogins {
  logins: ModelLogin[] = [];
  private count = 0;

  constructor(private readonly cloud: ModelCloud) {}

  /** That of the cloud, which can hold login profiles as well. */
  adapter(): ProviderAdapter {
    return withKind(this.cloud.adapter(), 'login-profile', (account) => this.handler(account));
  }

  /** As somebody else makes one. */
  plant(owner: string): ModelLogin {
    const login = { made: `made-${++this.count}`, user: this.cloud.named(owner)?.id };
    this.logins.push(login);
    return login;
  }

  private of(owner: string | undefined): ModelLogin | undefined {
    const user = this.cloud.users().find(({ name }) => name === owner);
    return user && this.logins.find((login) => login.user === user.id);
  }

  private handler(account: string): ResourceHandler {
    const call = <T>(api: Api, name: string, { signal, request }: CallContext, work: () => T): Promise<T> => {
      const send = (): Promise<T> => this.cloud.api({ account, by: 'engine' }, api, name, signal, work);
      return request ? request(api === 'get' ? 'read' : 'write', send) : send();
    };
    return {
      kind: 'login-profile', facets: [], check: () => undefined,
      shape: ({ owner = '' }) => ({ fields: { [OWNER]: owner }, tags: {}, facets: {} }),
      observe: ({ mark, owner: called, ownerResourceId, providerResourceId, groundwork }, _facets, context) => call('get', mark.id, context, () => {
        const owner = nameNow(this.cloud, called, ownerResourceId);
        const login = this.of(owner);
        if (login === undefined) return undefined;
        const isOurs = providerResourceId === undefined ? groundwork !== undefined && Number(login.made.slice('made-'.length)) > Number(groundwork['after']) : login.made === providerResourceId;
        const { mark: ours, ...found } = observed(login, mark, owner);
        return isOurs ? { ...found, mark: ours } : found;
      }),
      prepare: ({ mark }, context) => call('get', mark.id, context, () => ({ after: this.count })),
      create: ({ mark, owner = '' }, context) => call('create', mark.id, context, () => {
        if (!this.cloud.named(owner)) throw new ProviderError('NotFound', 'no such user');
        if (this.of(owner) !== undefined) throw new ProviderError('AlreadyExists', 'there is one already');
        const login = this.plant(owner);
        return { observed: observed(login, mark, owner), rejected: [], secret: `password-of-${login.made}` };
      }),
      update: (_desired, login) => Promise.resolve({ observed: login, rejected: [] }),
      delete: ({ name, shape: { fields } }, context) => call('delete', name, context, () => {
        const login = this.of(fields[OWNER]);
        this.logins = this.logins.filter((one) => one !== login);
      }),
      async *list() {
        // As at AWS, nothing lists those of all users.
      },
    };
  }
}

function observed({ made }: ModelLogin, mark: OwnershipMark, owner = ''): Observed & { readonly mark: OwnershipMark } {
  return { providerResourceId: made, nativeArn: made, name: mark.id, mark, shape: { fields: { [OWNER]: owner }, tags: {}, facets: {} }, facetsRead: [] };
}
