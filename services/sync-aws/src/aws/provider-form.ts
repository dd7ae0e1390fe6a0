import type { Tag } from '@aws-sdk/client-iam';
import type { CallContext, Changes, Desired, Observed, Shape } from '@wami/provider-port';
import { observedTagged } from './tagged';

/** How identity providers of one protocol are called. They have no lasting id but their ARN, which whoever trusts them names. */
export interface ProviderForm {
  /** Whether a name is one of this protocol: that of an OIDC provider is its address. */
  names(name: string): boolean;
  /** The name in an ARN; undefined where that is of another protocol. */
  nameIn(arn: string): string | undefined;
  shape(desired: Desired): Shape;
  /** Of all that there are. */
  arns(context: CallContext): Promise<readonly string[]>;
  /** Undefined where there is none. */
  at(arn: string, context: CallContext): Promise<Observed | undefined>;
  /** @returns its ARN */
  create(desired: Desired, tags: Tag[], context: CallContext): Promise<string>;
  /** All but its tags. */
  change(desired: Desired, observed: Observed, changes: Changes, context: CallContext): Promise<void>;
  tag(arn: string, tags: Tag[], context: CallContext): Promise<unknown>;
  untag(arn: string, keys: string[], context: CallContext): Promise<unknown>;
  delete(arn: string, context: CallContext): Promise<unknown>;
}

/** What stands in an ARN after this. */
export function after(mark: string, arn: string): string | undefined {
  const at = arn.indexOf(mark);
  return at < 0 ? undefined : arn.slice(at + mark.length);
}

export function observedProvider(name: string | undefined, arn: string, tags: readonly Tag[], fields: Readonly<Record<string, string>>): Observed {
  const observed = observedTagged('identity provider', { name, id: arn, arn, path: undefined }, tags, fields);
  const { path: _none, ...own } = observed.shape.fields;
  return { ...observed, shape: { ...observed.shape, fields: own } };
}
