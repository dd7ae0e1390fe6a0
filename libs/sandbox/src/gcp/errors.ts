/** An answer that Google gives as an error: status, canonical code and the reason that IAM v1 adds (google.rpc.Code; AIP-193). */
export class GoogleError extends Error {
  override readonly name = 'GoogleError';

  constructor(readonly status: number, readonly code: string, readonly reason: string, message: string) {
    super(message);
  }
}

export type Api = 'iam' | 'cloudresourcemanager' | 'cloudidentity' | 'directory';

export const invalidArgument = (message: string): GoogleError => new GoogleError(400, 'INVALID_ARGUMENT', 'badRequest', message);
export const failedPrecondition = (message: string): GoogleError => new GoogleError(400, 'FAILED_PRECONDITION', 'failedPrecondition', message);
export const notFound = (message: string): GoogleError => new GoogleError(404, 'NOT_FOUND', 'notFound', message);
export const alreadyExists = (message: string): GoogleError => new GoogleError(409, 'ALREADY_EXISTS', 'alreadyExists', message);
export const limitExceeded = (message: string): GoogleError => new GoogleError(429, 'RESOURCE_EXHAUSTED', 'rateLimitExceeded', message);
export const concurrentChanges = (): GoogleError => new GoogleError(
  409, 'ABORTED', 'aborted', 'There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.',
);
export const unknownMethod = (): GoogleError => new GoogleError(404, 'NOT_FOUND', 'notFound', 'Method not found.');
export const entityTooLarge = (): GoogleError => new GoogleError(413, 'INVALID_ARGUMENT', 'badRequest', 'Request payload size exceeds the limit.');

export const unavailable = (): GoogleError => new GoogleError(503, 'UNAVAILABLE', 'backendError', 'The service is currently unavailable.');
export const internal = (): GoogleError => new GoogleError(500, 'INTERNAL', 'backendError', 'Internal error encountered.');
export const quotaExceeded = (api: Api, projectNumber: string, writes: boolean): GoogleError => {
  const requests = writes ? 'Write requests' : 'Read requests';
  return limitExceeded(`Quota exceeded for quota metric '${requests}' and limit '${requests} per minute' of service '${api}.googleapis.com' `
    + `for consumer 'project_number:${projectNumber}'.`);
};

const CREDENTIAL = 'Expected OAuth 2 access token, login cookie or other valid authentication credential. '
  + 'See https://developers.google.com/identity/sign-in/web/devconsole-project.';
export const missingCredential = (): GoogleError =>
  new GoogleError(401, 'UNAUTHENTICATED', 'required', `Request is missing required authentication credential. ${CREDENTIAL}`);
export const invalidCredential = (): GoogleError =>
  new GoogleError(401, 'UNAUTHENTICATED', 'authError', `Request had invalid authentication credentials. ${CREDENTIAL}`);

/** Resource Manager says no more than this; a project that does not exist is told the same, and so is a group (recordings). */
export const permissionDenied = (api: Api, permission: string, resource: string): GoogleError => new GoogleError(403, 'PERMISSION_DENIED', 'forbidden', {
  cloudresourcemanager: 'The caller does not have permission',
  cloudidentity: `Error(2028): Permission denied for resource ${resource} (or it may not exist).`,
  directory: 'Not Authorized to access this resource/api',
  iam: `Permission '${permission}' denied on resource '//iam.googleapis.com/${resource}' (or it may not exist).`,
}[api]);

/** IAM v1 lists the error a second time in `errors`; the Directory API does, and tells no canonical code; the others do not (recordings, public reports). */
export function errorBody(api: Api, { status, code, reason, message }: GoogleError): unknown {
  if (api === 'directory') return { error: { code: status, message, errors: [{ message, domain: 'global', reason }] } };
  const errors = api === 'iam' ? { errors: [{ message, domain: 'global', reason }] } : {};
  return { error: { code: status, message, ...errors, status: code } };
}
