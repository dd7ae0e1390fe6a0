import { BOUNDARY, FEDERATION, INLINE_POLICIES, ProviderError, isProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type ResourceHandler } from '@wami/provider-port';
import { withParts } from './model-parts';
import { arnOf, WRITES, type Api, type Caller, type ModelCloud, type Thing } from './model-cloud';

type Facet = 'groups' | 'policies';

const RELATIONS = {
  groups: { of: 'group', read: 'groups-of', add: 'add', remove: 'remove' }, policies: { of: 'policy', read: 'policies-of', add: 'attach', remove: 'detach' },
} as const satisfies Record<Facet, { of: Thing['kind']; read: Api; add: Api; remove: Api }>;

/** The model cloud's side of the adapter port, one API call after the other as a real adapter makes them. */
export function modelHandlers(cloud: ModelCloud, caller: Caller): ResourceHandler[] {
  const handlers = barely(cloud, caller);
  const accounts = cloud.hasFederation ? [withParts(FEDERATION, handlerOf(cloud, caller, 'service-account', []), cloud, caller)] : [];
  return [...(cloud.hasInline ? handlers.map((handler) => withParts(INLINE_POLICIES, handler, cloud, caller)) : handlers), ...accounts];
}

function barely(cloud: ModelCloud, caller: Caller): ResourceHandler[] {
  if (!cloud.hasPolicies) return [handlerOf(cloud, caller, 'user', ['groups']), handlerOf(cloud, caller, 'group', [])];
  return [handlerOf(cloud, caller, 'user', ['groups', 'policies']), ...(['group', 'role'] as const).map((kind) => handlerOf(cloud, caller, kind, ['policies'])), handlerOf(cloud, caller, 'policy', [])];
}

function fieldsOf(kind: Thing['kind'], name: string, path: string): Record<string, string> {
  return kind === 'user' ? { name, path } : { name };
}

function handlerOf(cloud: ModelCloud, caller: Caller, kind: Thing['kind'], facets: readonly Facet[]): ResourceHandler {
  const call = <T>(api: Api, name: string, context: CallContext, work: () => T, to?: string): Promise<T> => {
    const send = (): Promise<T> => cloud.api(caller, api, name, context.signal, work, to);
    return context.request ? context.request(WRITES.has(api) ? 'write' : 'read', send) : send();
  };

  const named = (name: string): Thing => {
    const thing = cloud.see(kind, name);
    if (!thing) throw new ProviderError('NotFound', `no ${kind} of this name`);
    return thing;
  };

  const relate = async (thing: Observed, does: 'add' | 'remove', byFacet: Desired['facets'], context: CallContext): Promise<Applied['rejected']> => {
    const rejected: Applied['rejected'][number][] = [];
    for (const [facet, name] of facets.flatMap((one) => (byFacet[one] ?? []).map((end) => [one, end] as const))) {
      try {
        await call(RELATIONS[facet][does], name, context, () => {
          const { of } = RELATIONS[facet];
          const end = cloud.see(of, name);
          if (!end) throw new ProviderError('NotFound', `no ${of} of this name`);
          const ends = named(thing.name)[facet];
          if (does === 'add') ends.add(end.id);
          else ends.delete(end.id);
        });
      } catch (error) {
        if (!isProviderError(error)) throw error;
        rejected.push({ facet, name, error });
      }
    }
    return rejected;
  };

  const withFacets = async (asked: readonly string[], standing: Observed, read: () => Thing, context: CallContext): Promise<Observed> => {
    const had: Facet[] = [];
    let observed = standing;
    for (const facet of facets.filter((one) => asked.includes(one))) {
      had.push(facet);
      observed = await call(RELATIONS[facet].read, standing.name, context, () => cloud.observed(read(), had));
    }
    return observed;
  };

  const change = async (observed: Observed, { fields, setTags, removeTags, adopt }: Changes, desired: Desired, context: CallContext): Promise<string> => {
    const name = fields['name'] ?? observed.name;
    const { [BOUNDARY]: boundary, ...others } = fields;
    if (boundary) {
      await call('bound', observed.name, context, () => {
        if (!cloud.things.some((thing) => thing.kind === 'policy' && arnOf(thing) === boundary)) throw new ProviderError('NotFound', 'no policy of this name');
        named(observed.name).boundary = boundary;
      });
    }
    if (Object.keys(others).length > 0) {
      await call('rename', observed.name, context, () => {
        const thing = named(observed.name);
        if (name !== observed.name && cloud.things.some((other) => other.kind === kind && other.name === name)) throw new ProviderError('AlreadyExists', 'the name is taken');
        Object.assign(thing, { name, path: fields['path'] ?? thing.path }, cloud.renamesLoseTags ? { tags: {}, mark: undefined } : {});
      }, name);
    }
    if (removeTags.length > 0) await call('untag', name, context, () => removeTags.forEach((key) => delete named(name).tags[key]));
    if (Object.keys(setTags).length > 0 || adopt) await call('tag', name, context, () => Object.assign(named(name), { tags: { ...named(name).tags, ...setTags } }, adopt ? { mark: desired.mark } : {}));
    return name;
  };

  return {
    kind, facets,
    shape: ({ name, document, facets: names, boundary }) => {
      if (cloud.unsayable.has(name)) throw new TypeError(`secret of the adapter: ${name}`);
      return { fields: { ...fieldsOf(kind, name, String(document['path'])), ...(boundary === undefined ? {} : { [BOUNDARY]: boundary }) }, tags: document['tags'] as Record<string, string>, facets: names };
    },
    check: ({ name }) => (name.length > 64 ? new ProviderError('InvalidRequest', 'the name is longer than 64 characters') : undefined),
    async observe({ providerResourceId, mark, names }, asked, context) {
      let standing: Observed | undefined;
      for (const name of names) {
        const found = await call('get', name, context, () => cloud.look(kind, name));
        const ours = found && (found.id === providerResourceId || found.mark?.id === mark.id);
        standing = found && cloud.observed(found, []);
        if (ours && standing) return withFacets(asked, standing, () => found, context);
      }
      const { name = '' } = standing ?? {};
      return standing && withFacets(asked, standing, () => named(name), context);
    },
    async create(desired, context) {
      const thing = await call('create', desired.name, context, () => {
        if (cloud.things.some((other) => other.kind === kind && other.name === desired.name)) throw new ProviderError('AlreadyExists', 'the name is taken');
        if (desired.boundary !== undefined && !cloud.things.some((other) => other.kind === 'policy' && arnOf(other) === desired.boundary)) throw new ProviderError('NotFound', 'no policy of this name');
        return cloud.plant({
          kind, name: desired.name, ...(desired.boundary === undefined ? {} : { boundary: desired.boundary }), path: String(desired.document['path'] ?? '/'), tags: { ...(desired.document['tags'] as Record<string, string>) },
          mark: desired.mark, invisible: cloud.invisibleReads,
        });
      });
      const rejected = await relate(cloud.observed(thing, []), 'add', desired.facets, context);
      return { observed: cloud.observed(thing, facets), rejected };
    },
    async update(desired, observed, changes, context) {
      const name = await change(observed, changes, desired, context);
      const moved = { ...observed, name };
      const rejected = [...await relate(moved, 'add', changes.addTo, context), ...await relate(moved, 'remove', changes.removeFrom, context)];
      if (changes.fields[BOUNDARY] === '') await call('unbound', name, context, () => delete named(name).boundary);
      const thing = cloud.things.find((one) => one.kind === kind && one.name === name);
      return { observed: thing ? cloud.observed(thing, facets) : moved, rejected };
    },
    async delete({ name }, context) {
      for (const [user, group] of cloud.memberships(kind, name)) await call('remove', group.name, context, () => user.groups.delete(group.id));
      const standing = cloud.things.find((thing) => thing.kind === kind && thing.name === name);
      for (const [owner, policy] of standing ? cloud.attachments(standing) : []) await call('detach', policy.name, context, () => owner.policies.delete(policy.id));
      await call('delete', name, context, () => {
        const gone = cloud.see(kind, name);
        if (gone && (cloud.attachments(gone).length > 0 || cloud.isLimit(gone))) throw new ProviderError('Conflict', 'it is attached, or limits something');
        if (cloud.memberships(kind, name).length > 0) throw new ProviderError('Conflict', 'there are memberships');
        cloud.things = cloud.things.filter((thing) => thing !== gone);
      });
    },
    async release({ name }, context) {
      await call('untag', name, context, () => {
        const thing = cloud.see(kind, name);
        if (thing) delete thing.mark;
      });
    },
    async *list(context) {
      for (const page of cloud.pages(kind)) yield await call('list', kind, context, () => page.map((thing) => cloud.observed(thing, facets)));
    },
  };
}
