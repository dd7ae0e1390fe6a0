import assert from 'node:assert/strict';
import {
  isProviderError,
  type CallContext,
  type Desired,
  type Observed,
  type ProviderError,
  type ProviderTarget,
  type Reference,
  type ResourceHandler,
} from '@wami/provider-port';
import type { KindSample, RunningWitness } from './witness';

const CALL_TIMEOUT_MS = 30_000;
/** A mark has to fit into the smallest tag, however long a name may be; names differ at their ends. */
const LONGEST_ID = 200;

export interface Wish {
  readonly document?: Readonly<Record<string, unknown>>;
  readonly relations?: readonly string[];
}

export interface Related {
  readonly desired: Desired;
  /** Of the other end. */
  readonly handler: ResourceHandler;
  readonly end: Observed;
  readonly observeEnd: () => Promise<Observed | undefined>;
}

export const NO_CHANGES = { fields: {}, setTags: {}, removeTags: [], addTo: {}, removeFrom: {} } as const;

/** One claim's own corner of a witness: names that no other claim uses, and the usual moves. */
export class Stage {
  private made = 0;
  /** Where the other ends stand. */
  private readonly arns = new Map<string, string>();

  constructor(
    readonly witness: RunningWitness,
    readonly target: ProviderTarget,
    readonly sample: KindSample,
    private readonly corner: string,
    private readonly onCall: (operation: string) => void,
  ) {}

  get handler(): ResourceHandler {
    return this.handlerOf(this.sample.kind);
  }

  handlerOf(kind: string): ResourceHandler {
    const handler = this.target.handler(kind);
    assert.ok(handler, `the adapter has no handler of ${kind}`);
    return handler;
  }

  /** Ends by itself. */
  context(timeoutMs = CALL_TIMEOUT_MS): CallContext {
    return {
      signal: AbortSignal.timeout(timeoutMs),
      request: (_access, send, operation = 'without a name') => {
        this.onCall(operation);
        return send();
      },
    };
  }

  /** Short, and of what every cloud allows in names: lower-case letters and digits. */
  name(): string {
    return `${this.corner}n${String(++this.made).padStart(4, '0')}`;
  }

  desired(name = this.name(), { document = {}, relations = [] }: Wish = {}, kind = this.sample.kind): Desired {
    return {
      name,
      ...this.relations(relations),
      document: { ...this.sample.document, ...document },
      mark: { instance: 'conformance', tenant: 'acme/engineering', id: `${kind}_${Buffer.from(name).toString('base64url').slice(-LONGEST_ID)}`, kind },
    };
  }

  withRelations(desired: Desired, relations: readonly string[]): Desired {
    return { ...desired, ...this.relations(relations) };
  }

  private relations(names: readonly string[]): Pick<Desired, 'facets' | 'ends'> {
    const { relation } = this.sample;
    return relation && names.length > 0 ? { facets: { [relation.facet]: names }, ends: this.ends(names) } : { facets: {} };
  }

  /** Where these other ends stand; of one that is not there, where it would. */
  ends(names: readonly string[]): Desired['ends'] {
    const [known = ''] = this.arns.values();
    const arnOf = (name: string): string => this.arns.get(name) ?? known.slice(0, known.lastIndexOf('/') + 1) + name;
    return { [this.sample.relation?.facet ?? '']: Object.fromEntries(names.map((name) => [name, arnOf(name)])) };
  }

  /** Creates, and where the answer was lost looks whether it is there: what every careful caller does. */
  async create(desired: Desired, handler = this.handler): Promise<Observed> {
    try {
      const { observed, rejected } = await handler.create(desired, this.context());
      assert.deepEqual(
        rejected.map(({ error }) => error.message),
        [],
      );
      return observed;
    } catch (error) {
      if (!isProviderError(error) || error.options.effect !== 'unknown') throw error;
      const found = await handler.observe({ mark: desired.mark, names: [desired.name] }, handler.facets, this.context());
      if (found?.mark?.id === desired.mark.id) return found;
      return (await handler.create(desired, this.context())).observed;
    }
  }

  /** Other ends of relations. */
  async others(count: number): Promise<string[]> {
    const kind = this.sample.relation?.kind ?? '';
    const names = Array.from({ length: count }, () => this.name());
    const document = this.sample.relation?.document ?? {};
    for (const name of names) {
      const { nativeArn } = await this.create({ ...this.desired(name, {}, kind), document, facets: {} }, this.handlerOf(kind));
      this.arns.set(name, nativeArn);
    }
    return names;
  }

  /** Makes a thing with one relation; with it come the other end of that and how to look at it. */
  async related(): Promise<Related> {
    const { kind = '' } = this.sample.relation ?? {};
    const [other = ''] = await this.others(1);
    const desired = this.desired(undefined, { relations: [other] });
    await this.create(desired);
    const handler = this.handlerOf(kind);
    const { mark } = this.desired(other, {}, kind);
    const observeEnd = (): Promise<Observed | undefined> => handler.observe({ mark, names: [other] }, [], this.context());
    const end = await observeEnd();
    assert.ok(end, `${other} is not there`);
    return { desired, handler, end, observeEnd };
  }

  observe(
    desired: Desired,
    more: Partial<Pick<Reference, 'names' | 'providerResourceId' | 'nativeArn' | 'inlinePolicies' | 'federation'>> = {},
  ): Promise<Observed | undefined> {
    return this.handler.observe({ mark: desired.mark, names: [desired.name], ...more }, this.handler.facets, this.context());
  }

  async mustObserve(desired: Desired, more: Parameters<Stage['observe']>[1] = {}): Promise<Observed> {
    const observed = await this.observe(desired, more);
    assert.ok(observed, `${desired.name} is not there`);
    return observed;
  }

  async names(): Promise<readonly string[]> {
    return this.witness.hands.names(this.sample.kind);
  }

  /** The error that the call ends in; fails where it succeeds or throws something else. */
  async refusal(call: Promise<unknown>): Promise<ProviderError> {
    try {
      await call;
    } catch (error) {
      if (isProviderError(error)) return error;
      throw error;
    }
    assert.fail('the call succeeded');
  }

  /** That ours is there as it should be, marked. */
  assertIs(observed: Observed, desired: Desired): void {
    assert.deepEqual(observed.shape, this.handler.shape(desired));
    assert.deepEqual(observed.mark, desired.mark);
    assert.ok(observed.providerResourceId !== '' && observed.nativeArn !== '', 'id and ARN are known');
    assert.equal(observed.name, desired.name);
  }
}
