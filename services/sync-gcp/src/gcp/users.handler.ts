import { randomBytes } from 'node:crypto';
import { inDoubt, applyFacets, BOUNDARY, findOwn, inTurns, orAbsent, ProviderError, sorted, withFacet, withFacets, type Applied, type CallContext, type Changes, type Desired, type FacetCalls, type Observed, type OwnershipMark, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { Addresses } from './addresses';
import { POLICIES, type Attachments } from './attachments';
import { BOUND_TO, type BoundaryBindings } from './boundary-bindings';
import { DirectoryGroups } from './directory-groups';
import { DirectoryUsers } from './directory-users';
import type { GcpClient } from './gcp.client';
import type { Directory } from './gcp.config';
import { GROUPS, membershipsOf } from './memberships';
import { checkUser } from './names-and-limits';
import { seen } from './pages';
import { noBoundaries } from './policies.handler';
import { markOf, observedUser, personName, shownName, withMark, type User } from './user-shape';

const isWithin = ({ shape }: Observed, fields: Shape['fields']): boolean => [BOUNDARY, BOUND_TO].every((field) => shape.fields[field] === fields[field]);
const isOf = (user: User, { id, instance }: OwnershipMark): boolean => {
  const mark = markOf(user);
  return mark?.id === id && mark.instance === instance;
};
const boundaryIn = ({ shape }: Observed): string | undefined => shape.fields[BOUNDARY];

/** A page has the time of one call, and users are asked one by one for their groups. */
const LARGEST_PAGE = 100;

/** Users of the directory. Their direct memberships are the facet `groups`; what is attached to them stands in the project's allow policy. The mark is an external id. */
export class UsersHandler implements ResourceHandler {
  readonly kind = 'user';
  readonly facets = [GROUPS, POLICIES];
  private readonly users: DirectoryUsers;
  private readonly groups: DirectoryGroups;

  constructor(
    private readonly client: GcpClient,
    directory: Directory,
    private readonly attachments: Attachments,
    private readonly addresses: Addresses,
    private readonly pageSize: number,
    /** Absent where the connection holds none. */
    private readonly limits?: BoundaryBindings,
  ) {
    this.users = new DirectoryUsers(client, directory);
    this.groups = new DirectoryGroups(client, directory);
  }

  shape(desired: Desired): Shape {
    const { name, facets, boundary } = desired;
    const held = Object.fromEntries(this.facets.map((facet) => [facet, sorted(facets[facet] ?? [])]));
    return { fields: { name, displayName: shownName(personName(desired, name)), ...this.limits?.fields(boundary, this.addresses.there(name)) }, tags: {}, facets: held };
  }

  check(desired: Desired): ProviderError | undefined {
    return checkUser(desired, this.addresses) ?? this.limits?.check(desired, this.addresses.there(desired.name));
  }

  /** One get by the id where it is known, else under each name; then one list of what limits it where that is held, and one search for the groups and one read of the allow policy where they are asked for. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { providerResourceId: id } = reference;
    const known = id === undefined ? undefined : await this.users.get(id, context);
    const there = known ? observedUser(known, this.addresses) : await findOwn(reference, (name) => this.named(name, context));
    const found = there && this.limits ? (await this.limits.reader(context))(there) : there;
    const user = found && (facets.includes(GROUPS) ? await withFacets(found, [this.memberships(context)]) : found);
    if (user === undefined || !facets.includes(POLICIES)) return user;
    return (await this.attachments.reader(context))(user, this.memberOf(user));
  }

  /**
   * What limits it stands before it does, and nobody is limited who has the address already: a look comes first. One insert with the mark, one call for each group, and where policies are to be attached a read and a write of the allow policy. The first password is random
   * and nobody gets to know it: the user signs in once an administrator has set another, or by the organisation's own sign-in.
   */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { name, mark, facets, boundary } = desired;
    const content = { primaryEmail: this.addresses.there(name), name: personName(desired, name), externalIds: withMark({}, mark) };
    const { id = '' } = await this.addressed(desired, boundary, context, () => this.users.insert({ ...content, password: `aA1!${randomBytes(32).toString('base64url')}`, changePasswordAtNextLogin: true }, context));
    // The user is there by now: a refusal of this call must not say that nothing was made.
    if (boundary !== undefined && this.limits !== undefined) await inDoubt(this.limits.settle(mark, boundary, content.primaryEmail, context));
    const created = this.limited(observedUser({ ...content, externalIds: [...content.externalIds], id: id ?? '' }, this.addresses), boundary);
    const empty = this.facets.reduce((user, facet) => withFacet(user, facet, []), created);
    return this.apply(desired, empty, { addTo: facets, removeFrom: {} }, context);
  }

  /** One update of names and mark (after a look at what else is kept beside the mark), one call to give up the address of before; then its relations. Whom deny policies of ours name by that address keeps it. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { [BOUNDARY]: bound, [BOUND_TO]: boundTo, ...fields } = changes.fields;
    const { boundary, mark } = desired;
    if (bound === undefined && boundTo === undefined && boundaryIn(observed) === undefined) return this.unlimited(desired, observed, changes, context);
    if (this.limits === undefined) throw noBoundaries();
    const address = this.addresses.there(observed.name);
    const run = (): Promise<Applied> => this.change(desired, this.limited(observed, boundary ?? boundaryIn(observed)), { ...changes, fields }, context);
    if (boundary !== undefined && !isWithin(observed, this.limits.fields(boundary, address))) {
      await this.mustHave(observed, address, context);
      if (changes.adopt) return this.adoptWithin(this.limits, mark, boundary, address, context, run);
      await this.limits.set(mark, boundary, address, context);
    }
    const applied = await run();
    if (bound !== '') return applied;
    const [refused] = applied.rejected;
    if (refused) throw refused.error;
    await this.limits.free(mark, boundaryIn(observed), this.addresses.there(applied.observed.name), context);
    return { ...applied, observed: this.limited(applied.observed, undefined) };
  }

  /** Without its mark nobody sees what limits it: whom it comes back on and who is to have no boundary has none. */
  private async unlimited(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const applied = await this.change(desired, observed, changes, context);
    if (changes.adopt && this.limits !== undefined) await inDoubt(this.limits.clear(desired.mark, context));
    return applied;
  }

  /** Google binds to any address: whether this one is still the user's is seen by the id. */
  private async mustHave({ providerResourceId }: Observed, address: string, context: CallContext): Promise<void> {
    const user = await this.users.get(providerResourceId, context);
    if (user?.primaryEmail?.toLowerCase() !== address) throw new ProviderError('Conflict', 'it does not have the address any more that it is to be limited by, and whoever has that must not be', { effect: 'none' });
  }

  /** Whom it does not become ours with nobody limits. */
  private async adoptWithin(limits: BoundaryBindings, mark: OwnershipMark, boundary: string, address: string, context: CallContext, run: () => Promise<Applied>): Promise<Applied> {
    const applied = await limits.within(mark, boundary, address, context, run);
    await inDoubt(limits.settle(mark, boundary, this.addresses.there(applied.observed.name), context));
    return applied;
  }

  private async change(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { name } = changes.fields;
    const isMoved = name !== undefined && this.addresses.there(name) !== this.addresses.there(observed.name);
    const denying = (): Promise<readonly string[]> => this.attachments.denying(this.memberOf(observed), { instance: desired.mark.instance, context });
    if (!isMoved || (await denying()).length === 0) return this.write(desired, observed, changes, context);
    const { rejected: [refused], observed: spared } = await this.apply(desired, observed, changes, context);
    if (refused) throw refused.error;
    const [denial] = await denying();
    if (denial !== undefined) throw new ProviderError('InvalidRequest', `${denial} denies it something by its address: detach that, give it the other name, and attach it again`, { effect: 'none' });
    return this.write(desired, spared, { ...changes, addTo: {}, removeFrom: {} }, context);
  }

  private async write(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { fields, adopt } = changes;
    const { providerResourceId: id, shape } = observed;
    const { name } = fields;
    const former = name === undefined ? undefined : this.addresses.there(observed.name);
    const address = this.addresses.there(name ?? observed.name);
    const boundary = boundaryIn(observed);
    const isMoved = former !== undefined && former !== address;
    await this.addressed(desired, isMoved ? boundary : undefined, context, async () => this.users.update(id, {
      ...(name === undefined ? {} : { primaryEmail: address }), ...(fields['displayName'] === undefined ? {} : { name: personName(desired, desired.name) }),
      ...(adopt ? { externalIds: withMark(seen(await this.users.get(id, context)), desired.mark) } : {}),
    }, context), id);
    // It has the other address by now: a refusal of these calls must not say that nothing was done. Google keeps the former one as an alias, and nobody else could have it.
    if (isMoved) await inDoubt(this.users.removeAlias(id, former, context));
    if (isMoved && boundary !== undefined && this.limits !== undefined) await inDoubt(this.limits.settle(desired.mark, boundary, address, context));
    const written = this.limited({ ...observed, name: name ?? observed.name, ...(adopt ? { mark: desired.mark } : {}), shape: { ...shape, fields: { ...shape.fields, ...fields } } }, boundary);
    const applied = this.apply(desired, written, changes, context);
    return adopt ? inDoubt(applied) : applied;
  }

  /** What it was given goes first, what it was denied last. Memberships end with it. */
  async delete(observed: Observed, context: CallContext): Promise<void> {
    await this.attachments.takeAll(this.memberOf(observed), context);
    await this.users.delete(observed.providerResourceId, context);
    await this.attachments.forget(this.memberOf(observed), observed.mark, context);
    if (observed.mark !== undefined) await this.limits?.free(observed.mark, boundaryIn(observed), this.addresses.there(observed.name), context);
  }

  /** One list where boundaries are held: what limits nobody any more goes, or it would limit whoever gets the address. */
  async clear(mark: OwnershipMark, context: CallContext): Promise<void> {
    await this.limits?.clear(mark, context);
  }

  /** A look, and one update: the external ids without the mark. What limits it goes on limiting it, without the mark too. */
  async release({ providerResourceId: id, mark }: Observed, context: CallContext): Promise<void> {
    if (mark !== undefined) await this.limits?.release(mark, context);
    const user = await this.users.get(id, context);
    if (user && markOf(user) !== undefined) await orAbsent(this.users.update(id, { externalIds: withMark(user, undefined) }, context));
  }

  /** One call for each page of users, one for the groups of each, and one read of the allow policy for all of them. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const attached = await this.attachments.reader(context);
    const memberships = this.memberships(context);
    const bounded = await this.limits?.reader(context) ?? ((user: Observed) => user);
    for await (const users of this.users.pages(Math.min(this.pageSize, LARGEST_PAGE), context)) {
      const known = await inTurns(users.map((user) => bounded(observedUser(user, this.addresses))), (user) => withFacets(user, [memberships]));
      yield known.flatMap((user) => (user === undefined ? [] : [attached(user, this.memberOf(user))]));
    }
  }

  private async apply(desired: Desired, observed: Observed, changes: Pick<Changes, 'addTo' | 'removeFrom'>, context: CallContext): Promise<Applied> {
    const { addTo, removeFrom } = changes;
    const left = { ...removeFrom, [GROUPS]: this.unlessWanted(removeFrom[GROUPS] ?? [], desired) };
    return this.attachments.apply(observed, this.memberOf(observed), { addTo, removeFrom: left }, { instance: desired.mark.instance, context },
      (owner, relations) => applyFacets(owner, [this.memberships(context)], relations, desired));
  }

  /** One group is seen by two names while its capitals change, and is not left for that. */
  private unlessWanted(names: readonly string[], { facets }: Desired): string[] {
    const wanted = new Set((facets[GROUPS] ?? []).map((name) => this.addresses.there(name)));
    return names.filter((name) => !wanted.has(this.addresses.there(name)));
  }

  /** Under its address of today: one that it had before is nobody's. */
  private async named(name: string, context: CallContext): Promise<Observed | undefined> {
    const address = this.addresses.there(name);
    const user = await this.users.get(address, context);
    return user?.primaryEmail?.toLowerCase() === address ? observedUser(user, this.addresses) : undefined;
  }

  /** What gives it the address that it is to have, within this boundary from the first moment on. `id`: of the user who is to get another one. */
  private async addressed<T>({ mark, name }: Desired, boundary: string | undefined, context: CallContext, run: () => Promise<T>, id?: string): Promise<T> {
    if (boundary === undefined) return run();
    if (this.limits === undefined) throw noBoundaries();
    const address = this.addresses.there(name);
    const holder = await this.users.get(address, context);
    if (holder === undefined || holder.id === id) return this.limits.within(mark, boundary, address, context, run);
    const taken = new ProviderError('AlreadyExists', 'another user has the address', { effect: 'none' });
    // What an attempt bound before somebody else got the address limits that one.
    throw isOf(holder, mark) ? taken : await this.limits.takenBack(mark, boundary, address, taken, context);
  }

  /** As it is with this boundary, and no other. */
  private limited(observed: Observed, boundary: string | undefined): Observed {
    const { [BOUNDARY]: _bound, [BOUND_TO]: _to, ...fields } = observed.shape.fields;
    return { ...observed, shape: { ...observed.shape, fields: { ...fields, ...this.limits?.fields(boundary, this.addresses.there(observed.name)) } } };
  }

  private memberOf({ name }: Observed): string {
    return `user:${this.addresses.there(name)}`;
  }

  private memberships(context: CallContext): FacetCalls {
    return membershipsOf(this.client, this.groups, this.addresses, context);
  }
}
