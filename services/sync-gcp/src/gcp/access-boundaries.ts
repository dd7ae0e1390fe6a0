import { isProviderError, ProviderError, type Applied, type CallContext, type Changes, type Desired, type Observed, type Shape } from '@wami/provider-port';
import { boundaryAtGoogle, rulesOf, type AccessBoundary, type BoundaryContent } from './access-boundary-document';
import { checkAccessBoundary } from './access-boundary-limits';
import { idIn, type IamV3 } from './iam-v3';
import { annotated, readAnnotations } from './marks';
import { refuseRename } from './no-rename';
import { answered } from './pages';
import type { PolicyForm } from './policies.handler';

/** Policies that say what somebody can reach at all: principal access boundaries of the organisation. They limit nobody until they are somebody's permissions boundary. */
export class AccessBoundaries implements PolicyForm {
  readonly shape = desiredBoundary;
  readonly check = checkAccessBoundary;

  constructor(private readonly policies: IamV3<AccessBoundary>) {}

  /** One get. */
  async look(id: string, context: CallContext): Promise<Observed | undefined> {
    const policy = await this.policies.get(id, context);
    return policy && observedBoundary(policy);
  }

  /** One create with the mark. */
  async create({ name, document, mark }: Desired, context: CallContext): Promise<Applied> {
    const { displayName, ...details } = contentOf(name, document);
    const content = { displayName, details, annotations: annotated({}, mark) };
    return { observed: observedBoundary({ ...await this.policies.create(name, content, context), displayName, annotations: content.annotations }), rejected: [] };
  }

  /** One get and one patch. */
  async update(desired: Desired, observed: Observed, { fields, adopt }: Changes, context: CallContext): Promise<Applied> {
    const { shape } = observed;
    const { displayName, rules, enforcementVersion } = contentOf(desired.name, desired.document);
    if (adopt || ['displayName', 'rules', 'enforcementVersion'].some((field) => fields[field] !== undefined)) {
      await this.policies.edit(observed.name, ['displayName', 'details', 'annotations'], (policy) => {
        const mark = readAnnotations(policy.annotations);
        if (mark !== undefined && !(mark.id === desired.mark.id && mark.instance === desired.mark.instance)) return new ProviderError('Conflict', 'it carries the mark of another', { effect: 'none' });
        return {
          ...policy, annotations: annotated(policy.annotations, desired.mark), ...(fields['displayName'] === undefined ? {} : { displayName }),
          details: { ...policy.details, ...(fields['rules'] === undefined ? {} : { rules }), ...(fields['enforcementVersion'] === undefined || enforcementVersion === undefined ? {} : { enforcementVersion }) },
        };
      }, context);
    }
    refuseRename('principal access boundary', observed, fields);
    return { observed: { ...observed, mark: desired.mark, shape: { ...shape, fields: { ...shape.fields, ...fields } } }, rejected: [] };
  }

  /** One delete. @throws ProviderError `Conflict` where somebody is limited by it */
  async delete({ name }: Observed, context: CallContext): Promise<void> {
    try {
      await this.policies.delete(name, undefined, context);
    } catch (error) {
      if (!isProviderError(error) || error.options.details?.['googleStatus'] !== 'FAILED_PRECONDITION') throw error;
      throw new ProviderError('Conflict', `somebody is limited by it: ${error.message}`, error.options);
    }
  }

  /** One get and one patch: the annotations without the mark. */
  async release({ name, mark }: Observed, context: CallContext): Promise<void> {
    if (mark === undefined) return;
    try {
      await this.policies.edit(name, ['annotations'], (policy) => {
        const found = readAnnotations(policy.annotations);
        return found?.id === mark.id && found.instance === mark.instance ? { ...policy, annotations: annotated(policy.annotations, undefined) } : policy;
      }, context);
    } catch (error) {
      if (!isProviderError(error) || error.code !== 'NotFound') throw error;
    }
  }

  async *list(context: CallContext): AsyncGenerator<readonly Observed[]> {
    for await (const policies of this.policies.pages(context)) yield policies.map(observedBoundary);
  }
}

/** Where no version of its enforcement is asked for whichever stands there is right. */
function desiredBoundary({ name, document }: Desired): Shape {
  const { displayName, rules, enforcementVersion } = contentOf(name, document);
  return { fields: { name, displayName, rules: JSON.stringify(rules), ...(enforcementVersion === undefined ? {} : { enforcementVersion }) }, tags: {}, facets: {} };
}

function observedBoundary(policy: AccessBoundary): Observed {
  const [nativeArn, name, mark] = [answered(policy.name, 'name'), idIn(policy), readAnnotations(policy.annotations)];
  const { rules, enforcementVersion = '' } = policy.details ?? {};
  const fields = { name, displayName: policy.displayName ?? '', rules: JSON.stringify(rulesOf(rules)), enforcementVersion };
  return { providerResourceId: answered(policy.uid, 'uid'), nativeArn, name, ...(mark === undefined ? {} : { mark }), shape: { fields, tags: {}, facets: {} }, facetsRead: [] };
}

/** Of a policy that was made to be of another sort: no rules. */
const contentOf = (name: string, document: Desired['document']): BoundaryContent => boundaryAtGoogle(name, document) ?? { displayName: name, rules: [] };
