import { isProviderError, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type OwnershipMark, type Shape } from '@wami/provider-port';
import { denyPolicyIdOf, type DenyPolicyCalls } from './deny-policy-calls';
import { denialsAtGoogle, markIn, observedDenial, rewriting, rulesAtGoogle, type Denial, type DenyPolicy } from './deny-rules';
import { checkDenyPolicy, markableRules } from './names-and-limits';
import { refuseRename } from './no-rename';
import { answered } from './pages';
import type { PolicyForm } from './policies.handler';

const EVERYBODY_DENIED = 'rules: it denies something to everybody, whom nothing can be attached to: name those who are meant, or leave it to whoever made it';

/** Policies that deny: deny policies of the project, the folder or the organisation, there from the first moment on and about nobody until they are attached. */
export class DenyPolicies implements PolicyForm {
  readonly shape = desiredDenyPolicy;
  readonly check = checkDenyPolicy;

  constructor(private readonly calls: DenyPolicyCalls) {}

  /** One get. */
  async look(id: string, context: CallContext): Promise<Observed | undefined> {
    const policy = await this.calls.get(id, context);
    return policy && observedDenyPolicy(policy);
  }

  /** One create with the mark, about nobody. */
  async create({ name, document, mark }: Desired, context: CallContext): Promise<Applied> {
    const { displayName, rules } = contentOf(name, document);
    const content = { displayName, rules: rulesAtGoogle(rules, [], mark) };
    const made = await this.calls.create(name, content, context);
    return { observed: observedDenyPolicy({ ...made, ...content }), rejected: [] };
  }

  /** One get and one update, of words and of the mark; those whom it is about stay. */
  async update(desired: Desired, observed: Observed, { fields, adopt }: Changes, context: CallContext): Promise<Applied> {
    const { shape } = observed;
    const { displayName, rules } = contentOf(desired.name, desired.document);
    const owner = adopt ? desired.mark : observed.mark;
    const changed = { ...(fields['displayName'] === undefined ? {} : { displayName }), ...(fields['rules'] === undefined ? {} : { denials: rules }) };
    if (adopt) adoptable(JSON.parse(shape.fields['rules'] ?? '[]') as ReturnType<typeof observedDenial>[], changed.denials, desired.mark);
    if (adopt || Object.keys(changed).length > 0) await this.edit(observed.name, rewriting(changed, owner), context);
    refuseRename('deny policy', observed, fields);
    return { observed: { ...observed, ...(owner === undefined ? {} : { mark: owner }), shape: { ...shape, fields: { ...shape.fields, ...fields } } }, rejected: [] };
  }

  /** One delete. Whoever was denied something by it is denied that no more. */
  delete({ name }: Observed, context: CallContext): Promise<void> {
    return this.calls.delete(name, context);
  }

  /** One get and one update: the rules without the mark. */
  async release({ name }: Observed, context: CallContext): Promise<void> {
    try {
      await this.edit(name, (content) => (markIn([...content.rules]) === undefined ? content : rewriting({}, undefined)(content)), context);
    } catch (error) {
      if (!isProviderError(error) || error.code !== 'NotFound') throw error;
    }
  }

  /** One list, and one get for each. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    for await (const policies of this.calls.pages(context)) yield policies.map(observedDenyPolicy);
  }

  private async edit(id: string, edit: ReturnType<typeof rewriting>, context: CallContext): Promise<void> {
    const [edited] = await this.calls.of(id).edit([edit], context);
    if (edited?.error) throw edited.error;
  }
}

function desiredDenyPolicy({ name, document }: Desired): Shape {
  const { displayName, rules } = contentOf(name, document);
  return { fields: { name, displayName, rules: JSON.stringify(rules) }, tags: {}, facets: {} };
}

/** Whom it is about is no part of it: that is what it is attached to. */
function observedDenyPolicy(policy: DenyPolicy): Observed {
  const { rules = [], displayName } = policy;
  const nativeArn = answered(policy.name, 'name');
  const [name, mark] = [denyPolicyIdOf(nativeArn), markIn(rules)];
  const fields = { name, displayName: displayName ?? '', rules: JSON.stringify(rules.map(observedDenial)) };
  return { providerResourceId: answered(policy.uid, 'uid'), nativeArn, name, ...(mark === undefined ? {} : { mark }), shape: { fields, tags: {}, facets: {} }, facetsRead: [] };
}

/** @throws ProviderError `InvalidRequest` where no mark has room in it, or where everybody would be given back what it denies */
function adoptable(standing: readonly ReturnType<typeof observedDenial>[], denials: readonly Denial[] | undefined, mark: OwnershipMark): void {
  if (standing.some(({ deniedPrincipals }) => deniedPrincipals !== undefined)) throw new ProviderError('InvalidRequest', EVERYBODY_DENIED, { effect: 'none' });
  markableRules(denials ?? standing, mark);
}

/** Of a policy that was made to give something instead: no rules. */
const contentOf = (name: string, document: Desired['document']): NonNullable<ReturnType<typeof denialsAtGoogle>> => denialsAtGoogle(name, document) ?? { displayName: name, rules: [] };
