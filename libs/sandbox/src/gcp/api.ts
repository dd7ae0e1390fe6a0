import { judgedCall } from '../cloud/judged-call';
import type { CallContext } from '../cloud/judged-call';
import { CONNECTION_LOST } from '../cloud/server';
import type { CloudProtocol, SandboxAnswer, SandboxRequest } from '../cloud/server';
import type { FaultKind } from '../faults/fault-plan';
import {
  concurrentChanges, entityTooLarge, errorBody, GoogleError, internal, invalidCredential, missingCredential, permissionDenied, quotaExceeded, unavailable, unknownMethod,
} from './errors';
import type { Api } from './errors';
import type { GcpStore } from './gcp-state';
import { FOLDER, ORGANIZATION, projectNumberOf } from './ids';
import type { Directory, Project } from './operations/operation';
import { apiOf, checkQuery, findRoute, OPERATIONS } from './routes';
import type { GcpRoute } from './routes';

type ApiContext = CallContext<GcpStore>;

/** Answers requests as Google's REST APIs do: credential, known method, standing and scripted faults, then the operation itself. */
export function gcpProtocol(context: ApiContext, directory: Directory): CloudProtocol {
  const project: Project = { id: context.account, number: projectNumberOf(context.account), organization: ORGANIZATION, folder: FOLDER, directory };
  return {
    async answer(request, stopped) {
      const api = apiOf(request.url.pathname);
      try {
        return await answerOrThrow(context, project, request, stopped);
      } catch (error) {
        return stopped.aborted ? CONNECTION_LOST : renderFailure(api, error, request.requestId);
      }
    },
    refuseLargeBody: (requestId) => renderFailure('iam', entityTooLarge(), requestId),
  };
}

async function answerOrThrow(context: ApiContext, project: Project, request: SandboxRequest, stopped: AbortSignal): Promise<SandboxAnswer> {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw missingCredential();
  const route = findRoute(request.method, request.url.pathname);
  if (route === undefined) throw unknownMethod();
  const call = { operation: route.name, subjects: subjectsOf(route, request), accessKeyId: token };
  return judgedCall(context, call, (fault) => execute(context, project, request, route, fault), stopped);
}

/** The ids in the path and the one that a create asks for, addresses with and without their domain. */
function subjectsOf({ path }: GcpRoute, { body, url }: SandboxRequest): readonly string[] {
  const asked = /"(?:accountId|roleId|id|primaryEmail)"\s*:\s*"([^"]*)"/.exec(body)?.[1];
  const ids = [path['account'], path['role'], path['denyPolicy'], path['boundary'], path['binding'], path['group'], path['user'], asked, ...['policyId', 'principalAccessBoundaryPolicyId', 'policyBindingId'].map((name) => url.searchParams.get(name) ?? undefined)].flatMap((id) => id ?? []);
  return [...ids, ...ids.filter((id) => id.includes('@')).map((email) => email.slice(0, email.indexOf('@')))];
}

function execute(context: ApiContext, project: Project, request: SandboxRequest, route: GcpRoute, fault: FaultKind | undefined): SandboxAnswer {
  const { operation, path } = route;
  try {
    refuse(fault, project, request, route);
    // The wildcard finds accounts of every project; of what is not there or not ours nothing more is said than this.
    const named = path['project'] ?? project.id;
    if (![project.id, project.number].includes(named) && !(named === '-' && path['account'] !== undefined)) throw denied(request, route);
    if ((path['organization'] ?? ORGANIZATION) !== ORGANIZATION || (path['folder'] ?? FOLDER) !== FOLDER) throw denied(request, route);
    checkQuery(route, request.url.searchParams);
    const isGranted = (permission: string): boolean => !deniedPermissions(context).has(permission) && !context.faults.get().accessDenied.includes('*');
    const result = operation.run({ project, store: context.store, now: context.clock(), path, query: request.url.searchParams, body: request.body, isGranted });
    if (operation.writes) context.counters.wrote();
    return operation.empty ? { status: 204, body: '', headers: {}, delivery: 'sent' } : json(200, result);
  } catch (error) {
    return renderFailure(operation.api, error, request.requestId);
  }
}

function refuse(fault: FaultKind | undefined, project: Project, request: SandboxRequest, route: GcpRoute): void {
  switch (fault) {
    case 'throttle': throw quotaExceeded(route.operation.api, project.number, route.operation.writes);
    case 'error': throw unavailable();
    case 'concurrent-modification': throw concurrentChanges();
    case 'credentials-rejected': throw invalidCredential();
    case 'access-denied': throw denied(request, route);
    case 'lost-request': case 'lost-answer': case 'timeout': case undefined: return;
  }
}

const denied = ({ url }: SandboxRequest, { operation }: GcpRoute): GoogleError =>
  permissionDenied(operation.api, operation.permission, url.pathname.replace(/^\/(admin\/directory\/)?v\d\//, '').replace(/:\w+$/, ''));

function deniedPermissions({ faults }: ApiContext): ReadonlySet<string> {
  return new Set(faults.get().accessDenied.flatMap((name) => OPERATIONS[name]?.permission ?? []));
}

/** What is not Google's own error is ours (a full disk, a defect): reported on stderr, answered as INTERNAL. */
function renderFailure(api: Api, error: unknown, requestId: string): SandboxAnswer {
  const known = error instanceof GoogleError ? error : internal();
  if (known !== error) process.stderr.write(`Google sandbox: request ${requestId}: ${error instanceof Error ? error.message : String(error)}\n`);
  return json(known.status, errorBody(api, known));
}

const json = (status: number, body: unknown): SandboxAnswer =>
  ({ status, body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=UTF-8' }, delivery: 'sent' });
