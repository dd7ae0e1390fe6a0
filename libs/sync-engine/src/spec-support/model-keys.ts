import { OWNER, ProviderError, type CallContext, type Desired, type Observed, type OwnershipMark, type ProviderAdapter, type ResourceHandler } from '@wami/provider-port';
import type { Api, ModelCloud } from './model-cloud';
import { nameNow, withKind } from './with-kind';

export interface ModelKey {
  readonly id: string;
  /** Id of the user. */
  readonly user: string | undefined;
  status: string;
}

/** Access keys at the model cloud, in the likeness of AWS: no name, no mark, two of a user, and a secret that is told once. */
export class ModelKeys {
  keys: ModelKey[] = [];
  /** Of every key that was ever made. */
  readonly secrets: string[] = [];
  private ids = 0;

  constructor(private readonly cloud: ModelCloud) {}

  /** That of the cloud, which can hold keys as well. */
  adapter(): ProviderAdapter {
    return withKind(this.cloud.adapter(), 'access-key', (account) => this.handler(account));
  }

  /** As somebody else makes one. */
  plant(owner: string): ModelKey {
    const key = { id: `AKIA${++this.ids}`, user: this.cloud.named(owner)?.id, status: 'active' };
    this.keys.push(key);
    return key;
  }

  private of(owner: string | undefined): ModelKey[] {
    const user = this.cloud.users().find(({ name }) => name === owner);
    return user ? this.keys.filter((key) => key.user === user.id) : [];
  }

  private byName(owner: string | undefined, id: string): ModelKey {
    const key = this.of(owner).find((one) => one.id === id);
    if (!key) throw new ProviderError('NotFound', 'no such user, or no such key of it');
    return key;
  }

  private handler(account: string): ResourceHandler {
    const call = <T>(api: Api, name: string, { signal, request }: CallContext, work: () => T): Promise<T> => {
      const send = (): Promise<T> => this.cloud.api({ account, by: 'engine' }, api, name, signal, work);
      return request ? request(api === 'get' ? 'read' : 'write', send) : send();
    };
    return {
      kind: 'access-key', facets: [], check: () => undefined,
      shape: ({ document, owner = '' }) => ({ fields: { [OWNER]: owner, status: String(document['status']) }, tags: {}, facets: {} }),
      observe: ({ mark, owner: called, ownerResourceId, providerResourceId, groundwork, others = [] }, _facets, context) => call('get', mark.id, context, () => {
        const owner = nameNow(this.cloud, called, ownerResourceId);
        const mine = this.of(owner);
        const had = new Set([...(groundwork?.['had'] as string[] | undefined) ?? [], ...others]);
        const key = providerResourceId === undefined ? groundwork && mine.find(({ id }) => !had.has(id)) : mine.find(({ id }) => id === providerResourceId);
        return key && observed(key, mark, owner);
      }),
      prepare: ({ mark, owner }: Desired, context) => call('get', mark.id, context, () => {
        const had = this.of(owner).map(({ id }) => id);
        if (had.length >= 2) throw new ProviderError('LimitExceeded', 'two keys are there already');
        return { had };
      }),
      create: ({ mark, owner = '' }, context) => call('create', mark.id, context, () => {
        if (!this.cloud.named(owner)) throw new ProviderError('NotFound', 'no such user');
        const key = this.plant(owner);
        const secret = `secret-of-${key.id}-${'x'.repeat(20)}`;
        this.secrets.push(secret);
        return { observed: observed(key, mark, owner), rejected: [], secret };
      }),
      update: async ({ owner, ownerResourceId }, key, { fields: { status } }, context) => {
        if (status !== undefined) await call('tag', key.name, context, () => Object.assign(this.byName(nameNow(this.cloud, owner, ownerResourceId), key.providerResourceId), { status }));
        return { observed: key, rejected: [] };
      },
      delete: ({ name, providerResourceId, shape: { fields } }, context) => call('delete', name, context, () => {
        const key = this.of(fields[OWNER]).find(({ id }) => id === providerResourceId);
        this.keys = this.keys.filter((one) => one !== key);
      }),
      async *list() {
        // As at AWS, nothing lists the keys of all users.
      },
    };
  }
}

function observed({ id, status }: ModelKey, mark: OwnershipMark, owner = ''): Observed {
  return { providerResourceId: id, nativeArn: id, name: mark.id, mark, shape: { fields: { [OWNER]: owner, status }, tags: {}, facets: {} }, facetsRead: [] };
}
