/** An answer that AWS gives as an error: code and HTTP status as the IAM and STS references list them. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }

  get type(): 'Sender' | 'Receiver' {
    return this.status < 500 ? 'Sender' : 'Receiver';
  }
}

export const noSuchEntity = (message: string): AwsError => new AwsError(404, 'NoSuchEntity', message);
export const noSuchUser = (name: string): AwsError => noSuchEntity(`The user with name ${name} cannot be found.`);
export const noSuchGroup = (name: string): AwsError => noSuchEntity(`The group with name ${name} cannot be found.`);
export const noSuchRole = (name: string): AwsError => noSuchEntity(`The role with name ${name} cannot be found.`);
export const alreadyExists = (kind: string, name: string): AwsError =>
  new AwsError(409, 'EntityAlreadyExists', `${kind} with name ${name} already exists.`);
export const deleteConflict = (remedy: string): AwsError => refusedDelete(`Cannot delete entity, ${remedy} first.`);
export const refusedDelete = (message: string): AwsError => new AwsError(409, 'DeleteConflict', message);
export const deviceExists = (): AwsError => new AwsError(409, 'EntityAlreadyExists', 'MFADevice entity at the same path and name already exists.');
export const invalidAuthenticationCode = (): AwsError => new AwsError(403, 'InvalidAuthenticationCode', 'Authentication code for device is not valid.');
export const limitExceeded = (quota: string, limit: number): AwsError => overLimit(`Cannot exceed quota for ${quota}: ${limit}`);
export const overLimit = (message: string): AwsError => new AwsError(409, 'LimitExceeded', message);
export const passwordPolicyViolation = (message: string): AwsError => new AwsError(400, 'PasswordPolicyViolation', message);
export const malformedPolicy = (message: string): AwsError => new AwsError(400, 'MalformedPolicyDocument', message);
export const concurrentModification = (): AwsError => new AwsError(
  409, 'ConcurrentModification', 'The request was rejected because multiple requests to change this object were submitted simultaneously.',
);

export const validationError = (message: string): AwsError => new AwsError(400, 'ValidationError', message);
export const invalidInput = (message: string): AwsError => new AwsError(400, 'InvalidInput', message);
export const invalidAction = (action: string, version: string): AwsError =>
  new AwsError(400, 'InvalidAction', `Could not find operation ${action} for version ${version}`);
export const missingAction = (): AwsError => new AwsError(400, 'MissingAction', 'The request is missing an action or a required parameter.');
export const entityTooLarge = (): AwsError => new AwsError(413, 'RequestEntityTooLarge', 'The request body is too large.');

export const throttling = (): AwsError => new AwsError(400, 'Throttling', 'Rate exceeded');
export const serviceFailure = (): AwsError =>
  new AwsError(500, 'ServiceFailure', 'The request processing has failed because of an unknown error, exception or failure.');
export const missingAuthentication = (): AwsError => new AwsError(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
export const invalidClientTokenId = (): AwsError =>
  new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
export const wrongScope = (service: string): AwsError =>
  new AwsError(403, 'SignatureDoesNotMatch', `Credential should be scoped to correct service: '${service}'. `);
export const accessDenied = (userArn: string, action: string, resource: string): AwsError => new AwsError(
  403, 'AccessDenied',
  `User: ${userArn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
);
