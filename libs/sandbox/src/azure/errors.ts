/** An answer that Microsoft gives as an error: code and HTTP status as recordings and references have them. */
export class AzureError extends Error {
  override readonly name = 'AzureError';

  constructor(readonly status: number, readonly code: string, message: string, readonly details: readonly Readonly<Record<string, string>>[] = []) {
    super(message);
  }
}

export const badRequest = (message: string): AzureError => new AzureError(400, 'Request_BadRequest', message);
export const unsupportedQuery = (message: string): AzureError => new AzureError(400, 'Request_UnsupportedQuery', message);
export const resourceNotFound = (id: string): AzureError => new AzureError(
  404, 'Request_ResourceNotFound', `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
);
export const objectConflict = (property: string): AzureError => {
  const message = `Another object with the same value for property ${property} already exists.`;
  return new AzureError(400, 'Request_BadRequest', message, [{ code: 'ObjectConflict', message, target: property }]);
};
export const segmentNotFound = (path: string): AzureError => new AzureError(400, 'BadRequest', `Resource not found for the segment '${path}'.`);

/** What the faults make of a call, in the words of either API. */
export interface FaultWords {
  throttled(): AzureError;
  unavailable(): AzureError;
  concurrent(): AzureError;
  rejected(): AzureError;
  missingToken(): AzureError;
  tooLarge(): AzureError;
}

export const GRAPH_FAULTS: FaultWords = {
  throttled: () => new AzureError(429, 'TooManyRequests', 'Too many requests. Please retry after the time that the Retry-After header names.'),
  unavailable: () => new AzureError(503, 'ServiceUnavailable', 'The service is temporarily unavailable.'),
  concurrent: () => new AzureError(409, 'Directory_ConcurrencyViolation', 'Unable to save changes due to a concurrency violation.'),
  rejected: () => new AzureError(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'),
  missingToken: () => new AzureError(401, 'InvalidAuthenticationToken', 'Access token is empty.'),
  tooLarge: () => new AzureError(413, 'RequestEntityTooLarge', 'The request body is too large.'),
};

/** How long a throttled caller is told to wait. */
export const RETRY_AFTER_SECONDS = 1;
export const armFaults = (subscription: string): FaultWords => ({
  throttled: () => new AzureError(429, 'SubscriptionRequestsThrottled', `Number of requests for subscription '${subscription}' exceeded the limit. `
    + `Please try again after '${RETRY_AFTER_SECONDS}' seconds.`),
  unavailable: () => new AzureError(503, 'ServerTimeout', 'The request timed out. Please try again.'),
  concurrent: () => new AzureError(409, 'Conflict', 'The request could not be completed because of another one at the same time.'),
  rejected: () => new AzureError(401, 'ExpiredAuthenticationToken', 'The access token expiry UTC time is earlier than current UTC time.'),
  missingToken: () => new AzureError(401, 'AuthenticationFailed', 'Authentication failed. The \'Authorization\' header is missing.'),
  tooLarge: () => new AzureError(413, 'RequestContentTooLarge', 'The request content size exceeds the maximum size of 4 MB.'),
});
export const authorizationRequestDenied = (): AzureError => new AzureError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
export const authorizationFailed = (principal: string, action: string, scope: string): AzureError => new AzureError(
  403, 'AuthorizationFailed', `The client '${principal}' with object id '${principal}' does not have authorization to perform action '${action}' over scope '${scope}' `
  + 'or the scope is invalid. If access was recently granted, please refresh your credentials.',
);
