import { randomBytes } from 'node:crypto';
import type { User } from '@microsoft/microsoft-graph-types';
import { applyFacets, findOwn, orAbsent, ProviderError, sorted, withFacet, withFacets, type Applied, type CallContext, type Changes, type Desired, type FacetCalls, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import { Attachments, POLICIES } from './attachments';
import type { AzureClient } from './azure.client';
import { markText, readMarked } from './marks';
import { GROUPS, groupsOfAll, membershipsOf } from './memberships';
import { checkUser, displayNameOf } from './names-and-limits';
import { answered, graphPages } from './pages';
import { orRestored } from './soft-deleted';
import type { UserNames } from './user-names';

/** A user's place for what others write about it; the last of fifteen, which directory synchronisation is least likely to fill. */
const MARK_ATTRIBUTE = 'extensionAttribute15';
const SELECT = 'id,userPrincipalName,displayName,onPremisesExtensionAttributes';

/** Entra users. Their direct memberships are the facet `groups`, their roles at the place the facet `policies`. */
export class UsersHandler implements ResourceHandler {
  readonly kind = 'user';
  readonly facets = [GROUPS, POLICIES];

  constructor(
    private readonly client: AzureClient,
    private readonly pageSize: number,
    private readonly names: UserNames,
    private readonly principal: () => string | undefined,
  ) {}

  shape({ name, document, facets }: Desired): Shape {
    const held = Object.fromEntries(this.facets.map((facet) => [facet, sorted(facets[facet] ?? [])]));
    return { fields: { name, displayName: displayNameOf(document, name) }, tags: {}, facets: held };
  }

  check(desired: Desired): ProviderError | undefined {
    const problem = this.names.problem(desired.name);
    return problem === undefined ? checkUser(desired) : new ProviderError('InvalidRequest', problem);
  }

  /** By id where it is known, else under each name; then one list for each facet that is asked for. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    await this.names.ready(context);
    const { providerResourceId: id } = reference;
    const known = id === undefined ? undefined : await this.get(id, context);
    const found = known ?? (await findOwn(reference, (name) => this.get(this.names.there(name), context)));
    return found && withFacets(found, this.calls(context).filter(({ facet }) => facets.includes(facet)));
  }

  /** One call, then one for each relation. The first password is random and nobody gets to know it: the user signs in once somebody has reset it. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    await this.names.ready(context);
    const { displayName = '' } = this.shape(desired).fields;
    const userPrincipalName = this.names.there(desired.name);
    const onPremisesExtensionAttributes = { [MARK_ATTRIBUTE]: markText(desired.mark) };
    const wanted: User = { userPrincipalName, displayName, accountEnabled: true, mailNickname: userPrincipalName.replace(/@.*$/, ''), onPremisesExtensionAttributes };
    const passwordProfile = { password: `aA1!${randomBytes(32).toString('base64url')}`, forceChangePasswordNextSignIn: true };
    const made = await orRestored(this.client, { mark: desired.mark, wanted, markOf }, context, () =>
      this.client.graph<User>('POST', '/users', { body: { ...wanted, passwordProfile } }, context),
    );
    const created = this.observed({ ...wanted, id: made.id ?? '' });
    const calls = this.calls(context);
    const empty = calls.reduce((user, { facet }) => withFacet(user, facet, []), created);
    return applyFacets(empty, calls, { addTo: desired.facets, removeFrom: {} }, desired);
  }

  /** One PATCH for name, display name and mark, then the relations. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    await this.names.ready(context);
    const { name, displayName } = changes.fields;
    const body = {
      ...(name === undefined ? {} : { userPrincipalName: this.names.there(name), mailNickname: this.names.there(name).replace(/@.*$/, '') }),
      ...(displayName === undefined ? {} : { displayName }),
      ...(changes.adopt ? { onPremisesExtensionAttributes: { [MARK_ATTRIBUTE]: markText(desired.mark) } } : {}),
    };
    if (Object.keys(body).length > 0) await this.client.graph('PATCH', `/users/${observed.providerResourceId}`, { body }, context);
    const fields = { ...observed.shape.fields, ...changes.fields };
    const user = { ...observed, name: name ?? observed.name, ...(changes.adopt ? { mark: desired.mark } : {}), shape: { ...observed.shape, fields } };
    return applyFacets(user, this.calls(context), changes, desired);
  }

  /** Entra ends the memberships itself; assignments would stay as "identity not found". */
  async delete(observed: Observed, context: CallContext): Promise<void> {
    if (observed.nativeArn === this.principal()) throw new ProviderError('InvalidRequest', 'WAMI itself signs in as this user', { effect: 'none' });
    await new Attachments(this.client, context).clear(observed);
    await orAbsent(this.client.graph('DELETE', `/users/${observed.providerResourceId}`, {}, context));
  }

  /** PATCH that empties the attribute of the mark, where it is ours. */
  async release({ providerResourceId }: Observed, context: CallContext): Promise<void> {
    if ((await this.get(providerResourceId, context))?.mark === undefined) return;
    const body = { onPremisesExtensionAttributes: { [MARK_ATTRIBUTE]: null } };
    await orAbsent(this.client.graph('PATCH', `/users/${providerResourceId}`, { body }, context));
  }

  /** One call for each page, one for the groups of twenty users in it, and two for the roles of all of them. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    await this.names.ready(context);
    const roles = await new Attachments(this.client, context).ofAll();
    for await (const page of graphPages<User>(this.client, '/users', { $select: SELECT, $top: String(this.pageSize) }, context)) {
      const users = page.map((user) => this.observed(user));
      const groups = await groupsOfAll(this.client, users.map(({ providerResourceId }) => providerResourceId), context);
      yield users.flatMap((user, index) => {
        const held = groups[index];
        return held === undefined ? [] : withFacet(withFacet(user, GROUPS, held), POLICIES, roles.get(user.providerResourceId) ?? []);
      });
    }
  }

  private async get(idOrName: string, context: CallContext): Promise<Observed | undefined> {
    const user = await orAbsent(this.client.graph<User>('GET', `/users/${encodeURIComponent(idOrName)}`, { query: { $select: SELECT } }, context));
    return user && this.observed(user);
  }

  /** `obstacle`: somebody else uses the attribute of the mark. */
  private observed(user: User): Observed {
    const id = answered(user.id, 'id');
    const name = this.names.here(answered(user.userPrincipalName, 'userPrincipalName'));
    const mark = markOf(user);
    const occupied = mark === undefined && (user.onPremisesExtensionAttributes?.[MARK_ATTRIBUTE] ?? '') !== '';
    return {
      providerResourceId: id,
      nativeArn: `/users/${id}`,
      name,
      ...(mark === undefined ? {} : { mark }),
      ...(occupied ? { obstacle: 'tags' as const } : {}),
      shape: { fields: { name, displayName: user.displayName ?? '' }, tags: {}, facets: {} },
      facetsRead: [],
    };
  }

  private calls(context: CallContext): FacetCalls[] {
    return [membershipsOf(this.client, context), new Attachments(this.client, context).facetOf('User')];
  }
}

function markOf(user: User): Observed['mark'] {
  return readMarked(user.onPremisesExtensionAttributes?.[MARK_ATTRIBUTE]).mark;
}
