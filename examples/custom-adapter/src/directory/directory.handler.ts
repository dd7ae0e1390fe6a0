import { applyFacets, findOwn, orAbsent, sorted, type Applied, type CallContext, type Changes, type Desired, type FacetCalls, type Observed, type ProviderError, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import type { DirectoryClient, Entry } from './directory.client';
import { isOccupied, markIn, markLabels, NO_MARK, tagsIn } from './marks';
import { problemOf, tagsOf, textOf } from './names-and-limits';

/** In what users and groups differ. */
export interface DirectoryKind {
  readonly kind: string;
  /** Where things of the kind stand: `/users`. */
  readonly path: string;
  /** Fields beside the name, by the name that document and directory both give them. */
  readonly fields: readonly string[];
  /** Relations of it, as far as they can be called about. */
  readonly facets: readonly string[];
  calls(client: DirectoryClient, context: CallContext): readonly FacetCalls[];
  /** Takes away what would make the directory refuse the delete. @throws ProviderError `NotFound` where the thing is not there */
  clear(client: DirectoryClient, id: string, context: CallContext): Promise<void>;
}

/** Things of one kind in one organization. They are addressed by their ids, so that every call may be repeated whatever their names are. */
export class DirectoryHandler implements ResourceHandler {
  readonly kind: string;
  readonly facets: readonly string[];

  constructor(private readonly client: DirectoryClient, private readonly pageSize: number, private readonly as: DirectoryKind) {
    this.kind = as.kind;
    this.facets = as.facets;
  }

  shape(desired: Desired): Shape {
    const fields = Object.fromEntries(this.as.fields.map((field) => [field, textOf(desired, field)]));
    return { fields: { name: desired.name, ...fields }, tags: tagsOf(desired), facets: Object.fromEntries(this.facets.map((facet) => [facet, sorted(desired.facets[facet] ?? [])])) };
  }

  check(desired: Desired): ProviderError | undefined {
    return problemOf(desired);
  }

  /** One GET where the id is known and it is there, else one for each name. Groups come with their user. */
  async observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { providerResourceId: id } = reference;
    const known = id === undefined ? undefined : await orAbsent(this.client.call<Entry>('GET', this.at(id), context));
    return known ? this.observed(known) : findOwn(reference, (name) => this.named(name, context));
  }

  /** One POST with the mark in it, so that what was made is ours from the first moment on, then one call for each relation. */
  async create(desired: Desired, context: CallContext): Promise<Applied> {
    const { fields, tags } = this.shape(desired);
    const made = await this.client.call<Entry>('POST', this.as.path, context, { ...fields, labels: { ...tags, ...markLabels(desired.mark) } });
    return applyFacets(this.observed(made), this.as.calls(this.client, context), { addTo: desired.facets, removeFrom: {} }, desired);
  }

  /** One PATCH of what differs and of nothing else, then the relations. */
  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    const { fields, setTags, removeTags, adopt = false } = changes;
    const labels = { ...Object.fromEntries(removeTags.map((key) => [key, null])), ...setTags, ...(adopt ? markLabels(desired.mark) : {}) };
    const body = { ...fields, ...(Object.keys(labels).length > 0 ? { labels } : {}) };
    const changed = Object.keys(body).length > 0 ? this.observed(await this.client.call<Entry>('PATCH', this.at(observed.providerResourceId), context, body)) : observed;
    return applyFacets(changed, this.as.calls(this.client, context), changes, desired);
  }

  async delete({ providerResourceId: id }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.as.clear(this.client, id, context).then(() => this.client.call('DELETE', this.at(id), context)));
  }

  async release({ providerResourceId: id }: Observed, context: CallContext): Promise<void> {
    await orAbsent(this.client.call('PATCH', this.at(id), context, { labels: NO_MARK }));
  }

  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    for await (const page of this.client.pages(this.as.path, this.pageSize, context)) yield page.map((entry) => this.observed(entry));
  }

  private async named(name: string, context: CallContext): Promise<Observed | undefined> {
    const { items: [found] } = await this.client.call<{ items: Entry[] }>('GET', `${this.as.path}?name=${encodeURIComponent(name)}`, context);
    return found && this.observed(found);
  }

  private observed(entry: Entry): Observed {
    const { id, name, labels, groups = [] } = entry;
    const mark = markIn(labels);
    const fields = Object.fromEntries(this.as.fields.map((field) => [field, textOf({ document: { ...entry } }, field)]));
    return {
      providerResourceId: id,
      nativeArn: this.at(id),
      name,
      ...(mark === undefined ? {} : { mark }),
      ...(isOccupied(labels) ? { obstacle: 'tags' as const } : {}),
      shape: { fields: { name, ...fields }, tags: tagsIn(labels), facets: Object.fromEntries(this.facets.map((facet) => [facet, sorted(groups.map((group) => group.name))])) },
      facetsRead: this.facets,
    };
  }

  private at(id: string): string {
    return `${this.as.path}/${encodeURIComponent(id)}`;
  }
}
