import { applyParts, partFields, ProviderError, withoutParts, writtenIn, type CallContext, type Observed, type Part, type ResourceHandler } from '@wami/provider-port';
import type { Api, Caller, ModelCloud, Thing } from './model-cloud';

const textOf = (document: unknown): string => JSON.stringify(document);

/** A handler of the model cloud that can hold parts of this kind too. */
export function withParts(part: Part, handler: ResourceHandler, cloud: ModelCloud, caller: Caller): ResourceHandler {
  const call = <T>(api: Api, name: string, context: CallContext, work: () => T): Promise<T> => cloud.api(caller, api, name, context.signal, work);
  const named = (name: string): Thing => {
    const thing = cloud.see(handler.kind as Thing['kind'], name);
    if (!thing) throw new ProviderError('NotFound', `no ${handler.kind} of this name`);
    return thing;
  };
  const calls = (context: CallContext) => ({
    put: ({ name }: Observed, policy: string, document: unknown) => call('put-inline', policy, context, () => (named(name).inline = { ...named(name).inline, [policy]: textOf(document) })),
    remove: ({ name }: Observed, policy: string) => call('drop-inline', policy, context, () => {
      const { [policy]: gone, ...rest } = named(name).inline ?? {};
      if (gone === undefined) throw new ProviderError('NotFound', 'no part of this name');
      named(name).inline = rest;
    }),
  });
  const withFields = (observed: Observed, policies: Readonly<Record<string, string>>): Observed => ({ ...observed, shape: { ...observed.shape, fields: { ...observed.shape.fields, ...partFields(part, policies) } } });
  const wanted: ResourceHandler['shape'] = (desired) => {
    const shape = handler.shape(desired);
    return { ...shape, fields: { ...shape.fields, ...partFields(part, Object.fromEntries(Object.entries(writtenIn(part, desired.document)).map(([name, document]) => [name, textOf(document)]))) } };
  };
  return {
    ...handler, shape: wanted,
    async observe(reference, facets, context) {
      const found = await handler.observe(reference, facets, context);
      const policies: Record<string, string> = {};
      for (const policy of found ? reference[part] ?? [] : []) {
        const text = await call('get-inline', policy, context, () => cloud.look(handler.kind as Thing['kind'], found?.name ?? '')?.inline?.[policy]);
        if (text !== undefined) policies[policy] = text;
      }
      return found && withFields(found, policies);
    },
    async create(desired, context) {
      return applyParts(part, await handler.create(desired, context), calls(context), wanted(desired), desired);
    },
    async update(desired, observed, changes, context) {
      return applyParts(part, await handler.update(desired, observed, { ...changes, fields: withoutParts(changes.fields) }, context), calls(context), changes, desired);
    },
    async *list(context) {
      for await (const page of handler.list(context)) yield page.map((observed) => withFields(observed, named(observed.name).inline ?? {}));
    },
  };
}
