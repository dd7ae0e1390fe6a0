import type { AzureStore, DirectoryObject, Fields, ObjectType } from '../azure-state';
import { resourceNotFound, type AzureError } from '../errors';
import { ENTITY_TYPES } from './entity-types';
import type { Question } from './query';

/** An object can be restored for this long after its deletion (directory/deletedItems, Graph reference). */
export const KEPT_MS = 30 * 86_400_000;

export interface Tenant {
  readonly id: string;
  /** Verified domains; the first is the default one. */
  readonly domains: readonly string[];
}
export interface GraphCall extends Question {
  readonly tenant: Tenant;
  readonly store: AzureStore;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly path: Readonly<Record<string, string>>;
  readonly body: string;
  /** What each request of a batch is refused with. */
  readonly refusal?: AzureError;
  /** The header of this name in lower case. */
  header(name: string): string | undefined;
}
export interface GraphAnswer {
  readonly status: number;
  readonly body?: Fields;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface GraphOperation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly template: string;
  readonly writes: boolean;
  /** Throws AzureError, and has changed nothing then. */
  run(call: GraphCall): GraphAnswer;
}
export type GraphOperations = Readonly<Record<string, GraphOperation>>;

export const graphRead = (template: string, run: GraphOperation['run']): GraphOperation => ({ method: 'GET', template, writes: false, run });
export const graphWrite = (method: GraphOperation['method'], template: string, run: GraphOperation['run']): GraphOperation => ({ method, template, writes: true, run });
export const NO_CONTENT: GraphAnswer = { status: 204 };

/** The object of this type that a key names: its id, for users the principal name, or `appId=…` and `uniqueName=…` where the type has them. */
export function findObject(state: AzureStore['truth'], type: ObjectType, key: string): DirectoryObject {
  const [alternate, value] = /^(appId|uniqueName)=(.*)$/.exec(key)?.slice(1) ?? (type === 'user' && key.includes('@') ? ['userPrincipalName', key] : []);
  const object = alternate === undefined ? state.object(key) : withValue(state, type, alternate, value ?? '');
  if (object === undefined || object.type !== type || object.deletedAt !== undefined) throw resourceNotFound(value ?? key);
  return object;
}

/** Whatever the case of the value. */
export function withValue(state: AzureStore['truth'], type: ObjectType, property: string, value: string): DirectoryObject | undefined {
  return state.ofType(type).find(({ fields }) => String(fields[property] ?? '').toLowerCase() === value.toLowerCase());
}

/** Those that can still be restored, by id. */
export function restorable(state: AzureStore['truth'], now: number): readonly DirectoryObject[] {
  return state.objects().filter(({ deletedAt }) => deletedAt !== undefined && deletedAt + KEPT_MS > now);
}

/** Of any type, alive. */
export function findAny(state: AzureStore['truth'], id: string): DirectoryObject {
  const object = state.object(id);
  if (object === undefined || object.deletedAt !== undefined) throw resourceNotFound(id);
  return object;
}

export const contextOf = (object: DirectoryObject): string => `https://graph.microsoft.com/v1.0/$metadata#${ENTITY_TYPES[object.type].set}/$entity`;
