import { createHash } from 'node:crypto';
import { BOUNDARY, isProviderError, orAbsent, ProviderError, type CallContext, type Desired, type Observed, type OwnershipMark, type Shape } from '@wami/provider-port';
import { isArnOfBoundary } from './access-boundary-document';
import { idIn, type IamV3 } from './iam-v3';
import { annotated, readAnnotations } from './marks';

/** As IAM v3 has it. */
export interface PolicyBinding {
  readonly name?: string;
  readonly etag?: string;
  readonly displayName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly target?: { readonly principalSet?: string };
  readonly policyKind?: string;
  readonly policy?: string;
  readonly condition?: { readonly title?: string; readonly description?: string; readonly expression?: string };
  readonly createTime?: string;
}
type Fields = Shape['fields'];

/** Field of a shape: whom the boundary is bound to. */
export const BOUND_TO = 'boundTo';
const KIND = 'PRINCIPAL_ACCESS_BOUNDARY';
/** Characters of a condition (comments of google.iam.v3). */
const LONGEST = 250;

const NO_ACCESS_BOUNDARY = 'permissionsBoundary: the policy is no principal access boundary at Google, and nothing else there limits somebody. Give it providerDocuments.gcp with details';

/** Bindings of principal access boundaries to single users of the directory: what a permissions boundary is at Google. Those of others stay as they are. */
export class BoundaryBindings {
  private readonly principalSet: string;

  /** `principal`: what WAMI itself signs in as, where that is known. */
  constructor(private readonly bindings: IamV3<PolicyBinding>, customer: string, private readonly principal: () => string | undefined) {
    this.principalSet = `//iam.googleapis.com/locations/global/workspace/${customer}`;
  }

  fields(boundary: string | undefined, address: string): Fields {
    return boundary === undefined || boundary === '' ? {} : { [BOUNDARY]: boundary, [BOUND_TO]: expressionOf(address) };
  }

  check({ boundary }: Desired, address: string): ProviderError | undefined {
    if (boundary === undefined) return undefined;
    if (!isArnOfBoundary(boundary)) return new ProviderError('Unsupported', NO_ACCESS_BOUNDARY);
    if (expressionOf(address).length > LONGEST) return new ProviderError('InvalidRequest', `permissionsBoundary: the address is too long for the condition that binds it, which Google allows ${LONGEST} characters`);
    return undefined;
  }

  /** One list serves any number of users. Of more than one of ours the oldest counts, and the conditions of all of them are told: that is never as it is to be. */
  async reader(context: CallContext): Promise<(observed: Observed) => Observed> {
    const ours = await this.ours(context);
    return (observed) => {
      const [first, ...others] = ours(observed.mark);
      if (first === undefined) return observed;
      const bound = { [BOUNDARY]: first.policy ?? '', [BOUND_TO]: [first, ...others].map(({ condition }) => condition?.expression ?? '').join(' | ') };
      return { ...observed, shape: { ...observed.shape, fields: { ...observed.shape.fields, ...bound } } };
    };
  }

  /** Limited by this and by no other boundary of ours: one create where it is new, and one list. The new one stands before the old one goes. */
  async set(mark: OwnershipMark, boundary: string, address: string, context: CallContext): Promise<void> {
    await this.bind(mark, boundary, address, context);
    await this.keepOnly(mark, idOf(mark, boundary, address), context);
  }

  /** Whoever gets the address in `run` has it within the boundary from the first moment on. Where nobody gets it nobody is limited. */
  async within<T>(mark: OwnershipMark, boundary: string, address: string, context: CallContext, run: () => Promise<T>): Promise<T> {
    const isNew = await this.bind(mark, boundary, address, context);
    try {
      return await run();
    } catch (error) {
      if (!isNew || !isProviderError(error) || error.options.effect !== 'none') throw error;
      throw await this.takenBack(mark, boundary, address, error, context);
    }
  }

  /** The refusal, once nobody with the address is limited for this user; where that could not be done it says so too, and that something may be left. */
  async takenBack(mark: OwnershipMark, boundary: string, address: string, refusal: ProviderError, context: CallContext): Promise<ProviderError> {
    const id = idOf(mark, boundary, address);
    try {
      await this.bindings.delete(id, undefined, context);
      return refusal;
    } catch (error) {
      if (!isProviderError(error)) throw error;
      return new ProviderError(refusal.code, `${refusal.message}; and the policy binding ${id}, which limits whoever has that address, could not be deleted: ${error.message}`, { ...refusal.options, effect: 'unknown' });
    }
  }

  /** No boundary any more. What is known to limit it goes by its name, since a list may not show it yet. */
  async free(mark: OwnershipMark, boundary: string | undefined, address: string, context: CallContext): Promise<void> {
    if (boundary !== undefined) await this.bindings.delete(idOf(mark, boundary, address), undefined, context);
    await this.clear(mark, context);
  }

  /** All bindings of ours of this user go. */
  async clear(mark: OwnershipMark, context: CallContext): Promise<void> {
    await this.keepOnly(mark, undefined, context);
  }

  /** Bindings of ours of this user go, but for the one that binds the boundary to the address. */
  async settle(mark: OwnershipMark, boundary: string, address: string, context: CallContext): Promise<void> {
    await this.keepOnly(mark, idOf(mark, boundary, address), context);
  }

  /** What limits it goes on limiting it, without our mark. */
  async release(mark: OwnershipMark, context: CallContext): Promise<void> {
    for (const binding of (await this.ours(context))(mark)) {
      await orAbsent(this.bindings.edit(idIn(binding), ['annotations'], (found) => (isOf(found, mark) ? { ...found, annotations: annotated(found.annotations, undefined) } : found), context));
    }
  }

  /** Whether it is new. One of the name, which is made of our mark, is one that we made: it gets back what others took from it. */
  private async bind(mark: OwnershipMark, policy: string, address: string, context: CallContext): Promise<boolean> {
    if (address === this.principal()) throw new ProviderError('InvalidRequest', 'WAMI itself signs in as this: what it could not reach any more it could not give back', { effect: 'none' });
    const [id, expression] = [idOf(mark, policy, address), expressionOf(address)];
    const condition = { title: 'This user alone', expression };
    try {
      await this.bindings.create(id, { displayName: 'Permissions boundary by WAMI', annotations: annotated({}, mark), target: { principalSet: this.principalSet }, policyKind: KIND, policy, condition }, context);
      return true;
    } catch (error) {
      if (!isProviderError(error) || error.code !== 'AlreadyExists') throw error;
    }
    const edited = this.bindings.edit(id, ['annotations', 'condition'], (found) => {
      if (found.policy !== policy || found.target?.principalSet !== this.principalSet) return new ProviderError('Conflict', `the policy binding ${id} is none of ours: it binds something else`, { effect: 'none' });
      return isOf(found, mark) && found.condition?.expression === expression ? found : { ...found, annotations: annotated(found.annotations, mark), condition };
    }, context);
    if ((await orAbsent(edited.then(() => true))) === undefined) throw new ProviderError('Conflict', `the policy binding ${id} is there and cannot be seen, or was deleted in this moment`, { effect: 'none' });
    return false;
  }

  private async keepOnly(mark: OwnershipMark, id: string | undefined, context: CallContext): Promise<void> {
    for (const binding of (await this.ours(context))(mark)) if (idIn(binding) !== id) await this.bindings.delete(idIn(binding), binding.etag, context);
  }

  /** Bindings with the mark of a user of ours, the oldest first. */
  private async ours(context: CallContext): Promise<(mark: OwnershipMark | undefined) => readonly PolicyBinding[]> {
    const all: PolicyBinding[] = [];
    for await (const bindings of this.bindings.pages(context)) all.push(...bindings.filter(({ policyKind, annotations }) => policyKind === KIND && readAnnotations(annotations) !== undefined));
    all.sort((one, other) => ((one.createTime ?? '') < (other.createTime ?? '') ? -1 : 1));
    return (mark) => (mark === undefined ? [] : all.filter((binding) => isOf(binding, mark)));
  }
}

/** Exactly this user: nobody of another sort is meant who has the same subject. An address may hold an apostrophe, and no other quotation mark. */
function expressionOf(address: string): string {
  const quote = address.includes("'") ? '"' : "'";
  return `principal.type == 'iam.googleapis.com/WorkspaceIdentity' && principal.subject == ${quote}${address}${quote}`;
}

function isOf({ annotations }: PolicyBinding, { id, instance }: OwnershipMark): boolean {
  const mark = readAnnotations(annotations);
  return mark?.id === id && mark.instance === instance;
}

/** Policy and target of a binding cannot be changed: another boundary, or another address, is another binding. */
const idOf = ({ instance, id }: OwnershipMark, boundary: string, address: string): string => `wami-${createHash('sha256').update(JSON.stringify([instance, id, boundary, address])).digest('hex').slice(0, 32)}`;
