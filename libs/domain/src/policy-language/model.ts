import type { ConditionOperator, Quantifier } from './parse/operators';

/** Where a policy stands: attached to an identity, on a role (who may assume it), on a resource, or as a permissions boundary. */
export type PolicyKind = 'identity' | 'trust' | 'resource' | 'boundary';

export type PolicyVersion = '2012-10-17' | '2008-10-17';

/** A policy that was understood. Plain data; every list has at least one entry, and a scalar became a list of one. */
export interface Policy {
  kind: PolicyKind;
  /** A document without `Version` is a `2008-10-17` one, where `${...}` is plain text. */
  version: PolicyVersion;
  id?: string;
  statements: Statement[];
}

export interface Statement {
  /** JSON pointer of the statement in the document it was read from. */
  pointer: string;
  sid?: string;
  effect: Effect;
  /** Absent in identity policies and boundaries. */
  principals?: Listed<Principal>;
  actions: Listed<string>;
  /** Absent in trust policies, and in resource policies that mean the resource they stand on. */
  resources?: Listed<string>;
  /** All of them must hold. */
  conditions: Condition[];
}

export type Effect = 'Allow' | 'Deny';

/** `negated` is the `Not...` form: everything but the entries. */
export interface Listed<T> {
  negated: boolean;
  entries: T[];
}

/** `value` is `*` (everyone), the 12 digits of an account (its root ARN reads the same), an ARN, a unique id, a service or a provider. */
export interface Principal {
  type: PrincipalType;
  value: string;
}

export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';

export interface Condition {
  operator: ConditionOperator;
  quantifier?: Quantifier;
  ifExists: boolean;
  key: string;
  /** Numbers and booleans of the document as text. */
  values: string[];
}
