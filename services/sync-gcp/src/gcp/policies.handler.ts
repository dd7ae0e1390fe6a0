import { findOwn, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type ResourceHandler, type Shape } from '@wami/provider-port';
import { boundaryAtGoogle, isArnOfBoundary, isNameOfBoundary } from './access-boundary-document';
import { denialsAtGoogle, isNameOfDenial } from './deny-rules';

/** One of the three things that a policy can be at Google. */
export interface PolicyForm extends Pick<ResourceHandler, 'shape' | 'check' | 'create' | 'update' | 'delete' | 'list'> {
  /** Undefined where nothing of the form has this name. */
  look(name: string, context: CallContext): Promise<Observed | undefined>;
  release(observed: Observed, context: CallContext): Promise<void>;
}

/** `denials`, `boundaries`: absent where the connection holds none. */
export interface PolicyForms {
  readonly roles: PolicyForm;
  readonly denials?: PolicyForm | undefined;
  readonly boundaries?: PolicyForm | undefined;
}
type Sort = keyof PolicyForms;

/** What cannot be held cannot even be looked at: that nothing was found must not be taken for its end. */
const unheld = (message: string) => (): ProviderError => new ProviderError('Unsupported', message, { effect: 'none' });
export const noDenials = unheld('this connection holds no policies that deny. Say `denyPolicies: true` in it, once its credentials have the role for that in the organisation');
export const noBoundaries = unheld('this connection holds no principal access boundaries. Say `accessBoundaries: organizations:NUMBER` in it, once its credentials have the role for that in the organisation');
const unheldOf = (sort: Sort): ProviderError => (sort === 'boundaries' ? noBoundaries() : noDenials());

function sortOfName(name: string): Sort {
  if (isNameOfBoundary(name)) return 'boundaries';
  return isNameOfDenial(name) ? 'denials' : 'roles';
}
function sortOfArn(nativeArn: string): Sort {
  if (isArnOfBoundary(nativeArn)) return 'boundaries';
  return nativeArn.includes('/denypolicies/') ? 'denials' : 'roles';
}
/** What says what can be reached has details, what says what is denied has rules. */
function sortOfDocument({ name, document }: Desired): Sort {
  if (boundaryAtGoogle(name, document) !== undefined) return 'boundaries';
  return denialsAtGoogle(name, document) === undefined ? 'roles' : 'denials';
}

/** A policy that gives something is a custom role, one that denies something a deny policy, and one that says what can be reached at all a principal access boundary. */
export class PoliciesHandler implements ResourceHandler {
  readonly kind = 'policy';
  readonly facets: readonly string[] = [];

  constructor(private readonly forms: PolicyForms) {}

  shape(desired: Desired): Shape {
    return (this.forms[sortOfDocument(desired)] ?? this.forms.roles).shape(desired);
  }

  check(desired: Desired): ProviderError | undefined {
    const sort = sortOfDocument(desired);
    const form = this.forms[sort];
    return form === undefined ? unheldOf(sort) : form.check(desired);
  }

  /** One get under each name. @throws ProviderError `Unsupported` of what the connection does not hold */
  async observe(reference: Reference, _facets: readonly string[], context: CallContext): Promise<Observed | undefined> {
    const { nativeArn, names } = reference;
    (nativeArn === undefined ? names.map(sortOfName) : [sortOfArn(nativeArn)]).forEach((sort) => this.held(sort));
    return findOwn(reference, async (name) => this.forms[sortOfName(name)]?.look(name, context));
  }

  async create(desired: Desired, context: CallContext): Promise<Applied> {
    return this.held(sortOfDocument(desired)).create(desired, context);
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
    const { roles, denials, boundaries } = this.forms;
    for (const form of [roles, denials, boundaries]) if (form) yield* form.list(context);
  }

  private named(name: string): PolicyForm {
    return this.held(sortOfName(name));
  }

  private held(sort: Sort): PolicyForm {
    const form = this.forms[sort];
    if (form === undefined) throw unheldOf(sort);
    return form;
  }
}
