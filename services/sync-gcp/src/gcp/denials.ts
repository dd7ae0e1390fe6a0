import { applyRelations, isProviderError, ProviderError, type Applied, type CallContext } from '@wami/provider-port';
import { denyPolicyIdOf, type DenyPolicyCalls } from './deny-policy-calls';
import { denying, namesAny, sparing } from './deny-edits';
import { deniedBy, standingIn } from './deny-record';
import { principalOf, type DenyContent, type DenyPolicy } from './deny-rules';
import { answered } from './pages';
import type { Edit } from './shared-policy';

/** Whom the deny policies are about: what of them is attached to somebody. Members are called as an allow policy calls them. */
export class Denials {
  /** `principal`: what WAMI itself signs in as, where that is known. */
  constructor(private readonly calls: DenyPolicyCalls, private readonly principal: () => string | undefined) {}

  /** Names of the deny policies that are about somebody; one reading serves any number of them. */
  async reader(context: CallContext): Promise<(member: string) => readonly string[]> {
    const all: (readonly [string, ReadonlySet<string>])[] = [];
    for await (const policies of this.calls.pages(context)) all.push(...policies.map((policy) => [idOf(policy), new Set(deniedBy(policy))] as const));
    return (member) => all.flatMap(([id, principals]) => (principals.has(principalOf(member)) ? [id] : []));
  }

  /** A get and an update of each policy. `instance`: whose marks are ours. */
  deny(facet: string, ids: readonly string[], member: string, instance: string, context: CallContext): Promise<Applied['rejected']> {
    return applyRelations(ids.map((name) => ({ facet, name, apply: async () => {
      if (member.endsWith(`:${this.principal() ?? ''}`)) throw new ProviderError('InvalidRequest', `WAMI itself signs in as this: what ${name} denies it could not give back`, { effect: 'none' });
      await this.edit(name, denying(principalOf(member), instance), context);
    } })));
  }

  /** A get and an update of each policy. */
  spare(facet: string, ids: readonly string[], member: string, instance: string, context: CallContext): Promise<Applied['rejected']> {
    return applyRelations(ids.map((name) => ({ facet, name, apply: async () => {
      try {
        await this.edit(name, sparing((principal) => principal === principalOf(member), instance), context);
      } catch (error) {
        // Somebody to whom nothing is denied at all is not denied this either.
        if (!isProviderError(error) || error.code !== 'NotFound' || (await this.reader(context))(member).length > 0) throw error;
      }
    } })));
  }

  /** Of somebody who is there no more nothing is left in what is denied by policies of ours, under the name that Google keeps either. Those of others and all exceptions stay as they are. */
  async forget(member: string, instance: string, context: CallContext): Promise<void> {
    const principal = principalOf(member);
    const isMeant = (one: string): boolean => one === principal || one.startsWith(`deleted:${principal}?`);
    for (const id of await this.ours(isMeant, instance, context)) await this.edit(id, sparing(isMeant, instance), context);
  }

  /** Names of policies of ours that speak of somebody. */
  about(member: string, instance: string, context: CallContext): Promise<readonly string[]> {
    return this.ours((principal) => principal === principalOf(member), instance, context);
  }

  private async ours(isMeant: (principal: string) => boolean, instance: string, context: CallContext): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const policies of this.calls.pages(context)) {
      ids.push(...policies.filter(({ rules }) => standingIn(rules).mark?.instance === instance && namesAny({ rules: rules ?? [] }, isMeant)).map(idOf));
    }
    return ids;
  }

  private async edit(id: string, edit: Edit<DenyContent>, context: CallContext): Promise<void> {
    const [edited] = await this.calls.of(id).edit([edit], context);
    if (edited?.error) throw edited.error;
  }
}

const idOf = ({ name }: DenyPolicy): string => denyPolicyIdOf(answered(name, 'name'));
