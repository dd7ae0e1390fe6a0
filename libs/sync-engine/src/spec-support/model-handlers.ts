import { ProviderError, isProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type ResourceHandler } from '@wami/provider-port';
import { WRITES, type Api, type Caller, type ModelCloud, type Thing } from './model-cloud';

/** The model cloud's side of the adapter port, one API call after the other as a real adapter makes them. */
export function modelHandlers(cloud: ModelCloud, caller: Caller): ResourceHandler[] {
  return [handlerOf(cloud, caller, 'user'), handlerOf(cloud, caller, 'group')];
}

function fieldsOf(kind: Thing['kind'], name: string, path: string): Record<string, string> {
  return kind === 'user' ? { name, path } : { name };
}

function handlerOf(cloud: ModelCloud, caller: Caller, kind: Thing['kind']): ResourceHandler {
  const call = <T>(api: Api, name: string, context: CallContext, work: () => T, to?: string): Promise<T> => {
    const send = (): Promise<T> => cloud.api(caller, api, name, context.signal, work, to);
    return context.request ? context.request(WRITES.has(api) ? 'write' : 'read', send) : send();
  };
  const facets = kind === 'user' ? ['groups'] : [];

  const named = (name: string): Thing => {
    const thing = cloud.see(kind, name);
    if (!thing) throw new ProviderError('NotFound', `no ${kind} of this name`);
    return thing;
  };

  const relate = async (thing: Observed, api: 'add' | 'remove', names: readonly string[], context: CallContext): Promise<Applied['rejected']> => {
    const rejected: Applied['rejected'][number][] = [];
    for (const name of names) {
      try {
        await call(api, name, context, () => {
          const group = cloud.see('group', name);
          if (!group) throw new ProviderError('NotFound', 'no group of this name');
          const { groups } = named(thing.name);
          if (api === 'add') groups.add(group.id);
          else groups.delete(group.id);
        });
      } catch (error) {
        if (!isProviderError(error)) throw error;
        rejected.push({ facet: 'groups', name, error });
      }
    }
    return rejected;
  };

  const change = async (observed: Observed, { fields, setTags, removeTags, adopt }: Changes, desired: Desired, context: CallContext): Promise<string> => {
    const name = fields['name'] ?? observed.name;
    if (Object.keys(fields).length > 0) {
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
    shape: ({ name, document, facets: names }) => ({
      fields: fieldsOf(kind, name, String(document['path'])), tags: document['tags'] as Record<string, string>, facets: names,
    }),
    check: ({ name }) => (name.length > 64 ? new ProviderError('InvalidRequest', 'the name is longer than 64 characters') : undefined),
    async observe({ providerResourceId, mark, names }, asked, context) {
      let standing: Observed | undefined;
      for (const name of names) {
        const found = await call('get', name, context, () => cloud.look(kind, name));
        const ours = found && (found.id === providerResourceId || found.mark?.id === mark.id);
        standing = found && cloud.observed(found, false);
        if (!ours) continue;
        if (asked.includes('groups')) return call('groups-of', name, context, () => cloud.observed(found, true));
        return standing;
      }
      return standing && asked.includes('groups') ? call('groups-of', standing.name, context, () => cloud.observed(cloud.see(kind, standing?.name ?? '') ?? named(standing?.name ?? ''), true)) : standing;
    },
    async create(desired, context) {
      const thing = await call('create', desired.name, context, () => {
        if (cloud.things.some((other) => other.kind === kind && other.name === desired.name)) throw new ProviderError('AlreadyExists', 'the name is taken');
        return cloud.plant({
          kind, name: desired.name, path: String(desired.document['path'] ?? '/'), tags: { ...(desired.document['tags'] as Record<string, string>) },
          mark: desired.mark, invisible: cloud.invisibleReads,
        });
      });
      const rejected = await relate(cloud.observed(thing, false), 'add', desired.facets['groups'] ?? [], context);
      return { observed: cloud.observed(thing, true), rejected };
    },
    async update(desired, observed, changes, context) {
      const name = await change(observed, changes, desired, context);
      const moved = { ...observed, name };
      const rejected = [...await relate(moved, 'add', changes.addTo['groups'] ?? [], context), ...await relate(moved, 'remove', changes.removeFrom['groups'] ?? [], context)];
      const thing = cloud.things.find((one) => one.kind === kind && one.name === name);
      return { observed: thing ? cloud.observed(thing, true) : moved, rejected };
    },
    async delete({ name }, context) {
      for (const [user, group] of cloud.memberships(kind, name)) await call('remove', group.name, context, () => user.groups.delete(group.id));
      await call('delete', name, context, () => {
        const gone = cloud.see(kind, name);
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
      for (const page of cloud.pages(kind)) yield await call('list', kind, context, () => page.map((thing) => cloud.observed(thing, kind === 'user')));
    },
  };
}
