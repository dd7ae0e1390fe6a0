import { judgedCall } from '../cloud/judged-call';
import type { CallContext } from '../cloud/judged-call';
import { CONNECTION_LOST } from '../cloud/server';
import type { CloudProtocol, SandboxAnswer } from '../cloud/server';
import type { FaultKind } from '../faults/fault-plan';
import { readCredential } from './authentication';
import type { Credential } from './authentication';
import {
  accessDenied, AwsError, concurrentModification, entityTooLarge, invalidAction, invalidClientTokenId, missingAction, serviceFailure, throttling, wrongScope,
} from './errors';
import { callerOf, resourceOf, userArn } from './identities';
import type { IamStore } from './iam-state';
import { OPERATIONS } from './operations/all-operations';
import type { Operation } from './operations/operation';
import { API_VERSIONS, QueryParams, renderError, renderResult } from './query-protocol';
import type { Service } from './query-protocol';

interface ApiRequest {
  readonly params: QueryParams;
  readonly authorization: string | undefined;
  readonly requestId: string;
}
type ApiContext = CallContext<IamStore>;

/** Answers requests as AWS does: known operation, credential, standing and scripted faults, then the operation itself. */
export function awsProtocol(context: ApiContext): CloudProtocol {
  return {
    async answer({ url, body, headers, requestId }, stopped) {
      const params = new QueryParams(new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)]));
      try {
        return await answerOrThrow(context, { params, authorization: headers.authorization, requestId }, stopped);
      } catch (error) {
        return stopped.aborted ? CONNECTION_LOST : renderFailure('iam', error, requestId);
      }
    },
    refuseLargeBody: (requestId) => renderFailure('iam', entityTooLarge(), requestId),
  };
}

async function answerOrThrow(context: ApiContext, request: ApiRequest, stopped: AbortSignal): Promise<SandboxAnswer> {
  const credential = readCredential(request.authorization);
  const { action, operation } = findOperation(request.params);
  const call = { operation: action, subjects: subjectsOf(request.params), accessKeyId: credential.accessKeyId };
  return judgedCall(context, call, (fault) => execute(context, request, credential, action, operation, fault), stopped);
}

function findOperation(params: QueryParams): { readonly action: string; readonly operation: Operation } {
  const action = params.get('Action');
  if (action === undefined || action === '') throw missingAction();
  const version = params.get('Version') ?? 'NO_VERSION_SPECIFIED';
  const operation = OPERATIONS.get(action);
  if (operation === undefined || API_VERSIONS[operation.service] !== version) throw invalidAction(action, version);
  return { action, operation };
}

const subjectsOf = (params: QueryParams): readonly string[] =>
  ['UserName', 'GroupName', 'NewUserName', 'NewGroupName', 'RoleName', 'PolicyName', 'PolicyArn'].flatMap((name) => params.get(name) ?? []);

function execute(
  context: ApiContext, request: ApiRequest, credential: Credential, action: string, operation: Operation, fault: FaultKind | undefined,
): SandboxAnswer {
  const { account, store } = context;
  try {
    const refusal = fault === undefined ? undefined : refusalFor(fault, context, request, credential, action, operation.service);
    if (refusal !== undefined) throw refusal;
    if (credential.service !== operation.service) throw wrongScope(operation.service);
    const now = (): string => `${new Date(context.clock()).toISOString().slice(0, 19)}Z`;
    const result = operation.run({ params: request.params, account, accessKeyId: credential.accessKeyId, store, now });
    if (operation.writes) context.counters.wrote();
    return xmlAnswer(200, renderResult(operation.service, action, result, request.requestId), request.requestId);
  } catch (error) {
    return renderFailure(operation.service, error, request.requestId);
  }
}

function refusalFor(
  fault: FaultKind, context: ApiContext, request: ApiRequest, credential: Credential, action: string, service: Service,
): AwsError | undefined {
  switch (fault) {
    case 'throttle': return throttling();
    case 'error': return serviceFailure();
    case 'concurrent-modification': return concurrentModification();
    case 'credentials-rejected': return invalidClientTokenId();
    case 'access-denied': {
      const caller = userArn(context.account, callerOf(context.store.truth, context.account, credential.accessKeyId));
      return accessDenied(caller, `${service}:${action}`, resourceOf(context.store.truth, context.account, request.params));
    }
    case 'lost-request': case 'lost-answer': case 'timeout': return undefined;
  }
}

/** What is not AWS's own error is ours (a full disk, a defect): reported on stderr, answered as ServiceFailure. */
function renderFailure(service: Service, error: unknown, requestId: string): SandboxAnswer {
  const known = error instanceof AwsError ? error : serviceFailure();
  if (known !== error) process.stderr.write(`AWS sandbox: request ${requestId}: ${error instanceof Error ? error.message : String(error)}\n`);
  return xmlAnswer(known.status, renderError(service, known, requestId), requestId);
}

const xmlAnswer = (status: number, body: string, requestId: string): SandboxAnswer =>
  ({ status, body, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, delivery: 'sent' });
