import type { iam_v1 } from '@googleapis/iam';
import { findOwn, orAbsent, ProviderError, withFacet, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type ResourceHandler } from '@wami/provider-port';
import { POLICIES, type Attachments } from './attachments';
import type { GcpClient } from './gcp.client';
import { describe } from './marks';
import { checkServiceAccount, markable } from './names-and-limits';
import { pagesOf } from './pages';
import { accountName, desiredServiceAccount, memberOf, observedServiceAccount, textOf } from './service-account-shape';
import { refuseRename } from './no-rename';

/** Google's own limit. */
const LARGEST_PAGE = 100;

/** Service accounts of the project. Their names are there for good; what is attached to them stands in the project's allow policy. */
export class ServiceAccountsHandler implements ResourceHandler {
  readonly kind = 'service-account';
  readonly facets = [POLICIES];
  readonly shape = desiredServiceAccount;
  readonly check = checkServiceAccount;

  constructor(
    private readonly client: GcpClient,
    private readonly project: string,
    private readonly attachments: Attachments,
    private readonly pageSize: number,
    private readonly principal: () => string | undefined,
  ) {}

  /** One get under each name, and one read of the allow policy where attachments are asked for. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { client } = this;
    const found = await findOwn(reference, async (name) => {
      const account = await orAbsent(
        client.iam('read', 'iam.projects.serviceAccounts.get', context, (api, options) =>
          api.projects.serviceAccounts.get({ name: accountName(this.project, name) }, options)),
      );
      return account && observedServiceAccount(this.project, account);
    });
    if (found === undefined || !facets.includes(POLICIES)) return found;
    return (await this.attachments.reader(context))(found, this.memberOf(found));
  }

  /** One create with the marks, and where policies are to be attached a read and a write of the allow policy, however many they are. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { client } = this;
    const { name, document, mark, facets } = desired;
    const serviceAccount = { displayName: textOf(document['displayName']), description: describe(textOf(document['description']), mark) };
    const account = await client.iam('write', 'iam.projects.serviceAccounts.create', context, (api, options) =>
      api.projects.serviceAccounts.create({ name: `projects/${this.project}`, requestBody: { accountId: name, serviceAccount } }, options));
    const created = withFacet(observedServiceAccount(this.project, { ...account, ...serviceAccount }), POLICIES, []);
    return this.attachments.apply(created, this.memberOf(created), { addTo: facets, removeFrom: {} }, { instance: mark.instance, context });
  }

  /** One patch of what differs, then its attachments. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const written = await this.patch(desired, observed, changes, context);
    const applied = await this.attachments.apply(written, this.memberOf(written), changes, { instance: desired.mark.instance, context });
    refuseRename('service account', observed, changes.fields);
    return applied;
  }

  /** What it was given goes first, what it was denied last. Nobody else may have the account's number again. */
  async delete(observed: Observed, context: CallContext): Promise<void> {
    const { client } = this;
    const member = this.memberOf(observed);
    if (member === `serviceAccount:${this.principal() ?? ''}`) throw new ProviderError('InvalidRequest', 'WAMI itself signs in as this service account', { effect: 'none' });
    await this.attachments.takeAll(member, context);
    await orAbsent(
      client.iam('write', 'iam.projects.serviceAccounts.delete', context, (api, options) =>
        api.projects.serviceAccounts.delete({ name: accountName(this.project, observed.name) }, options)),
    );
    await this.attachments.forget(member, observed.mark, context);
  }

  /** One patch: the description without the marks. */
  async release(observed: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.write(observed, { description: textOf(observed.shape.fields['description']) }, context));
  }

  /** Up to 100 accounts in one call, and one read of the allow policy for all of them. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const { client } = this;
    const attached = await this.attachments.reader(context);
    const read = (pageToken: string | undefined): Promise<iam_v1.Schema$ListServiceAccountsResponse> =>
      client.iam('read', 'iam.projects.serviceAccounts.list', context, (api, options) =>
        api.projects.serviceAccounts.list({ name: `projects/${this.project}`, pageSize: Math.min(this.pageSize, LARGEST_PAGE), ...(pageToken === undefined ? {} : { pageToken }) }, options));
    for await (const { accounts = [] } of pagesOf(read)) {
      yield accounts.map((account) => {
        const observed = observedServiceAccount(this.project, account);
        return attached(observed, this.memberOf(observed));
      });
    }
  }

  private async patch({ mark, document }: Desired, observed: Observed, { fields, adopt }: Changes, context: CallContext): Promise<Observed> {
    const { shape } = observed;
    const description = fields['description'] ?? textOf(shape.fields['description']);
    const displayName: { displayName?: string } = fields['displayName'] === undefined ? {} : { displayName: textOf(document['displayName']) };
    const owner = adopt ? mark : observed.mark;
    if (adopt) markable(description, mark);
    const isRewritten = fields['description'] !== undefined || adopt === true;
    await this.write(observed, { ...displayName, ...(isRewritten ? { description: describe(description, owner) } : {}) }, context);
    return { ...observed, ...(owner === undefined ? {} : { mark: owner }), shape: { ...shape, fields: { ...shape.fields, ...fields, description } } };
  }

  private async write({ name }: Observed, serviceAccount: { readonly displayName?: string; readonly description?: string }, context: CallContext): Promise<void> {
    const updateMask = Object.keys(serviceAccount).join(',');
    if (updateMask === '') return;
    const { client } = this;
    await client.iam('write', 'iam.projects.serviceAccounts.patch', context, (api, options) =>
      api.projects.serviceAccounts.patch({ name: accountName(this.project, name), requestBody: { serviceAccount, updateMask } }, options));
  }

  private memberOf({ name }: Observed): string {
    return memberOf(this.project, name);
  }
}
