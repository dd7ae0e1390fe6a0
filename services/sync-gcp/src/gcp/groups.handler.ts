import { findOwn, sorted, withFacet, type Applied, type CallContext, type Changes, type Desired, type Observed, type ProviderError, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { Addresses } from './addresses';
import { POLICIES, type Attachments } from './attachments';
import { DirectoryGroups, type Group } from './directory-groups';
import type { GcpClient } from './gcp.client';
import type { Directory } from './gcp.config';
import { describeGroup, readDescription } from './marks';
import { checkGroup, markableGroup } from './names-and-limits';
import { refuseRename } from './no-rename';
import { answered, seen } from './pages';

/** Groups of the directory. Their addresses are there for good; what is attached to them stands in the project's allow policy. The mark is the beginning of the description. */
export class GroupsHandler implements ResourceHandler {
  readonly kind = 'group';
  readonly facets = [POLICIES];
  private readonly groups: DirectoryGroups;

  constructor(
    client: GcpClient,
    directory: Directory,
    private readonly attachments: Attachments,
    private readonly addresses: Addresses,
    private readonly pageSize: number,
  ) {
    this.groups = new DirectoryGroups(client, directory);
  }

  shape({ name, facets }: Desired): Shape {
    return { fields: { name }, tags: {}, facets: { [POLICIES]: sorted(facets[POLICIES] ?? []) } };
  }

  check(desired: Desired): ProviderError | undefined {
    return checkGroup(desired, this.addresses);
  }

  /** One get where its id is known, else one search for each name; and one read of the allow policy where attachments are asked for. */
  async observe(reference: Reference, facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { providerResourceId: id } = reference;
    const known = id === undefined ? undefined : await this.groups.get(nameOf(id), context);
    const found = known ? this.observed(known) : await findOwn(reference, (name) => this.named(name, context));
    if (found === undefined || !facets.includes(POLICIES)) return found;
    return (await this.attachments.reader(context))(found, this.memberOf(found));
  }

  /** One create with the mark, and where policies are to be attached a read and a write of the allow policy, however many they are. */
  async create({ name, mark, facets }: Desired, context: CallContext): Promise<Applied> {
    const address = this.addresses.there(name);
    const description = describeGroup('', mark);
    const group = await this.groups.create(address, name, description, context);
    const created = withFacet(this.observed({ ...group, groupKey: { id: address }, displayName: name, description }), POLICIES, []);
    return this.attachments.apply(created, this.memberOf(created), { addTo: facets, removeFrom: {} }, { instance: mark.instance, context });
  }

  /** One patch: of capitals in the name, of the mark (after a look at what the description says); then its attachments. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { fields, adopt } = changes;
    const spelled = fields['name'] !== undefined && this.addresses.there(fields['name']) === this.addresses.there(observed.name) ? fields['name'] : observed.name;
    await this.groups.patch(observed.nativeArn, {
      ...(spelled === observed.name ? {} : { displayName: spelled }), ...(adopt ? { description: await this.adopted(desired, observed, context) } : {}),
    }, context);
    const { shape } = observed;
    const written = { ...observed, name: spelled, ...(adopt ? { mark: desired.mark } : {}), shape: { ...shape, fields: { ...shape.fields, name: spelled } } };
    const applied = await this.attachments.apply(written, this.memberOf(written), changes, { instance: desired.mark.instance, context });
    refuseRename('group', written, fields);
    return applied;
  }

  /** What it was given goes first, what it was denied last. Memberships end with it. */
  async delete(observed: Observed, context: CallContext): Promise<void> {
    await this.attachments.takeAll(this.memberOf(observed), context);
    await this.groups.delete(observed.nativeArn, this.addresses.there(observed.name), context);
    await this.attachments.forget(this.memberOf(observed), observed.mark, context);
  }

  /** A look, and one patch: the description without the mark. */
  async release({ nativeArn }: Observed, context: CallContext): Promise<void> {
    const { mark, text } = readDescription((await this.groups.get(nativeArn, context))?.description ?? '');
    if (mark !== undefined) await this.groups.patch(nativeArn, { description: text }, context);
  }

  /** Up to 500 groups in one call, and one read of the allow policy for all of them. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    const attached = await this.attachments.reader(context);
    for await (const groups of this.groups.pages(this.pageSize, context)) {
      yield groups.map((group) => {
        const observed = this.observed(group);
        return attached(observed, this.memberOf(observed));
      });
    }
  }

  private async adopted({ mark }: Desired, { nativeArn }: Observed, context: CallContext): Promise<string> {
    const { description } = seen(await this.groups.get(nativeArn, context));
    const { text } = readDescription(description ?? '');
    markableGroup(text, mark);
    return describeGroup(text, mark);
  }

  private async named(name: string, context: CallContext): Promise<Observed | undefined> {
    const group = await this.groups.at(this.addresses.there(name), context);
    return group && this.observed(group);
  }

  private memberOf({ name }: Observed): string {
    return `group:${this.addresses.there(name)}`;
  }

  private observed({ name: nativeName, groupKey, displayName, description }: Group): Observed {
    const nativeArn = answered(nativeName, 'name');
    const name = this.addresses.here(answered(groupKey?.id, 'key'), displayName);
    const { mark } = readDescription(description ?? '');
    return {
      providerResourceId: nativeArn.slice(nativeArn.lastIndexOf('/') + 1), nativeArn, name, ...(mark === undefined ? {} : { mark }),
      shape: { fields: { name }, tags: {}, facets: {} }, facetsRead: [],
    };
  }
}

const nameOf = (id: string): string => `groups/${id}`;
