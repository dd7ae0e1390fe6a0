import { applyRelations, isProviderError, ProviderError, type Applied, type CallContext } from '@wami/provider-port';
import { denyPolicyIdOf, type DenyPolicyCalls } from './deny-policy-calls';
import { deniedBy, denying, principalOf, sparing, type DenyContent } from './deny-rules';
import { answered } from './pages';

/** Whom the deny policies are about: what of them is attached to somebody. Members are called as an allow policy calls them. */
export class Denials {
  /** `principal`: what WAMI itself signs in as, where that is known. */
  constructor(private readonly calls: DenyPolicyCalls, private readonly principal: () => string | undefined) {}

  /** Names of the deny policies that are about somebody; one reading serves any number of them. */
  async reader(context: CallContext): Promise<(member: string) => readonly string[]> {
    const all: (readonly [string, ReadonlySet<string>])[] = [];
    for await (const policies of this.calls.pages(context)) all.push(...policies.map((policy) => [denyPolicyIdOf(answered(policy.name, 'name')), new Set(deniedBy(policy))] as const));
    return (member) => all.flatMap(([id, principals]) => (principals.has(principalOf(member)) ? [id] : []));
  }

  /** A get and an update of each policy. */
  deny(facet: string, ids: readonly string[], member: string, context: CallContext): Promise<Applied['rejected']> {
    return applyRelations(ids.map((name) => ({ facet, name, apply: async () => {
      if (member.endsWith(`:${this.principal() ?? ''}`)) throw new ProviderError('InvalidRequest', `WAMI itself signs in as this: what ${name} denies it could not give back`, { effect: 'none' });
      await this.edit(name, denying(principalOf(member)), context);
    } })));
  }

  /** A get and an update of each policy. */
  spare(facet: string, ids: readonly string[], member: string, context: CallContext): Promise<Applied['rejected']> {
    return applyRelations(ids.map((name) => ({ facet, name, apply: async () => {
      try {
        await this.edit(name, sparing((principal) => principal === principalOf(member)), context);
      } catch (error) {
        // Somebody to whom nothing is denied at all is not denied this either.
        if (!isProviderError(error) || error.code !== 'NotFound' || (await this.reader(context))(member).length > 0) throw error;
      }
    } })));
  }

  /** Of somebody who is there no more nothing is left in the rules, under the name that Google keeps either. */
  async forget(member: string, context: CallContext): Promise<void> {
    const principal = principalOf(member);
    const isMeant = (one: string): boolean => one === principal || one.startsWith(`deleted:${principal}?`);
    for await (const policies of this.calls.pages(context)) {
      for (const { name, rules } of policies) {
        if (rules?.some(({ denyRule }) => denyRule?.deniedPrincipals?.some(isMeant))) await this.edit(denyPolicyIdOf(answered(name, 'name')), sparing(isMeant), context);
      }
    }
  }

  private async edit(id: string, edit: (content: DenyContent) => DenyContent, context: CallContext): Promise<void> {
    const [edited] = await this.calls.of(id).edit([edit], context);
    if (edited?.error) throw edited.error;
  }
}
