export type PolicyErrorCode =
  | 'NotAnObject' | 'UnknownElement' | 'MissingElement' | 'ExclusiveElements' | 'UnsupportedElement'
  | 'InvalidVersion' | 'InvalidId' | 'InvalidSid' | 'DuplicateSid' | 'InvalidEffect' | 'InvalidType' | 'InvalidCharacter'
  | 'EmptyList' | 'InvalidAction' | 'InvalidTrustAction' | 'InvalidResource' | 'InvalidPrincipal' | 'InvalidPrincipalKey' | 'WildcardInPrincipal'
  | 'InvalidConditionOperator' | 'DuplicateConditionOperator' | 'InvalidConditionKey' | 'DuplicateConditionKey' | 'InvalidConditionValue'
  | 'EmptyVariable' | 'SpaceInVariable' | 'InvalidVariable' | 'MissingBraceInVariable' | 'MissingQuoteInVariable'
  | 'VariableNotAllowed' | 'TooManyStatements' | 'TooManyValues' | 'ValueTooLong' | 'PolicyTooLarge';

export interface PolicyError {
  /** RFC 6901, into the document; empty for the document itself. */
  pointer: string;
  code: PolicyErrorCode;
  /** One sentence for a person; it repeats element names and short values of the document. */
  detail: string;
}

/** No document is answered with more errors than this. */
export const MOST_ERRORS = 200;

/** Collects errors; what comes after MOST_ERRORS is dropped. */
export class Problems {
  readonly errors: PolicyError[] = [];

  /** `latinOnly`: IAM takes only tab, line ends and U+0020 to U+00FF ("IAM and AWS STS quotas"); policies on resources may hold more. */
  constructor(readonly latinOnly = false) {}

  add(pointer: string, code: PolicyErrorCode, detail: string): undefined {
    if (this.errors.length < MOST_ERRORS) this.errors.push({ pointer, code, detail });
    return undefined;
  }
}

/** The pointer of a member: `~` and `/` escaped as RFC 6901 says. */
export function below(pointer: string, member: string | number): string {
  return `${pointer}/${String(member).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A value of the document inside of a message, cut short. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}...` : text);
}
