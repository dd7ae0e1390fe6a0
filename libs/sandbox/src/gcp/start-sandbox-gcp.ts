import { startSandbox } from '../cloud/start-sandbox';
import type { Sandbox, SandboxOptions } from '../cloud/start-sandbox';
import { gcpProtocol } from './api';
import { GcpState } from './gcp-state';
import type { Change } from './gcp-state';
import { FOLDER, ORGANIZATION, projectNumberOf } from './ids';
import type { Directory } from './operations/operation';
import { OPERATION_NAMES } from './routes';
import { snapshotOf } from './snapshot';
import type { GcpSnapshot } from './snapshot';

export const DEFAULT_PROJECT = 'sandbox-project';
export const DEFAULT_DIRECTORY: Directory = { customer: 'C0sandbox', domain: 'sandbox.example' };

export interface SandboxGcpOptions extends SandboxOptions {
  /** The project's id; sandbox-project. */
  readonly project?: string;
  /** Of its organisation's directory; C0sandbox and sandbox.example. */
  readonly directory?: Directory;
}

/** A running sandbox project. Its `url` is the endpoint of each of Google's APIs, with any bearer token. */
export interface SandboxGcp extends Sandbox<GcpSnapshot> {
  readonly project: string;
  readonly projectNumber: string;
  /** Id of the organisation that the project belongs to, and of a folder in it. */
  readonly organization: string;
  readonly folder: string;
  readonly directory: Directory;
}

/**
 * Starts a Google Cloud project, its organisation and a folder that speak IAM v1 (service accounts with their keys, custom roles of project and organisation), IAM v2 (deny policies of all three), IAM v3 (principal access boundaries of the organisation, and what binds them to its principals), Resource Manager v3 (the three and their
 * allow policies) and, for the organisation's directory, Cloud Identity v1 (groups and their members) and the Directory API v1 (users) over HTTP; kept and refused as startSandbox says.
 */
export async function startSandboxGcp(options: SandboxGcpOptions = {}): Promise<SandboxGcp> {
  const { project = DEFAULT_PROJECT, directory = DEFAULT_DIRECTORY } = options;
  if (!/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project)) throw new Error(`'${project}' is not the id of a Google Cloud project`);
  const sandbox = await startSandbox<GcpState, Change, GcpSnapshot>({
    cloud: 'Google', format: 'wami-sandbox-gcp-1', account: project, operations: OPERATION_NAMES, cleared: { type: 'cleared' },
    emptyState: () => new GcpState(), snapshot: (state) => snapshotOf(state, project), protocol: (context) => gcpProtocol(context, directory),
  }, options);
  return { ...sandbox, project, projectNumber: projectNumberOf(project), organization: ORGANIZATION, folder: FOLDER, directory };
}
