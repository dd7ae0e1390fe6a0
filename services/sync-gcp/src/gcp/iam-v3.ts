import { orAbsent, type CallContext } from '@wami/provider-port';
import type { GcpClient, V3Request } from './gcp.client';
import { endedOperation, type Operation } from './operations';
import { answered, pagesOf } from './pages';
import { SharedPolicy, type Edit } from './shared-policy';

interface Standing {
  readonly name?: string;
  readonly etag?: string;
}
type Collection = 'principalAccessBoundaryPolicies' | 'policyBindings';
/** What a new one is called by, and what an error calls it. */
const OF: Readonly<Record<Collection, { readonly idParameter: string; readonly called: string }>> = {
  principalAccessBoundaryPolicies: { idParameter: 'principalAccessBoundaryPolicyId', called: 'the principal access boundary' },
  policyBindings: { idParameter: 'policyBindingId', called: 'the policy binding' },
};

/** What IAM v3 keeps of one sort in one organisation. Every write is an operation, and is over when that has ended. */
export class IamV3<T extends Standing> {
  private readonly parent: string;

  /** `organization`: `organizations/456`. */
  constructor(private readonly client: GcpClient, organization: string, private readonly collection: Collection, private readonly pageSize: number) {
    this.parent = `${organization}/locations/global`;
  }

  get(id: string, context: CallContext): Promise<T | undefined> {
    return orAbsent(this.read(id, context));
  }

  /** As it was made. */
  create(id: string, body: Omit<T, 'name' | 'etag'>, context: CallContext): Promise<T> {
    return this.write('create', { method: 'POST', path: `${this.parent}/${this.collection}`, query: { [OF[this.collection].idParameter]: id }, body }, context);
  }

  /** A get, and a patch of these fields where they are to be others; read anew where somebody was faster. */
  async edit(id: string, fields: readonly (keyof T & string)[], edit: Edit<T>, context: CallContext): Promise<void> {
    const shared = new SharedPolicy<T, T>({
      called: `${OF[this.collection].called} ${id}`, read: (reading) => this.read(id, reading), contentOf: (thing) => thing,
      write: (thing, content, writing) => this.write('patch', {
        method: 'PATCH', path: this.nameOf(id), query: { updateMask: fields.join(',') },
        // Written without an etag it replaces whatever stands there.
        body: { name: this.nameOf(id), etag: answered(thing.etag, 'etag'), ...Object.fromEntries(fields.map((field) => [field, content[field]])) },
      }, writing),
    });
    const [edited] = await shared.edit([edit], context);
    if (edited?.error) throw edited.error;
  }

  /** Gone for good. `etag`: nothing is deleted that somebody has changed since. */
  async delete(id: string, etag: string | undefined, context: CallContext): Promise<void> {
    await orAbsent(this.write('delete', { method: 'DELETE', path: this.nameOf(id), ...(etag === undefined ? {} : { query: { etag } }) }, context));
  }

  async *pages(context: CallContext): AsyncGenerator<readonly T[]> {
    type Page = { readonly nextPageToken?: string } & Readonly<Partial<Record<Collection, readonly T[]>>>;
    const list = (pageToken: string | undefined): Promise<Page> => this.client.iamV3('read', this.called('list'), context, {
      method: 'GET', path: `${this.parent}/${this.collection}`, query: { pageSize: String(this.pageSize), ...(pageToken === undefined ? {} : { pageToken }) },
    });
    for await (const page of pagesOf(list)) yield page[this.collection] ?? [];
  }

  nameOf(id: string): string {
    return `${this.parent}/${this.collection}/${id}`;
  }

  private read(id: string, context: CallContext): Promise<T> {
    return this.client.iamV3('read', this.called('get'), context, { method: 'GET', path: this.nameOf(id) });
  }

  private async write(verb: string, request: V3Request, context: CallContext): Promise<T> {
    const begun = await this.client.iamV3<Operation>('write', this.called(verb), context, request);
    return endedOperation<T>(begun, (path) => this.client.iamV3('read', 'iam.organizations.locations.operations.get', context, { method: 'GET', path }), context);
  }

  private called(verb: string): string {
    return `iam.organizations.locations.${this.collection}.${verb}`;
  }
}

/** `organizations/456/locations/global/policyBindings/one` -> `one` */
export const idIn = ({ name }: Standing): string => answered(name, 'name').slice((name ?? '').lastIndexOf('/') + 1);
