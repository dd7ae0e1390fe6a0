import { isProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type Shape } from '@wami/provider-port';
import { denyPolicyIdOf, type DenyPolicyCalls } from './deny-policy-calls';
import { releasing, rewriting } from './deny-edits';
import { observedRules, rulesAtGoogle, standingIn } from './deny-record';
import { denialsAtGoogle, type DenyContent, type DenyPolicy } from './deny-rules';
import { checkDenyPolicy } from './names-and-limits';
import { refuseRename } from './no-rename';
import { answered } from './pages';
import type { PolicyForm } from './policies.handler';
import type { Edit } from './shared-policy';

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

  /** One get and one update. Other rules are about those whom it is attached to, whatever others made of that; where none are asked for those that stand there stay. @throws ProviderError `InvalidRequest` where nothing says who they are */
  async update(desired: Desired, observed: Observed, { fields, adopt }: Changes, context: CallContext): Promise<Applied> {
    const { shape } = observed;
    const { displayName, rules } = contentOf(desired.name, desired.document);
    const changed = { ...(fields['displayName'] === undefined ? {} : { displayName }), ...(fields['rules'] === undefined ? {} : { denials: rules }) };
    if (adopt || Object.keys(changed).length > 0) await this.edit(observed.name, rewriting(changed, desired.mark), context);
    refuseRename('deny policy', observed, fields);
    return { observed: { ...observed, mark: desired.mark, shape: { ...shape, fields: { ...shape.fields, ...fields } } }, rejected: [] };
  }

  /** One delete. Whoever was denied something by it is denied that no more. */
  delete({ name }: Observed, context: CallContext): Promise<void> {
    return this.calls.delete(name, context);
  }

  /** One get and one update: the record without the mark. */
  async release({ name, mark }: Observed, context: CallContext): Promise<void> {
    try {
      if (mark !== undefined) await this.edit(name, releasing(mark), context);
    } catch (error) {
      if (!isProviderError(error) || error.code !== 'NotFound') throw error;
    }
  }

  /** One list, and one get for each. */
  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    for await (const policies of this.calls.pages(context)) yield policies.map(observedDenyPolicy);
  }

  private async edit(id: string, edit: Edit<DenyContent>, context: CallContext): Promise<void> {
    const [edited] = await this.calls.of(id).edit([edit], context);
    if (edited?.error) throw edited.error;
  }
}

function desiredDenyPolicy({ name, document }: Desired): Shape {
  const { displayName, rules } = contentOf(name, document);
  return { fields: { name, displayName, rules: JSON.stringify(rules) }, tags: {}, facets: {} };
}

/** Whom it is about is no part of it, as long as they are those whom it is attached to. */
function observedDenyPolicy(policy: DenyPolicy): Observed {
  const standing = standingIn(policy.rules);
  const nativeArn = answered(policy.name, 'name');
  const [name, { mark }] = [denyPolicyIdOf(nativeArn), standing];
  const fields = { name, displayName: policy.displayName ?? '', rules: JSON.stringify(observedRules(standing)) };
  return { providerResourceId: answered(policy.uid, 'uid'), nativeArn, name, ...(mark === undefined ? {} : { mark }), shape: { fields, tags: {}, facets: {} }, facetsRead: [] };
}

/** Of a policy that was made to give something instead: no rules. */
const contentOf = (name: string, document: Desired['document']): NonNullable<ReturnType<typeof denialsAtGoogle>> => denialsAtGoogle(name, document) ?? { displayName: name, rules: [] };
