import { invalidInput, noSuchEntity } from '../errors';
import type { IamState, IdentityProviderRecord, OidcTrust, SamlTrust } from '../iam-state';
import { requiredText, RULES } from '../validation';
import type { Call } from './operation';

export type Protocol = 'oidc' | 'saml';
type RecordOf<P extends Protocol> = IdentityProviderRecord & { readonly trusts: P extends 'oidc' ? OidcTrust : SamlTrust };

const ARN_PARAMETER = { oidc: 'OpenIDConnectProviderArn', saml: 'SAMLProviderArn' } as const;

export const providerArn = (account: string, protocol: Protocol, name: string): string => `arn:aws:iam::${account}:${protocol}-provider/${name}`;

/** The ARN that a call names. */
export function arnIn(protocol: Protocol, { params }: Call): string {
  const arn = requiredText(params, ARN_PARAMETER[protocol], RULES.arn);
  if (!new RegExp(`^arn:[\\w-]+:iam::\\d{12}:${protocol}-provider/.+$`).test(arn)) throw invalidInput(`Invalid ARN: ${arn}`);
  return arn;
}

/** The provider that a read names. */
export const viewedProvider = <P extends Protocol>(protocol: P, call: Call): RecordOf<P> => find(call.store.view(), protocol, call);
/** The provider that a write names. */
export const namedProvider = <P extends Protocol>(protocol: P, call: Call): RecordOf<P> => find(call.store.truth, protocol, call);

/** An ARN tells the protocol, and with it what is kept. */
function find<P extends Protocol>(state: IamState, protocol: P, call: Call): RecordOf<P> {
  const arn = arnIn(protocol, call);
  const provider = state.provider(arn);
  if (provider === undefined) throw noSuchEntity(`Manifest not found for arn ${arn}`);
  return provider as RecordOf<P>;
}
