import { judgedCall } from '../cloud/judged-call';
import type { CallContext } from '../cloud/judged-call';
import type { Route } from '../cloud/router';
import { CONNECTION_LOST } from '../cloud/server';
import type { CloudProtocol, SandboxAnswer, SandboxRequest } from '../cloud/server';
import type { FaultKind } from '../faults/fault-plan';
import { API_VERSIONS, ARM_OPERATIONS, ARM_ROUTER, SUBSCRIPTION_VERSIONS } from './arm/api';
import { CALLER } from './arm/operation';
import type { ArmOperation } from './arm/operation';
import type { AzureStore, Fields } from './azure-state';
import { armFaults, authorizationFailed, authorizationRequestDenied, AzureError, GRAPH_FAULTS, RETRY_AFTER_SECONDS, segmentNotFound } from './errors';
import type { FaultWords } from './errors';
import { BATCH, GRAPH_OPERATIONS, GRAPH_ROUTER, plainPath } from './graph/api';
import type { GraphOperation, Tenant } from './graph/operation';

export const OPERATION_NAMES: ReadonlySet<string> = new Set([...Object.keys(GRAPH_OPERATIONS), ...Object.keys(ARM_OPERATIONS)]);

export interface AzureContext extends CallContext<AzureStore> {
  readonly tenant: Tenant;
  readonly subscription: string;
  readonly managementGroup: string;
}

const isGraph = ({ url }: SandboxRequest): boolean => /^\/v1\.0(\/|$)/i.test(url.pathname);

interface Answer {
  readonly status: number;
  readonly body?: Fields;
  readonly headers?: Readonly<Record<string, string>>;
}
/** One of the two APIs behind one address: Graph below /v1.0, Resource Manager everywhere else. */
interface Side {
  readonly words: FaultWords;
  find(): Route<{ readonly writes: boolean }> | undefined;
  denied(route: Route<unknown>): AzureError;
  /** @throws AzureError the refusal, where there is one that the whole call is told */
  run(route: Route<unknown>, refusal: AzureError | undefined): Answer;
}

/** Answers requests as Microsoft Graph and Azure Resource Manager do: credential, known operation, standing and scripted faults, then the operation itself. */
export function azureProtocol(context: AzureContext): CloudProtocol {
  return {
    async answer(request, stopped) {
      const side = isGraph(request) ? graphSide(context, request) : armSide(context, request);
      try {
        return await answerOrThrow(context, side, request, stopped);
      } catch (error) {
        return stopped.aborted ? CONNECTION_LOST : renderFailure(error, request);
      }
    },
    refuseLargeBody: (requestId) => rendered({ status: 413, body: graphError(GRAPH_FAULTS.tooLarge(), requestId) }, requestId),
  };
}

function answerOrThrow(context: AzureContext, side: Side, request: SandboxRequest, stopped: AbortSignal): Promise<SandboxAnswer> {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw side.words.missingToken();
  const route = side.find();
  if (route === undefined) throw segmentNotFound(request.url.pathname);
  const call = { operation: route.name, subjects: subjectsOf(route, request), accessKeyId: token };
  return judgedCall(context, call, (fault) => execute(context, side, route, request, fault), stopped);
}

/** The ids in the path, and the names that a create asks for. */
function subjectsOf({ path }: Route<unknown>, { body }: SandboxRequest): readonly string[] {
  const named = [...body.matchAll(/"(?:userPrincipalName|displayName|mailNickname|roleName|principalId)"\s*:\s*"([^"]*)"/g)].map(([, name]) => name ?? '');
  return [...Object.values(path), ...named];
}

function execute(context: AzureContext, side: Side, route: Route<{ readonly writes: boolean }>, request: SandboxRequest, fault: FaultKind | undefined): SandboxAnswer {
  try {
    const answer = side.run(route, refusalFor(fault, side, route));
    if (route.operation.writes) context.counters.wrote();
    return rendered(answer, request.requestId);
  } catch (error) {
    return renderFailure(error, request);
  }
}

function refusalFor(fault: FaultKind | undefined, { words, denied }: Side, route: Route<unknown>): AzureError | undefined {
  switch (fault) {
    case 'throttle': return words.throttled();
    case 'error': return words.unavailable();
    case 'concurrent-modification': return words.concurrent();
    case 'credentials-rejected': return words.rejected();
    case 'access-denied': return denied(route);
    case 'lost-request': case 'lost-answer': case 'timeout': case undefined: return undefined;
  }
}

function graphSide(context: AzureContext, { method, url, headers, body }: SandboxRequest): Side {
  const { tenant, store, clock } = context;
  return {
    words: GRAPH_FAULTS, denied: authorizationRequestDenied, find: () => GRAPH_ROUTER.find(method, plainPath(url.pathname)),
    run: ({ name, operation, path }, refusal) => {
      // Of a batch only the token is judged as a whole.
      if (refusal !== undefined && (name !== BATCH || refusal.status === 401)) throw refusal;
      return (operation as GraphOperation).run({
        tenant, store, now: clock(), path, query: url.searchParams, url, body, eventual: headers['consistencylevel'] === 'eventual', header: (header) => String(headers[header] ?? ''),
        ...(refusal === undefined ? {} : { refusal }),
      });
    },
  };
}

function armSide(context: AzureContext, { method, url, body }: SandboxRequest): Side {
  const { tenant, subscription, managementGroup, store, clock } = context;
  const pathname = url.pathname.replace(/\/{2,}/g, '/');
  return {
    words: armFaults(subscription), find: () => ARM_ROUTER.find(method, pathname),
    denied: ({ operation }) => authorizationFailed(CALLER, (operation as ArmOperation).action, pathname),
    run: ({ name, operation, path }, refusal) => {
      if (refusal !== undefined) throw refusal;
      checkVersion(name, url.searchParams);
      return (operation as ArmOperation).run({ tenant, subscription, managementGroup, store, now: clock(), path, query: url.searchParams, body });
    },
  };
}

function checkVersion(operation: string, query: URLSearchParams): void {
  const version = query.get('api-version');
  if (version === null) throw new AzureError(400, 'MissingApiVersionParameter', 'The api-version query parameter (?api-version=) is required for all requests.');
  const known = /^(subscriptions|resourceGroups)\./.test(operation) ? SUBSCRIPTION_VERSIONS : API_VERSIONS;
  if (!known.includes(version)) throw new AzureError(400, 'InvalidApiVersionParameter', `The api-version '${version}' is invalid. The supported versions are '${known.join(',')}'.`);
}

/** What is not Microsoft's own error is ours (a full disk, a defect): reported on stderr, answered as InternalServerError. */
function renderFailure(error: unknown, request: SandboxRequest): SandboxAnswer {
  const { requestId } = request;
  const known = error instanceof AzureError ? error : new AzureError(500, 'InternalServerError', 'An internal error occurred.');
  if (known !== error) process.stderr.write(`Azure sandbox: request ${requestId}: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  const headers: Record<string, string> = known.status === 429 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {};
  return rendered({ status: known.status, body: isGraph(request) ? graphError(known, requestId) : { error: { code: known.code, message: known.message } }, headers }, requestId);
}

function graphError({ code, message, details }: AzureError, requestId: string): Fields {
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': requestId, 'client-request-id': requestId };
  return { error: { code, message, ...(details.length === 0 ? {} : { details }), innerError } };
}

function rendered({ status, body, headers = {} }: Answer, requestId: string): SandboxAnswer {
  const content: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...headers, ...content, 'request-id': requestId, 'x-ms-request-id': requestId }, body: body === undefined ? '' : JSON.stringify(body), delivery: 'sent' };
}
