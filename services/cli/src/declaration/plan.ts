import type { FieldChange } from './fields';
import type { ActualRelation, ActualThing, Declaration, DeclaredThing, Fields, Thing } from './model';
import type { Place } from './source';

interface Change { readonly thing: Thing; readonly fields: readonly FieldChange[] }

export interface Creation extends Change {
  readonly action: 'create';
  readonly declared: DeclaredThing;
  readonly wanted: Fields;
  /** The policy that is to be its permissions boundary. */
  readonly boundary?: Thing;
}
export interface Update extends Change {
  readonly action: 'change';
  readonly declared: DeclaredThing;
  readonly actual: ActualThing;
  readonly wanted: Fields;
  readonly boundary?: Thing;
  /** Names of whole fields. */
  readonly differing: readonly string[];
  /** It comes to belong to this declaration. */
  readonly adopts: boolean;
}
export interface Deletion extends Change { readonly action: 'delete'; readonly actual: ActualThing }

/** A user in a group, a policy on its owner. */
export interface Linking {
  readonly action: 'add' | 'attach' | 'remove' | 'detach';
  readonly of: Thing;
  readonly to: Thing;
  readonly at?: Place;
}

export type ThingChange = Creation | Update | Deletion;
export type PlannedChange = ThingChange | Linking;

/** What stays as it is though the file does not want it so, and why. */
export interface Kept {
  readonly what: Thing | Pick<Linking, 'of' | 'to'>;
  readonly why: string;
}

/** What is not this declaration's to change. */
export interface Foreign { readonly thing: Thing; readonly at: Place; readonly fields: readonly FieldChange[]; readonly declaredBy?: string }

export interface Plan extends Pick<Declaration, 'mark'> {
  readonly declaration: string;
  readonly changes: readonly PlannedChange[];
  readonly kept: readonly Kept[];
  readonly foreign: readonly Foreign[];
}

export interface PlanOptions {
  /** Delete what an earlier apply made and the file declares no more. */
  readonly prune: boolean;
  /** Take over what somebody else made. */
  readonly adopt: boolean;
}

/** Whether this declaration added a relation. */
export type OwnRelation = (relation: ActualRelation) => Promise<boolean>;

export const isLinking = (change: PlannedChange): change is Linking => 'of' in change;

/** How many things or relations it takes away. */
export function removalsOf({ changes }: Plan): number {
  return changes.filter(({ action }) => action === 'delete' || action === 'remove' || action === 'detach').length;
}

export function foreignThing({ kind, tenant, name, declaredBy }: ActualThing, at: Foreign['at'], fields: readonly FieldChange[]): Foreign {
  return { thing: { kind, tenant, name }, at, fields, ...(declaredBy === undefined ? {} : { declaredBy }) };
}
