import type { CliKind } from '../api/kinds';
import type { Place } from './source';

export type ThingKind = CliKind | 'tenant';

/** A tenant, or something in one. Of a tenant `tenant` and `name` are its path. */
export interface Thing {
  readonly kind: ThingKind;
  readonly tenant: string;
  readonly name: string;
}

/** Another thing by its name, as the file says it. */
export interface Reference {
  readonly name: string;
  /** Where it is not left to be found. */
  readonly tenant?: string;
  readonly at: Place;
}

export type Fields = Readonly<Record<string, unknown>>;

export interface DeclaredThing extends Thing {
  /** As the server names them; left out are those of the tenant that the file does not speak of. */
  readonly fields: Fields;
  readonly boundary?: Reference;
  readonly policies: readonly Reference[];
  readonly members: readonly Reference[];
  readonly at: Place;
}

export interface Declaration {
  readonly name: string;
  /** What it makes comes to carry this mark; undefined: none but what it is declared with. */
  readonly mark: string | undefined;
  /** By `keyOf`. */
  readonly things: ReadonlyMap<string, DeclaredThing>;
}

/** What WAMI holds now. */
export interface ActualThing extends Thing {
  readonly id: string;
  readonly version: number;
  readonly fields: Fields;
  /** The declaration that it belongs to. */
  readonly declaredBy?: string;
}

export interface ActualRelation {
  readonly id: string;
  readonly kind: 'membership' | 'attachment';
  readonly toId: string;
  readonly ofId: string;
}

export interface Actual {
  readonly byKey: ReadonlyMap<string, ActualThing>;
  readonly byId: ReadonlyMap<string, ActualThing>;
  readonly relations: readonly ActualRelation[];
}

/** Names are the same thing where the server takes them for the same name. */
export function keyOf({ kind, tenant, name }: Thing): string {
  return kind === 'tenant' ? `tenant ${tenant}` : `${kind} ${tenant} ${name.normalize('NFKC').toLowerCase()}`;
}

/** `user/ann (acme)` */
export function labelOf({ kind, tenant, name }: Thing): string {
  return kind === 'tenant' ? `tenant/${tenant}` : `${kind}/${name} (${tenant})`;
}
