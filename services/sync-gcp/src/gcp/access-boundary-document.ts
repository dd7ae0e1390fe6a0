import type { Desired } from '@wami/provider-port';

/** Which resources those whom it limits can reach at all. */
export interface BoundaryRule {
  readonly description?: string;
  readonly resources: readonly string[];
  readonly effect: string;
}
/** As IAM v3 has it. What limits somebody, and what binds it to them, are documents of their own. */
export interface AccessBoundary {
  readonly name?: string;
  readonly uid?: string;
  readonly etag?: string;
  readonly displayName?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly details?: { readonly rules?: readonly Partial<BoundaryRule>[]; readonly enforcementVersion?: string };
}
/** What Google is to get of it. */
export interface BoundaryContent {
  readonly displayName: string;
  readonly rules: readonly BoundaryRule[];
  /** Absent: that which is the newest when it is made. */
  readonly enforcementVersion?: string;
}

/** Neither a role's id nor, here, the name of what denies is one: so a name alone says what it is the name of. */
export const isNameOfBoundary = (name: string): boolean => /(^|[.-])pab-/.test(name);

/** `organizations/456/locations/global/principalAccessBoundaryPolicies/pab-web` */
export const isArnOfBoundary = (nativeArn: string): boolean => nativeArn.includes('/principalAccessBoundaryPolicies/');

/** What of a policy is for Google, as it was written. */
export const documentAtGoogle = ({ providerDocuments }: Desired['document']): Readonly<Record<string, unknown>> => ((providerDocuments ?? {}) as { readonly gcp?: Readonly<Record<string, unknown>> }).gcp ?? {};

/** Undefined where it is no principal access boundary. */
export function boundaryAtGoogle(name: string, document: Desired['document']): BoundaryContent | undefined {
  const { displayName, details } = documentAtGoogle(document);
  if (details === undefined) return undefined;
  const { rules, enforcementVersion } = (details ?? {}) as { readonly rules?: unknown; readonly enforcementVersion?: unknown };
  return {
    displayName: typeof displayName === 'string' && displayName !== '' ? displayName : name, rules: rulesOf(rules),
    ...(typeof enforcementVersion === 'string' && enforcementVersion !== '' ? { enforcementVersion } : {}),
  };
}

/** Order and repetition of resources say nothing; what says nothing is left out. */
export function rulesOf(rules: unknown): readonly BoundaryRule[] {
  const written = Array.isArray(rules) ? (rules as readonly (Partial<BoundaryRule> | null)[]) : [];
  return written.map((rule) => {
    const { description, resources, effect } = rule ?? {};
    return { ...(description ? { description } : {}), resources: Array.isArray(resources) ? [...new Set(resources.map(String))].sort() : [], effect: effect ?? '' };
  });
}
