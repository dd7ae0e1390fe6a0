import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { PROBLEMS, type Problem, type ProblemCode } from '@wami/contracts';
import type { Root } from 'protobufjs';
import { protoName, writeMessage } from './messages';
import { RENAMED } from './route';

/** Which status of gRPC says what a code of ours says. The code itself is `reason` of the ErrorInfo. */
const STATUS: Readonly<Record<ProblemCode, status>> = {
  MalformedRequest: status.INVALID_ARGUMENT,
  Unauthenticated: status.UNAUTHENTICATED,
  Forbidden: status.PERMISSION_DENIED,
  NotFound: status.NOT_FOUND,
  MethodNotAllowed: status.NOT_FOUND,
  NotAcceptable: status.INVALID_ARGUMENT,
  RequestTimeout: status.DEADLINE_EXCEEDED,
  NameTaken: status.ALREADY_EXISTS,
  TenantNotEmpty: status.FAILED_PRECONDITION,
  PolicyInUse: status.FAILED_PRECONDITION,
  TenantDeleting: status.FAILED_PRECONDITION,
  PlanExpired: status.FAILED_PRECONDITION,
  NoKafka: status.FAILED_PRECONDITION,
  ApprovalClosed: status.FAILED_PRECONDITION,
  ReferenceGone: status.FAILED_PRECONDITION,
  IdempotencyInProgress: status.ABORTED,
  QuotaExceeded: status.FAILED_PRECONDITION,
  VersionConflict: status.ABORTED,
  PayloadTooLarge: status.RESOURCE_EXHAUSTED,
  UriTooLong: status.INVALID_ARGUMENT,
  UnsupportedMediaType: status.INVALID_ARGUMENT,
  ValidationFailed: status.INVALID_ARGUMENT,
  IdempotencyKeyReused: status.INVALID_ARGUMENT,
  RateLimited: status.RESOURCE_EXHAUSTED,
  HeadersTooLarge: status.INVALID_ARGUMENT,
  Internal: status.INTERNAL,
  Unreadable: status.INTERNAL,
  Unavailable: status.UNAVAILABLE,
  Overloaded: status.UNAVAILABLE,
  ConsistencyTimeout: status.UNAVAILABLE,
};
/** Codes that say something of the thing that the path names. */
const OF_A_RESOURCE: readonly string[] = ['NotFound', 'VersionConflict', 'TenantNotEmpty', 'PolicyInUse', 'TenantDeleting', 'PlanExpired', 'ApprovalClosed'] satisfies ProblemCode[];
const DETAILS = 'type.googleapis.com/';
const DOMAIN = 'wami.dev';

/** Turns refusals into `google.rpc.Status` with ErrorInfo, BadRequest, RetryInfo, ResourceInfo and RequestInfo. */
export class RichStatus {
  constructor(private readonly root: Root) {}

  /** `within` is the field of the request that the body of the HTTP request was. */
  of(problem: Problem, within = ''): StatusObject {
    const code = statusOf(problem.code);
    const message = problem.detail ?? problem.title;
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', writeMessage(this.root.lookupType('google.rpc.Status'), { code, message, details: this.details(problem, within) }));
    return { code, details: message, metadata };
  }

  private details(problem: Problem, within: string): object[] {
    const { errors = [], retryAfter, requestId } = problem;
    return [
      this.any('ErrorInfo', { reason: problem.code, domain: DOMAIN, metadata: told(problem) }),
      ...(errors.length === 0 ? [] : [this.any('BadRequest', {
        fieldViolations: errors.map(({ pointer, code, detail }) => ({ field: fieldOf(pointer, within), reason: code, description: detail })),
      })]),
      ...(retryAfter === undefined ? [] : [this.any('RetryInfo', { retryDelay: { seconds: Math.floor(retryAfter), nanos: Math.round((retryAfter % 1) * 1e9) } })]),
      ...this.resource(problem),
      this.any('RequestInfo', { requestId }),
    ];
  }

  /** `/v1/users/usr_1` is the user `usr_1`. */
  private resource({ code, instance = '' }: Problem): object[] {
    const [resourceType, resourceName] = instance.split('/').slice(2).map(decoded);
    return OF_A_RESOURCE.includes(code) && resourceType && resourceName ? [this.any('ResourceInfo', { resourceType, resourceName })] : [];
  }

  private any(name: string, value: object): object {
    return { type_url: `${DETAILS}google.rpc.${name}`, value: writeMessage(this.root.lookupType(`google.rpc.${name}`), value) };
  }
}

function statusOf(code: string): status {
  return code in PROBLEMS ? STATUS[code as ProblemCode] : status.UNKNOWN;
}

function told({ params = {}, hint }: Problem): Record<string, string> {
  const entries = Object.entries({ ...params, ...(hint === undefined ? {} : { hint }) });
  return Object.fromEntries(entries.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]));
}

const FROM_QUERY = Object.fromEntries(Object.entries(RENAMED).map(([ours, theirs]) => [theirs, protoName(ours)]));

/** `/userName` of a body as `user.user_name`; what is inside a document keeps its names. */
function fieldOf(pointer: string, within: string): string {
  const [first = '', ...rest] = pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return [within, FROM_QUERY[first] ?? protoName(first), ...rest].filter((part) => part !== '').join('.');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
