import type { FederatedIdentityCredential } from '@microsoft/microsoft-graph-types';
import { DEFAULT_AUDIENCE, type FederatedCredential } from '@wami/contracts';
import { applyParts, FEDERATION, isProviderError, namedIn, orAbsent, partField, partFields, ProviderError, writtenIn, type Applied, type CallContext, type Changes, type Desired, type Observed, type Reference, type Shape } from '@wami/provider-port';
import type { AzureClient } from './azure.client';
import { answered, collect, graphPages } from './pages';

type Fields = Shape['fields'];

/** What an application is asked for, to have them along. */
export const FEDERATED = 'federatedIdentityCredentials';

/** The federated credentials that a document asks for, as fields of a shape. */
export function wantedFederation(document: Desired['document']): Fields {
  return partFields(FEDERATION, Object.fromEntries(Object.entries(writtenIn(FEDERATION, document)).map(([name, written]) => [name, meaningOf(bodyOf(written))])));
}

/** The same, as Graph answers them, those of others among them. */
export function standingFederation(credentials: readonly FederatedIdentityCredential[]): Fields {
  return partFields(FEDERATION, Object.fromEntries(credentials.map((one) => [answered(one.name, 'name'), meaningOf(one)])));
}

export function withFields(observed: Observed, fields: Fields = {}): Observed {
  return { ...observed, shape: { ...observed.shape, fields: { ...observed.shape.fields, ...fields } } };
}

/** Who may sign in as an application without a secret. They can carry no mark: which of them are ours the engine knows by their names, which Entra never lets change. */
export class Federation {
  constructor(
    private readonly client: AzureClient,
    private readonly context: CallContext,
  ) {}

  /** One list, where any is looked for. Nobody else's is told. */
  async read(observed: Observed, { federation = [] }: Reference): Promise<Observed> {
    if (federation.length === 0) return observed;
    const standing = standingFederation(await this.standing(observed));
    const asked = federation.map((name) => partField(FEDERATION, name));
    const fields = Object.fromEntries(Object.entries(standing).filter(([field]) => asked.includes(field)));
    return withFields(observed, fields);
  }

  /** One call for each that is to become otherwise; more where something stands in the way. */
  apply(applied: Applied, changes: Pick<Changes, 'fields'>, desired: Desired): Promise<Applied> {
    const changing = new Set(Object.keys(namedIn(FEDERATION, changes.fields)));
    return applyParts(FEDERATION, applied, {
      put: (owner, name, written) => this.write(owner, name, bodyOf(written), changing),
      remove: (owner, name) => this.takeAway(owner, name),
    }, changes, desired);
  }

  private async write(owner: Observed, name: string, body: FederatedIdentityCredential, changing: ReadonlySet<string>): Promise<void> {
    const isKnown = owner.shape.fields[partField(FEDERATION, name)] !== undefined;
    try {
      if (!isKnown || !(await this.change(owner, name, body))) await this.client.graph('POST', pathOf(owner), { body: { name, ...body } }, this.context);
    } catch (error) {
      if (!isCalled(error, 'Conflict')) throw error;
      await this.settle(owner, name, body, changing, error);
    }
  }

  /** Whether it is there. */
  private async change(owner: Observed, name: string, body: object): Promise<boolean> {
    try {
      await this.client.graph('PATCH', `${pathOf(owner)}/${name}`, { body }, this.context);
      return true;
    } catch (error) {
      if (isCalled(error, 'NotFound')) return false;
      throw error;
    }
  }

  /**
   * What stands under the name by now and says the same is it. Somebody else's is never replaced by this: whoever decided on it has to look again. Another of
   * those that are to change, which still trusts whom this one shall trust as it did when it was looked at, goes first: no two may, and it is written again in its turn.
   */
  private async settle(owner: Observed, name: string, body: FederatedIdentityCredential, changing: ReadonlySet<string>, refusal: ProviderError): Promise<void> {
    const standing = await this.standing(owner);
    const there = standingFederation(standing)[partField(FEDERATION, name)];
    if (there === meaningOf(body)) return;
    const holder = standing.find((one) => one.name !== name && one.issuer === body.issuer && one.subject === body.subject)?.name;
    // One of the name that cannot be seen yet may be what an attempt of ours left.
    if (holder === undefined || holder === null) throw there === undefined ? new ProviderError(refusal.code, refusal.message, { ...refusal.options, effect: 'unknown' }) : refusal;
    if (!changing.has(holder) || owner.shape.fields[partField(FEDERATION, holder)] !== standingFederation(standing)[partField(FEDERATION, holder)]) throw refusal;
    await orAbsent(this.takeAway(owner, holder));
    await this.write(owner, name, body, new Set([...changing].filter((one) => one !== holder)));
  }

  /**
   * Where Entra knows none of the name there is a look: of one that was made just now it may not know yet, and it would let in whoever it trusts.
   * @throws ProviderError `NotFound` where that shows none either
   */
  private async takeAway(owner: Observed, name: string): Promise<void> {
    try {
      await this.client.graph('DELETE', `${pathOf(owner)}/${name}`, {}, this.context);
    } catch (error) {
      if (!isCalled(error, 'NotFound')) throw error;
      const there = standingFederation(await this.standing(owner))[partField(FEDERATION, name)];
      if (there !== undefined) throw new ProviderError('Conflict', `Entra shows the federated credential ${name} and does not find it yet`, { effect: 'none' });
      throw error;
    }
  }

  private async standing(owner: Observed): Promise<FederatedIdentityCredential[]> {
    const credentials = await orAbsent(collect(graphPages<FederatedIdentityCredential>(this.client, pathOf(owner), {}, this.context)));
    if (credentials === undefined) throw new ProviderError('DependencyNotReady', `the application ${owner.name} is not known everywhere yet`, { effect: 'none' });
    return credentials;
  }
}

const pathOf = ({ providerResourceId }: Observed): string => `/applications/${providerResourceId}/${FEDERATED}`;

function bodyOf(written: unknown): FederatedIdentityCredential {
  const { issuer, subject, audiences = [DEFAULT_AUDIENCE] } = written as FederatedCredential;
  return { issuer, subject, audiences };
}

/** Entra compares all of it to the letter. One that says by an expression whom it trusts has no subject. */
function meaningOf({ issuer, subject, audiences }: FederatedIdentityCredential): string {
  return JSON.stringify({ issuer: answered(issuer, 'issuer'), subject: subject ?? '', audiences: [...audiences ?? []].sort() });
}

const isCalled = (error: unknown, code: ProviderError['code']): error is ProviderError => isProviderError(error) && error.code === code;
