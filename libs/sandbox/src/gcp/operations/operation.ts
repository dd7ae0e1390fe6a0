import type { Api } from '../errors';
import type { GcpStore } from '../gcp-state';

export interface Project {
  readonly id: string;
  readonly number: string;
  /** Ids of the organisation that the project belongs to, and of a folder in it. */
  readonly organization: string;
  readonly folder: string;
  readonly directory: Directory;
}

/** Of the organisation that the project belongs to. */
export interface Directory {
  /** Id of the Cloud Identity customer. */
  readonly customer: string;
  readonly domain: string;
}

export interface Call {
  readonly project: Project;
  readonly store: GcpStore;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What stands in the places of the path's template. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Whether the caller may do this: everything but what faults deny. */
  isGranted(permission: string): boolean;
}
export type Answer = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly api: Api;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/projects/{project}/serviceAccounts/{account}:disable` */
  readonly template: string;
  /** Parameters of the query besides those that every method has. */
  readonly query: readonly string[];
  /** What the caller must be allowed to do. */
  readonly permission: string;
  readonly writes: boolean;
  /** Answers 204, and nothing. */
  readonly empty?: true;
  /** Throws GoogleError, and has changed nothing then. */
  run(call: Call): Answer;
}
/** By the name that the discovery document gives the method. */
export type Operations = Readonly<Record<string, Operation>>;

/** As proto3 writes messages to JSON: what has its type's default is left out. */
export function proto(fields: Readonly<Record<string, unknown>>): Answer {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) =>
    value !== undefined && value !== '' && value !== false && value !== 0 && !(Array.isArray(value) && value.length === 0)));
}
