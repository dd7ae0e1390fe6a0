import { z } from 'zod';

/** Every `code` of a problem answer with its HTTP status and title. Texts may change, codes never. */
export const PROBLEMS = {
  MalformedRequest: [400, 'The request cannot be read'],
  Unauthenticated: [401, 'A valid token is required'],
  Forbidden: [403, 'Your role does not allow this'],
  NotFound: [404, 'There is no such thing'],
  MethodNotAllowed: [405, 'The method is not allowed here'],
  NotAcceptable: [406, 'No such representation'],
  RequestTimeout: [408, 'The request did not arrive in time'],
  NameTaken: [409, 'The name is taken'],
  TenantNotEmpty: [409, 'The tenant still holds something'],
  QuotaExceeded: [409, 'The tenant may not hold more of these'],
  PolicyInUse: [409, 'The policy is a permissions boundary of something'],
  TenantDeleting: [409, 'The tenant is being deleted'],
  PlanExpired: [409, 'The plan is too old to be applied'],
  ApprovalClosed: [409, 'Nobody can decide about it any more'],
  NoKafka: [409, 'This installation has no Kafka'],
  ReferenceGone: [409, 'Something it refers to was deleted meanwhile'],
  IdempotencyInProgress: [409, 'The first request with this key is still running'],
  VersionConflict: [412, 'It was changed by somebody else'],
  PayloadTooLarge: [413, 'The body is too large'],
  UriTooLong: [414, 'The path is too long'],
  UnsupportedMediaType: [415, 'The body must be JSON'],
  ValidationFailed: [422, 'Some fields are not valid'],
  IdempotencyKeyReused: [422, 'The key was used for another request'],
  RateLimited: [429, 'Too many requests'],
  HeadersTooLarge: [431, 'The headers, with the address, are too large'],
  Internal: [500, 'Something went wrong on our side'],
  Unreadable: [500, 'This release cannot read its history'],
  Unavailable: [503, 'Not available right now'],
  Overloaded: [503, 'Too much is asked at once'],
  ConsistencyTimeout: [503, 'The read model did not get there in time'],
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemCode = keyof typeof PROBLEMS;

export const fieldErrorSchema = z.object({ pointer: z.string(), code: z.string(), detail: z.string() }).meta({ id: 'FieldError' });
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** RFC 9457, with a stable `code`. */
export const problemSchema = z.object({
  type: z.string(), title: z.string(), status: z.number().int(), detail: z.string().optional(), instance: z.string().optional(),
  code: z.string(), requestId: z.string(), params: z.record(z.string(), z.unknown()).optional(), retryable: z.boolean().optional(),
  retryAfter: z.number().optional(), hint: z.string().optional(), errors: z.array(fieldErrorSchema).optional(),
}).meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;
