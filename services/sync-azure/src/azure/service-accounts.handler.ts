import type { Application, ServicePrincipal } from '@microsoft/microsoft-graph-types';
import { applyFacets, isProviderError, orAbsent, ProviderError, sorted, withFacet, withFacets, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import { Attachments, POLICIES } from './attachments';
import type { AzureClient } from './azure.client';
import { FEDERATED, Federation, standingFederation, wantedFederation, withFields } from './federation';
import { markedText, markText, readMarked } from './marks';
import { checkServiceAccount } from './names-and-limits';
import { findNamed } from './named';
import { answered, collect, graphPages, quoted } from './pages';

const SELECT = 'id,appId,displayName,notes';
/** Graph takes so many values in one clause `in`. */
const IN_ONE_CLAUSE = 15;
const PRESENT = 'present';

/**
 * Applications of Entra, each with its service principal: that is who signs in and who roles are assigned to. The mark is the end of the
 * notes of both. An application that lost its service principal differs in the field `servicePrincipal`, and gets another.
 */
export class ServiceAccountsHandler implements ResourceHandler {
  readonly kind = 'service-account';
  readonly facets = [POLICIES];
  readonly check = checkServiceAccount;

  constructor(
    private readonly client: AzureClient,
    private readonly pageSize: number,
    private readonly principal: () => string | undefined,
  ) {}

  shape({ name, document, facets }: Desired): Shape {
    return { fields: { name, servicePrincipal: PRESENT, ...wantedFederation(document) }, tags: {}, facets: { [POLICIES]: sorted(facets[POLICIES] ?? []) } };
  }

  /** The application by id where it is known, else one list by each name; its service principal; then its federated credentials and roles where they are asked for. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { providerResourceId: id } = reference;
    const known = id === undefined ? undefined : await this.get(id, context);
    const found = known === undefined ? await findNamed(reference, (name) => this.named(name, context)) : (await this.withPrincipals([known], context))[0];
    const seen = found && (await this.federation(context).read(found, reference));
    return seen && (facets.includes(POLICIES) ? withFacets(seen, [this.roles(context)]) : seen);
  }

  /** A look whether the name is free, the application, its service principal, then one call for each role and federated credential. Where the second is refused the first goes too. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { name, mark } = desired;
    await this.refuseTaken(name, undefined, context);
    const notes = markText(mark);
    const application = await this.client.graph<Application>('POST', '/applications', { body: { displayName: name, notes, signInAudience: 'AzureADMyOrg' } }, context);
    const principal = await this.makePrincipal(application, notes, context).catch((error: unknown) => this.undo(application, error, context));
    const created = withFacet(observedAccount({ ...application, displayName: name, notes }, principal), POLICIES, []);
    const related = await applyFacets(created, [this.roles(context)], { addTo: desired.facets, removeFrom: {} }, desired);
    return this.federation(context).apply(related, this.shape(desired), desired);
  }

  /** A look whether a new name is free and one PATCH: the service principal follows. Then the roles and the federated credentials. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { name, servicePrincipal } = changes.fields;
    let account = observed;
    if (name !== undefined) {
      await this.refuseTaken(name, observed.providerResourceId, context);
      await this.client.graph('PATCH', `/applications/${observed.providerResourceId}`, { body: { displayName: name } }, context);
      account = { ...account, name, shape: { ...account.shape, fields: { ...account.shape.fields, name } } };
    }
    if (servicePrincipal !== undefined) account = await this.completed(account, desired, context);
    if (changes.adopt) account = await this.renoted(account, (text) => markedText(text, desired.mark), context);
    return this.federation(context).apply(await applyFacets(account, [this.roles(context)], changes, desired), changes, desired);
  }

  /** The application last: by it the rest is found again. */
  async delete(observed: Observed, context: CallContext): Promise<void> {
    const { nativeArn, providerResourceId } = observed;
    if (nativeArn === this.principal()) throw new ProviderError('InvalidRequest', 'WAMI itself signs in as this service account', { effect: 'none' });
    await new Attachments(this.client, context).clear(observed);
    if (nativeArn.startsWith('/servicePrincipals/')) await orAbsent(this.client.graph('DELETE', nativeArn, {}, context));
    await orAbsent(this.client.graph('DELETE', `/applications/${providerResourceId}`, {}, context));
  }

  /** Takes the mark out of the notes of both. */
  async release(observed: Observed, context: CallContext): Promise<void> {
    if ((await this.get(observed.providerResourceId, context)) === undefined) return;
    await this.renoted(observed, (text) => text, context);
  }

  /** One call for each page, which brings the federated credentials along, one for the service principals of fifteen, and two for the roles of all of them. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const roles = await new Attachments(this.client, context).ofAll();
    for await (const page of graphPages<Application>(this.client, '/applications', { $select: SELECT, $expand: FEDERATED, $top: String(this.pageSize) }, context)) {
      const federation = new Map(page.map(({ id, federatedIdentityCredentials }) => [id, standingFederation(answered(federatedIdentityCredentials, FEDERATED))]));
      const accounts = (await this.withPrincipals(page, context)).map((account) => withFields(account, federation.get(account.providerResourceId)));
      yield accounts.map((account) => withFacet(account, POLICIES, roles.get(account.nativeArn.slice(account.nativeArn.lastIndexOf('/') + 1)) ?? []));
    }
  }

  private makePrincipal({ appId }: Application, notes: string, context: CallContext): Promise<ServicePrincipal> {
    return this.client.graph<ServicePrincipal>('POST', '/servicePrincipals', { body: { appId: answered(appId, 'appId'), accountEnabled: true, notes } }, context);
  }

  /** Where no answer came the second may stand, and a look tells. With the application Entra deletes its service principal. */
  private async undo({ id = '' }: Application, error: unknown, context: CallContext): Promise<never> {
    if (!isProviderError(error) || error.code === 'NetworkError' || error.code === 'Timeout') throw error;
    try {
      await orAbsent(this.client.graph('DELETE', `/applications/${id}`, {}, context));
    } catch {
      throw new ProviderError(error.code, `${error.message}; its application stayed behind`, { ...error.options, effect: 'unknown' });
    }
    throw error;
  }

  private async completed(account: Observed, { mark }: Desired, context: CallContext): Promise<Observed> {
    const application = answered(await this.get(account.providerResourceId, context), 'application');
    const { id } = await this.makePrincipal(application, markText(mark), context);
    const fields = { ...account.shape.fields, servicePrincipal: PRESENT };
    return { ...account, nativeArn: `/servicePrincipals/${answered(id, 'id')}`, shape: { ...account.shape, fields } };
  }

  /** `change` gets the notes without a mark. The application comes last: by its mark the whole is known. */
  private async renoted(account: Observed, change: (text: string) => string, context: CallContext): Promise<Observed> {
    let after = '';
    for (const path of new Set([account.nativeArn, `/applications/${account.providerResourceId}`])) {
      const { notes } = await this.client.graph<Application>('GET', path, { query: { $select: 'id,notes' } }, context);
      after = change(readMarked(notes).text);
      if (after !== (notes ?? '')) await this.client.graph('PATCH', path, { body: { notes: after === '' ? null : after } }, context);
    }
    const { mark } = readMarked(after);
    return mark === undefined ? account : { ...account, mark };
  }

  private async refuseTaken(name: string, byOtherThan: string | undefined, context: CallContext): Promise<void> {
    const others = (await this.applications(name, context)).filter(({ id }) => id !== byOtherThan);
    if (others.length > 0) throw new ProviderError('AlreadyExists', `an application has the name ${name} already`, { effect: 'none' });
  }

  private async named(name: string, context: CallContext): Promise<Observed[]> {
    return this.withPrincipals(await this.applications(name, context), context);
  }

  private applications(name: string, context: CallContext): Promise<Application[]> {
    return collect(graphPages<Application>(this.client, '/applications', { $filter: `displayName eq ${quoted(name)}`, $select: SELECT }, context));
  }

  private get(id: string, context: CallContext): Promise<Application | undefined> {
    return orAbsent(this.client.graph<Application>('GET', `/applications/${id}`, { query: { $select: SELECT } }, context));
  }

  private async withPrincipals(applications: readonly Application[], context: CallContext): Promise<Observed[]> {
    const principals = new Map<string, ServicePrincipal>();
    for (let from = 0; from < applications.length; from += IN_ONE_CLAUSE) {
      const ids = applications.slice(from, from + IN_ONE_CLAUSE).map(({ appId }) => quoted(answered(appId, 'appId')));
      const $filter = ids.length === 1 ? `appId eq ${ids.join('')}` : `appId in (${ids.join(',')})`;
      const found = await collect(graphPages<ServicePrincipal>(this.client, '/servicePrincipals', { $filter, $select: 'id,appId' }, context));
      for (const principal of found) principals.set(answered(principal.appId, 'appId'), principal);
    }
    return applications.map((application) => observedAccount(application, principals.get(application.appId ?? '')));
  }

  private federation(context: CallContext): Federation {
    return new Federation(this.client, context);
  }

  private roles(context: CallContext) {
    return new Attachments(this.client, context).facetOf('ServicePrincipal');
  }
}

function observedAccount({ id, displayName, notes }: Application, principal: ServicePrincipal | undefined): Observed {
  const providerResourceId = answered(id, 'id');
  const name = answered(displayName, 'displayName');
  const { mark } = readMarked(notes);
  return {
    providerResourceId,
    nativeArn: principal === undefined ? `/applications/${providerResourceId}` : `/servicePrincipals/${answered(principal.id, 'id')}`,
    name,
    ...(mark === undefined ? {} : { mark }),
    shape: { fields: { name, servicePrincipal: principal === undefined ? 'absent' : PRESENT }, tags: {}, facets: {} },
    facetsRead: [],
  };
}
