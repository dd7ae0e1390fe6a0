/** Kinds of resource that WAMI brings to clouds. Open: a new kind is a schema, a decider and one handler per provider. */
export const RESOURCE_KINDS = ['user', 'group', 'role', 'policy', 'service-account', 'access-key', 'login-profile', 'mfa-device', 'identity-provider'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** Those that people give a name, which is unique in its tenant. The others belong to one of these and go with it. */
export type NamedKind = Exclude<ResourceKind, 'access-key' | 'login-profile' | 'mfa-device'>;

/** Types that have an ARN: resource kinds, and what is only kept and never brought to a cloud by itself. */
export type ArnType = ResourceKind | 'tenant' | 'membership' | 'attachment' | 'sync-job' | 'plan' | 'api-key' | 'pause' | 'repair' | 'approval' | 'target' | 'dead-letter';

export interface Arn {
  readonly tenant: string;
  readonly instance: string;
  readonly type: string;
  readonly id: string;
}

/** `arn:wami:iam:<tenant/path>:wami:<instance>:<type>/<id>`. Holds ids only, never a person's name. */
export function formatArn(arn: Arn): string {
  return `arn:wami:iam:${arn.tenant}:wami:${arn.instance}:${arn.type}/${arn.id}`;
}

const ARN_PATTERN = /^arn:wami:iam:([^:]*):wami:([^:]+):([a-z-]+)\/([A-Za-z0-9_]+)$/;

/** The parts of an ARN, or undefined where the text is none. */
export function parseArn(text: string): Arn | undefined {
  const match = ARN_PATTERN.exec(text);
  if (!match) return undefined;
  const [, tenant = '', instance = '', type = '', id = ''] = match;
  return { tenant, instance, type, id };
}
