import { friendlyName, roleArnOf } from './principal-arn';
import type { ContextValue, RequestPrincipal } from './request';
import { WorkMeter } from './work';

/** The request's context: key names in lower case, values as text. Notes which keys were asked for in vain. */
export class RequestContext {
  private readonly byKey = new Map<string, string[]>();
  private readonly asked = new Map<string, string>();
  /** Of the one evaluation that the context is for. */
  readonly work = new WorkMeter();

  /** What `given` says wins over what the principal tells. Names that differ in case only are one key with several values. */
  constructor(given: Readonly<Record<string, ContextValue>>, derived: Readonly<Record<string, string>>) {
    for (const [key, value] of Object.entries(given)) {
      const name = key.toLowerCase();
      this.byKey.set(name, [...(this.byKey.get(name) ?? []), ...asTexts(value)]);
    }
    for (const [key, value] of Object.entries(derived)) {
      if (!this.byKey.has(key.toLowerCase())) this.byKey.set(key.toLowerCase(), [value]);
    }
  }

  /** Empty where the key is missing, or is there without a value. */
  values(key: string): readonly string[] {
    const values = this.byKey.get(key.toLowerCase()) ?? [];
    if (values.length === 0 && !this.asked.has(key.toLowerCase())) this.asked.set(key.toLowerCase(), key);
    return values;
  }

  /** "You cannot use a multivalued context key as a policy variable." */
  single(key: string): string | undefined {
    const values = this.values(key);
    const [value] = values.length === 1 ? values : [];
    if (value !== undefined) this.work.spend(value.length);
    return value;
  }

  missing(): string[] {
    return [...this.asked.values()].sort();
  }
}

function asTexts(value: ContextValue): string[] {
  return typeof value === 'object' ? value.map(String) : [String(value)];
}

/** What AWS puts into every request of such a principal ("AWS global condition context keys", "Principal key values"). */
export function derivedContext(principal: RequestPrincipal, account: string | undefined, resourceAccount: string | undefined): Record<string, string> {
  return {
    ...(account !== undefined && { 'aws:PrincipalAccount': account }),
    ...(resourceAccount !== undefined && { 'aws:ResourceAccount': resourceAccount }),
    'aws:PrincipalIsAWSService': String(principal.type === 'service'),
    ...ofType(principal),
  };
}

function ofType(principal: RequestPrincipal): Record<string, string> {
  switch (principal.type) {
    case 'user':
      return { 'aws:PrincipalType': 'User', 'aws:PrincipalArn': principal.id, 'aws:username': friendlyName(principal.id) };
    case 'role':
    case 'roleSession': return { 'aws:PrincipalType': 'AssumedRole', 'aws:PrincipalArn': roleArnOf(principal) };
    case 'federatedUserSession': return { 'aws:PrincipalType': 'FederatedUser', 'aws:PrincipalArn': principal.id };
    case 'root': return { 'aws:PrincipalType': 'Account', 'aws:PrincipalArn': principal.id };
    case 'service': return { 'aws:PrincipalServiceName': principal.id };
    case 'federated':
    case 'canonicalUser': return {};
    case 'anonymous': return { 'aws:PrincipalType': 'Anonymous' };
  }
}
