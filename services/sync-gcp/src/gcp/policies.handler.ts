import { findOwn, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import { denialsAtGoogle, isNameOfDenial } from './deny-rules';

/** One of the two things that a policy can be at Google. */
export interface PolicyForm extends Pick<ResourceHandler, 'shape' | 'check' | 'create' | 'update' | 'delete' | 'list'> {
  /** Undefined where nothing of the form has this name. */
  look(name: string, context: CallContext): Promise<Observed | undefined>;
  release(observed: Observed, context: CallContext): Promise<void>;
}

/** What says what is denied has rules. */
const isDenial = ({ name, document }: Desired): boolean => denialsAtGoogle(name, document) !== undefined;

/** What denies cannot even be looked at then: that nothing was found must not be taken for its end. */
export const noDenials = (): ProviderError =>
  new ProviderError('Unsupported', 'this connection holds no policies that deny. Say `denyPolicies: true` in it, once its credentials have the role for that in the organisation', { effect: 'none' });

/** A policy that gives something is a custom role, one that denies something a deny policy. */
export class PoliciesHandler implements ResourceHandler {
  readonly kind = 'policy';
  readonly facets: readonly string[] = [];

  /** `denials`: absent where the connection holds none. */
  constructor(private readonly roles: PolicyForm, private readonly denials: PolicyForm | undefined) {}

  shape(desired: Desired): Shape {
    return this.wanted(desired).shape(desired);
  }

  check(desired: Desired): ProviderError | undefined {
    if (isDenial(desired) && this.denials === undefined) return noDenials();
    return this.wanted(desired).check(desired);
  }

  /** One get under each name. @throws ProviderError `Unsupported` of what denies, where the connection holds none */
  async observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { nativeArn, names } = reference;
    const isRole = nativeArn === undefined ? !names.some(isNameOfDenial) : !nativeArn.includes('/denypolicies/');
    if (this.denials === undefined && !isRole) throw noDenials();
    return findOwn(reference, async (name) => (this.denials === undefined && isNameOfDenial(name) ? undefined : this.named(name).look(name, context)));
  }

  create(desired: Desired, context: CallContext): Promise<Applied> {
    return this.wanted(desired).create(desired, context);
  }

  async update(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<Applied> {
    return this.named(observed.name).update(desired, observed, changes, context);
  }

  async delete(observed: Observed, context: CallContext): Promise<void> {
    return this.named(observed.name).delete(observed, context);
  }

  async release(observed: Observed, context: CallContext): Promise<void> {
    return this.named(observed.name).release(observed, context);
  }

  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    yield* this.roles.list(context);
    if (this.denials) yield* this.denials.list(context);
  }

  private wanted(desired: Desired): PolicyForm {
    return (isDenial(desired) ? this.denials : undefined) ?? this.roles;
  }

  private named(name: string): PolicyForm {
    if (!isNameOfDenial(name)) return this.roles;
    if (this.denials === undefined) throw noDenials();
    return this.denials;
  }
}
