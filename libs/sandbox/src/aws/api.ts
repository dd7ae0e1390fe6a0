import { setTimeout as wait } from 'node:timers/promises';
import type { FaultKind } from '../faults/fault-plan';
import type { Faults } from '../faults/faults';
import { readCredential } from './authentication';
import type { Credential } from './authentication';
import type { CallCounters } from './call-counters';
import {
  accessDenied, AwsError, concurrentModification, invalidAction, invalidClientTokenId, missingAction, serviceFailure, throttling, wrongScope,
} from './errors';
import { callerOf, resourceOf, userArn } from './identities';
import type { IamStore } from './iam-store';
import { OPERATIONS } from './operations/all-operations';
import type { Operation } from './operations/operation';
import { API_VERSIONS, renderError, renderResult } from './query-protocol';
import type { QueryParams, Service } from './query-protocol';

export interface ApiRequest {
  readonly params: QueryParams;
  readonly authorization: string | undefined;
  readonly requestId: string;
}
export interface ApiAnswer {
  readonly status: number;
  readonly xml: string;
  /** `lost`: break the connection instead; `withheld`: send nothing until the client gives up. */
  readonly delivery: 'sent' | 'lost' | 'withheld';
}
export interface ApiContext {
  readonly account: string;
  readonly store: IamStore;
  readonly faults: Faults;
  readonly counters: CallCounters;
  readonly clock: () => number;
}

const CONNECTION_LOST: ApiAnswer = { status: 0, xml: '', delivery: 'lost' };

/** Answers one request as AWS does: known operation, credential, standing and scripted faults, then the operation itself. */
export async function answer(context: ApiContext, request: ApiRequest, stopped: AbortSignal): Promise<ApiAnswer> {
  try {
    return await answerOrThrow(context, request, stopped);
  } catch (error) {
    return stopped.aborted ? CONNECTION_LOST : renderFailure('iam', error, request.requestId);
  }
}

async function answerOrThrow(context: ApiContext, request: ApiRequest, stopped: AbortSignal): Promise<ApiAnswer> {
  const credential = readCredential(request.authorization);
  const { action, operation } = findOperation(request.params);
  context.counters.arrived(action);
  const { fault, latencyMs } = context.faults.judge({ operation: action, subjects: subjectsOf(request.params), accessKeyId: credential.accessKeyId });
  if (latencyMs > 0) await wait(latencyMs, undefined, { signal: stopped });
  if (fault === 'lost-request') return CONNECTION_LOST;
  const done = execute(context, request, credential, action, operation, fault);
  if (fault === 'lost-answer') return { ...done, delivery: 'lost' };
  return fault === 'timeout' ? { ...done, delivery: 'withheld' } : done;
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
): ApiAnswer {
  const { account, store } = context;
  try {
    const refusal = fault === undefined ? undefined : refusalFor(fault, context, request, credential, action, operation.service);
    if (refusal !== undefined) throw refusal;
    if (credential.service !== operation.service) throw wrongScope(operation.service);
    const now = (): string => `${new Date(context.clock()).toISOString().slice(0, 19)}Z`;
    const result = operation.run({ params: request.params, account, accessKeyId: credential.accessKeyId, store, now });
    if (operation.writes) context.counters.wrote();
    return { status: 200, xml: renderResult(operation.service, action, result, request.requestId), delivery: 'sent' };
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
function renderFailure(service: Service, error: unknown, requestId: string): ApiAnswer {
  const known = error instanceof AwsError ? error : serviceFailure();
  if (known !== error) process.stderr.write(`aws sandbox: request ${requestId}: ${error instanceof Error ? error.message : String(error)}\n`);
  return { status: known.status, xml: renderError(service, known, requestId), delivery: 'sent' };
}
