import { ProviderError, type OwnershipMark } from '@wami/provider-port';
import { isAsAttached, digestOf, isSound, marked, recordWithoutThem, rulesAtGoogle, standingIn, unmarked, withoutThem, type Standing } from './deny-record';
import { deniesNothing, type Denial, type DenyContent } from './deny-rules';
import type { Edit } from './shared-policy';

type DenyEdit = Edit<DenyContent>;

const UNCERTAIN =
  'others changed its first rule, where WAMI keeps whom it denies, or its mark: WAMI neither denies more by it nor takes anything back. Name in that rule as denied and as excepted the very principals that the policy is attached to, '
  + 'or delete the deny policy at Google: `wami sync now` makes it anew and attaches it again';
const OF_OTHERS = 'WAMI takes no deny policy over that denies somebody something, for it has attached it to nobody: leave it to whoever made it and take another name, or delete it at Google';
const NOT_OURS = 'it carries the mark of another';

const refused = (message: string): ProviderError => new ProviderError('InvalidRequest', message, { effect: 'none' });
const notReady = (message: string): ProviderError => new ProviderError('DependencyNotReady', message, { effect: 'none' });

/**
 * The policy with other rules, about those whom WAMI attached it to and nobody else. Where no other rules are asked for all of them stay as they stand, whatever others made of them:
 * only the display name changes, and the mark is there.
 */
export function rewriting(changed: { readonly displayName?: string; readonly denials?: readonly Denial[] }, mark: OwnershipMark): DenyEdit {
  return ({ displayName: before, rules }) => {
    const { displayName = before, denials } = changed;
    const standing = standingIn(rules);
    const { record } = standing;
    if (standing.mark !== undefined && !(standing.mark.id === mark.id && standing.mark.instance === mark.instance)) return new ProviderError('Conflict', NOT_OURS, { effect: 'none' });
    if (denials === undefined && record !== undefined) return { displayName, rules: rules.map((rule) => (rule === record ? marked(rule, mark) : rule)) };
    const attached = standing.attached ?? (record === undefined && standing.rules.every(deniesNothing) ? [] : undefined);
    if (attached === undefined) return refused(record === undefined ? `${UNCERTAIN}. Where it never was WAMI's: ${OF_OTHERS}` : UNCERTAIN);
    return { displayName, rules: rulesAtGoogle(denials ?? standing.denials, attached, mark) };
  };
}

/** The policy as it is, without the mark. */
export function releasing(mark: OwnershipMark): DenyEdit {
  return (content) => {
    const { record, mark: found } = standingIn(content.rules);
    if (record === undefined || found?.id !== mark.id || found.instance !== mark.instance) return content;
    return { ...content, rules: content.rules.map((rule) => (rule === record ? unmarked(rule) : rule)) };
  };
}

/** Each rule is about this principal too, and about nobody whom WAMI did not attach it to. What others made of the rules is not put on anybody. */
export function denying(principal: string, instance: string): DenyEdit {
  return (content) => {
    const standing = standingIn(content.rules);
    const { attached, denials, mark, digest } = standing;
    if (mark?.instance !== instance) return notReady('it carries no mark of ours: the policy is to be synced first (`wami sync now`)');
    if (attached === undefined) return notReady(UNCERTAIN);
    if (digest !== digestOf(denials)) return notReady('others changed what its rules deny: the policy is to be synced first (`wami sync now`), so that nobody is denied more than was asked');
    if (attached.includes(principal) && isSound(standing) && isAsAttached(standing)) return content;
    return { ...content, rules: rulesAtGoogle(denials, [...attached, principal], mark) };
  };
}

/** No rule of ours is about any of these any more. Of a policy that is not ours nothing is changed. */
export function sparing(isMeant: (principal: string) => boolean, instance: string): DenyEdit {
  return (content) => {
    if (!namesAny(content, isMeant)) return content;
    const standing = standingIn(content.rules);
    if (standing.mark?.instance !== instance) return notReady('it carries no mark of ours: the policy is to be synced first (`wami sync now`)');
    return { ...content, rules: spared(content, standing, isMeant) };
  };
}

/** Somebody stands among those whom the policy denies something, or in its record. */
export function namesAny({ rules }: Pick<DenyContent, 'rules'>, isMeant: (principal: string) => boolean): boolean {
  const { record } = standingIn(rules);
  return rules.some(({ denyRule }) => denyRule?.deniedPrincipals?.some(isMeant)) || record?.denyRule?.exceptionPrincipals?.some(isMeant) === true;
}

/** Where it is certain what the rules should say they say it about all others whom WAMI denies it; else only these are taken out. */
function spared({ rules }: DenyContent, standing: Standing, isMeant: (principal: string) => boolean): DenyContent['rules'] {
  const { attached, denials, digest, mark, record } = standing;
  if (attached !== undefined && digest === digestOf(denials)) return rulesAtGoogle(denials, attached.filter((principal) => !isMeant(principal)), mark);
  return rules.map((rule) => (rule === record ? recordWithoutThem : withoutThem)(rule, isMeant));
}
