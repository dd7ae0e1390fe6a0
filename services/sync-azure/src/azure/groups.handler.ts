import type { Group } from '@microsoft/microsoft-graph-types';
import { applyFacets, orAbsent, ProviderError, sorted, withFacet, withFacets, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import { Attachments, POLICIES } from './attachments';
import type { AzureClient } from './azure.client';
import { markedText, markText, readMarked } from './marks';
import { checkGroup } from './names-and-limits';
import { findNamed } from './named';
import { answered, collect, graphPages, quoted } from './pages';

const SELECT = 'id,displayName,description';

/** Entra's security groups. Entra lets many have one name: we take none that another has. The mark is the end of the description. */
export class GroupsHandler implements ResourceHandler {
  readonly kind = 'group';
  readonly facets = [POLICIES];
  readonly check = checkGroup;

  constructor(
    private readonly client: AzureClient,
    private readonly pageSize: number,
  ) {}

  shape({ name, facets }: Desired): Shape {
    return { fields: { name }, tags: {}, facets: { [POLICIES]: sorted(facets[POLICIES] ?? []) } };
  }

  /** By id where it is known, else one list by each name; then the roles where they are asked for. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { providerResourceId: id } = reference;
    const known = id === undefined ? undefined : await this.get(id, context);
    const found = known === undefined ? await findNamed(reference, (name) => this.named(name, context)) : observedGroup(known);
    return found && (facets.includes(POLICIES) ? withFacets(found, [this.roles(context)]) : found);
  }

  /** A look whether the name is free, one call, then one for each role. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { name, mark } = desired;
    await this.refuseTaken(name, undefined, context);
    const description = markText(mark);
    const mailNickname = mark.id.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 64);
    const body = { displayName: name, description, mailEnabled: false, mailNickname, securityEnabled: true };
    const { id = '' } = await this.client.graph<Group>('POST', '/groups', { body }, context);
    const created = withFacet(observedGroup({ id, displayName: name, description }), POLICIES, []);
    return applyFacets(created, [this.roles(context)], { addTo: desired.facets, removeFrom: {} }, desired);
  }

  /** A look whether a new name is free, one PATCH, then the roles. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { providerResourceId: id } = observed;
    const { name } = changes.fields;
    if (name !== undefined) await this.refuseTaken(name, id, context);
    const body = { ...(name === undefined ? {} : { displayName: name }), ...(changes.adopt ? { description: await this.adopted(id, desired, context) } : {}) };
    if (Object.keys(body).length > 0) await this.client.graph('PATCH', `/groups/${id}`, { body }, context);
    const fields = { ...observed.shape.fields, ...changes.fields };
    const group = { ...observed, name: name ?? observed.name, ...(changes.adopt ? { mark: desired.mark } : {}), shape: { ...observed.shape, fields } };
    return applyFacets(group, [this.roles(context)], changes, desired);
  }

  /** Entra ends the memberships itself; assignments would stay as "identity not found". */
  async delete(observed: Observed, context: CallContext): Promise<void> {
    await new Attachments(this.client, context).clear(observed);
    await orAbsent(this.client.graph('DELETE', `/groups/${observed.providerResourceId}`, {}, context));
  }

  /** PATCH of the description without the mark. */
  async release({ providerResourceId: id }: Observed, context: CallContext): Promise<void> {
    const group = await this.get(id, context);
    const { text, mark } = readMarked(group?.description);
    if (mark !== undefined) await orAbsent(this.client.graph('PATCH', `/groups/${id}`, { body: { description: text === '' ? null : text } }, context));
  }

  /** One call for each page, and two for the roles of all groups. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const roles = await new Attachments(this.client, context).ofAll();
    for await (const page of graphPages<Group>(this.client, '/groups', { $select: SELECT, $top: String(this.pageSize) }, context))
      yield page.map((group) => observedGroup(group)).map((group) => withFacet(group, POLICIES, roles.get(group.providerResourceId) ?? []));
  }

  private async refuseTaken(name: string, byOtherThan: string | undefined, context: CallContext): Promise<void> {
    const others = (await this.named(name, context)).filter(({ providerResourceId }) => providerResourceId !== byOtherThan);
    if (others.length > 0) throw new ProviderError('AlreadyExists', `a group has the name ${name} already`, { effect: 'none' });
  }

  private async adopted(id: string, { mark }: Desired, context: CallContext): Promise<string> {
    const group = await this.get(id, context);
    return markedText(readMarked(group?.description).text, mark);
  }

  private async named(name: string, context: CallContext): Promise<Observed[]> {
    return (await collect(graphPages<Group>(this.client, '/groups', { $filter: `displayName eq ${quoted(name)}`, $select: SELECT }, context))).map(observedGroup);
  }

  private get(id: string, context: CallContext): Promise<Group | undefined> {
    return orAbsent(this.client.graph<Group>('GET', `/groups/${id}`, { query: { $select: SELECT } }, context));
  }

  private roles(context: CallContext) {
    return new Attachments(this.client, context).facetOf('Group');
  }
}

function observedGroup({ id, displayName, description }: Group): Observed {
  const providerResourceId = answered(id, 'id');
  const name = answered(displayName, 'displayName');
  const { mark } = readMarked(description);
  return {
    providerResourceId,
    nativeArn: `/groups/${providerResourceId}`,
    name,
    ...(mark === undefined ? {} : { mark }),
    shape: { fields: { name }, tags: {}, facets: {} },
    facetsRead: [],
  };
}
