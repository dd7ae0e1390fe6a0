import type { ProblemCode } from './problem';

export interface ProblemHelp {
  /** When it is answered. */
  readonly meaning: string;
  /** What the caller can do. */
  readonly remedy: string;
}

/** For docs/errors.md: every code needs its words. */
export const PROBLEM_HELP: Readonly<Record<ProblemCode, ProblemHelp>> = {
  MalformedRequest: {
    meaning: 'The request is not HTTP, the body not JSON in UTF-8, too deep, too many keys or values, or a header or cursor cannot be read.',
    remedy: 'Read `detail`; a cursor, a position and an ETag must be sent exactly as they were received.',
  },
  Unauthenticated: { meaning: 'There is no `Authorization: Bearer` header, or its token is unknown, expired or revoked.', remedy: 'Send a token that is valid now.' },
  Forbidden: { meaning: 'The token is valid, but its role does not allow this.', remedy: 'Ask an administrator of the tenant for a key with the role that `detail` names.' },
  NotFound: {
    meaning: 'There is no such thing, or it belongs to a tenant that the caller cannot see: the two are answered alike.',
    remedy: 'Check the id, and with `GET /v1/whoami` which tenant the token is for.',
  },
  MethodNotAllowed: { meaning: 'The path exists under other methods.', remedy: 'Use one of those in `Allow`.' },
  NotAcceptable: { meaning: 'None of the media types in `Accept` can be answered.', remedy: 'Accept `application/json`.' },
  RequestTimeout: { meaning: 'Headers did not arrive within 10 s, or the whole request within 30 s.', remedy: 'Send it again, on a better connection or in smaller parts.' },
  NameTaken: { meaning: 'Another of its kind in the tenant has the name; upper and lower case are the same.', remedy: 'Choose another name, or change what has it: `errors[].pointer` says which field.' },
  NoKafka: { meaning: 'Events are sent to a topic of Kafka, and this installation keeps its log in PostgreSQL alone.', remedy: 'Set `WAMI_KAFKA_BROKERS`, or export the events to a file.' },
  PlanExpired: { meaning: 'A plan is a look at one moment; it may be applied until its `expiresAt`.', remedy: 'Ask for a new plan and apply that.' },
  ApprovalClosed: { meaning: 'The list was decided about, fits what the guard allows by now, or was too old and is asked for anew.', remedy: 'See `GET /v1/approvals` for what waits now.' },
  TenantNotEmpty: { meaning: 'A tenant that holds something is not deleted by accident.', remedy: 'Delete what it holds, or say `force=true` to delete all of it as a job.' },
  QuotaExceeded: {
    meaning: 'The tenant, or one above it, has a quota for this kind and holds as many already; what is below a tenant counts.',
    remedy: 'Delete what is not needed, or have the quota of the tenant in `params` raised: `PATCH /v1/tenants/{id}`.',
  },
  PolicyInUse: { meaning: 'The policy is the permissions boundary of something; deleting it would widen what that may do.', remedy: 'Give those another boundary first.' },
  TenantDeleting: { meaning: 'The tenant is being deleted and takes nothing new.', remedy: 'Wait for the job; the path is free once everything is gone.' },
  ReferenceGone: { meaning: 'What the body refers to was deleted while the command ran.', remedy: 'Read again and decide anew.' },
  IdempotencyInProgress: { meaning: 'The first request with this `Idempotency-Key` has not been answered yet.', remedy: 'Send it again after `Retry-After`, with the same key.' },
  VersionConflict: { meaning: '`If-Match` names a version that is not the current one: somebody else changed it.', remedy: 'Read it again, decide anew, and send the new ETag.' },
  PayloadTooLarge: { meaning: 'The body is larger than 1 MiB, or a batch than 8 MiB.', remedy: 'Split it: `POST /v1/batch` takes up to 1000 operations each time.' },
  UriTooLong: { meaning: 'A part of the path is longer than 1024 characters.', remedy: 'Check the id or ARN; ids are 30 characters.' },
  UnsupportedMediaType: { meaning: 'A body needs a JSON media type.', remedy: 'Send `Content-Type: application/json`, for a PATCH also `application/merge-patch+json`.' },
  ValidationFailed: { meaning: 'The body or the query is well-formed and not allowed; all bad fields are named at once.', remedy: 'Put right what `errors` lists: a JSON pointer, a code and what is allowed.' },
  IdempotencyKeyReused: { meaning: 'The key belongs to another request of the last 24 h.', remedy: 'Use a new key for each command; the same key only to repeat it.' },
  RateLimited: {
    meaning: 'The credential is used too often, or too many refused credentials came from this address. Nothing was done.',
    remedy: 'Wait for `Retry-After`; `RateLimit` says what is left. Load in bulk with `POST /v1/batch`.',
  },
  HeadersTooLarge: { meaning: 'Headers and address together are larger than 16 KiB.', remedy: 'Send less: long lists belong into a body.' },
  Internal: { meaning: 'A fault of ours. What happened stands in the log of the service under `requestId`, nothing of it in the answer.', remedy: 'Repeat it with the same `Idempotency-Key`; if it stays, report the `requestId`.' },
  Unreadable: {
    meaning: 'Its history holds an event of another release, or one that was damaged: `detail` names the type. It alone stands still, here and wherever the event was not taken in; see `wami dead-letters`.',
    remedy: 'Install the release that wrote the event.',
  },
  Unavailable: {
    meaning: 'The database does not answer or has no room on its disk, the process is closing, or too many streams are open.',
    remedy: 'Send it again after `Retry-After`, a write with the same `Idempotency-Key`: it may have been done.',
  },
  Overloaded: { meaning: 'As much is being worked on as this process takes at a time. Nothing was done.', remedy: 'Send it again after `Retry-After`, from fewer connections.' },
  ConsistencyTimeout: { meaning: 'The read models did not get as far as `Wami-After` or `Wami-Consistency` asks within 10 s.', remedy: 'Ask again, or take what is there by leaving the header out.' },
};
