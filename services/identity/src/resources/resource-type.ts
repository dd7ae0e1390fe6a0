import type { NewEvent, ResourceKind } from '@wami/contracts';
import type { ResourceRef } from '@wami/domain';
import type { Aggregate, Loaded } from '../commands/aggregate';

/** A kind of resource, to the part of this service that treats all kinds alike. */
export interface ResourceType<State, Event extends NewEvent, Create extends { readonly tenant: string }, Patch, View extends object> {
  readonly kind: ResourceKind;
  /** Where it is found. */
  readonly locationOf: (view: View) => string;
  readonly aggregate: Aggregate<State, Event>;
  readonly create: (state: State, ref: ResourceRef, body: Create) => readonly Event[];
  readonly patch: (state: State, ref: ResourceRef, body: Patch) => readonly Event[];
  readonly remove: (state: State, ref: ResourceRef) => readonly Event[];
  /** Deletes where that is not done yet, and forgets; nothing where that is done. Absent for kinds that are not about people. */
  readonly erase?: (state: State, ref: ResourceRef) => readonly Event[];
  /** The name that is unique in the tenant; undefined where the resource does not exist, or is of a kind without names. */
  readonly nameOf: (state: State) => string | undefined;
  /** The name that a body asks for. */
  readonly nameIn: (body: Create | Patch) => string | undefined;
  /** The policy that a body names as permissions boundary, null where it takes it away; absent for kinds without one. */
  readonly boundaryIn?: (body: Create | Patch) => string | null | undefined;
  /** Id of the resource that a new one belongs to, which stays while it is made; absent for kinds that stand alone. */
  readonly belongsTo?: (body: Create) => string;
  readonly syncToProvidersOf: (state: State) => readonly string[] | undefined;
  /** What callers read. @param arn of the resource */
  readonly view: (loaded: Loaded<State>, arn: string) => View;
}
