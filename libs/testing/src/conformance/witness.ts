import type { Connection, Part, ProviderAdapter } from '@wami/provider-port';

/** Does at the provider what somebody else would do there, by its own API and not by the adapter. Rejects where the provider refuses. */
export interface ForeignHands {
  create(kind: string, name: string): Promise<void>;
  /** One delete and nothing before it. */
  deleteBarely(kind: string, name: string): Promise<void>;
  /** Puts something on it that has to be gone before the provider deletes it. */
  hinder(kind: string, name: string): Promise<void>;
  /** Puts an inline policy or a federated credential of this name into it, whichever the kind can have. Absent: nothing can have one. */
  embed?(kind: string, name: string, partName: string): Promise<void>;
  /** Signs in with something that was issued with a secret. Absent: nobody can. */
  use?(id: string, secret: string): Promise<void>;
  /** Everything of the kind that is really there. */
  names(kind: string): Promise<readonly string[]>;
}

export type Fault = 'throttle' | 'error' | 'access-denied' | 'credentials-rejected' | 'lost-request' | 'lost-answer' | 'timeout';

/** A provider that goes wrong when told to. */
export interface Misbehaviour {
  /** What it can be told. */
  readonly can: readonly (Fault | 'stale-reads')[];
  /** The n-th call from now (1 is the next) goes wrong in this way. */
  at(call: number, fault: Fault): void;
  /** Reads answer as of so long ago. */
  staleReads(ms: number): void;
  heal(): void;
}

export interface RunningWitness {
  /** With small pages (ten), so that a listing has several where the witness has pages at all. */
  readonly adapter: ProviderAdapter;
  readonly connection: Connection;
  /** The same credentials for an account that is not theirs. */
  readonly otherAccount: Connection;
  /** What an error calls the account that the credentials belong to, where that is not `connection.account`. */
  readonly callerName?: string;
  /** What must never appear in an error. */
  readonly secrets: readonly string[];
  readonly hands: ForeignHands;
  readonly misbehaviour?: Misbehaviour;
  /** Calls that arrived since the start. */
  calls?(): number;
  stop(): Promise<void>;
}

/** A provider, or something that stands in for one, before which an adapter's claims are tried. */
export interface Witness {
  readonly name: string;
  start(): Promise<RunningWitness>;
  /** Claim id, alone or after a kind or a facet and a dot -> why this witness cannot judge it. Such a claim is tried all the same: a lack that has gone must leave the list. */
  readonly lacks?: Readonly<Record<string, string>>;
  /** What every name that a claim makes up begins with, where names mean something there. */
  readonly corner?: string;
  /** Kind, or kind and form -> why it has nothing of the kind at all, or nothing that could be ours: nothing of it is tried. */
  readonly without?: Readonly<Record<string, string>>;
}

/** What the claims need to know of a kind. */
export interface KindSample {
  readonly kind: string;
  /** Of a kind that has several forms: which. */
  readonly form?: string;
  /** What its names begin with, where they are more than names. */
  readonly corner?: string;
  /** A document of the kind, without its name; `tags` where the provider can hold them. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Names at the edge of what the provider allows. */
  readonly goodNames: readonly string[];
  /** Names just beyond it. */
  readonly badNames: readonly string[];
  /** The provider takes names that differ only in case for one. */
  readonly caseInsensitive: boolean;
  /** The provider can give a thing another name. */
  readonly rename: boolean;
  /** Single-valued fields besides the name that can be changed, by their name in the shape and in the document (`key`, where it is another), each with another value in the document. */
  readonly changes: readonly { readonly field: string; readonly key?: string; readonly value: unknown }[];
  /** Parts of a document that say in other words what `document` says. */
  readonly respelled?: Readonly<Record<string, unknown>>;
  readonly tags: boolean;
  /** What carries no mark is listed with another kind. */
  readonly listsOwnOnly?: boolean;
  /** The provider tells all of them in one answer. */
  readonly unpaged?: boolean;
  /** The provider deletes it whatever hangs on it. */
  readonly unhindered?: boolean;
  /** Which call of a create makes it, and which of an update renames it: those before look or prepare. Absent: the first. */
  readonly madeBy?: number;
  readonly renamedBy?: number;
  /**
   * It has no name and is made with a secret that is told once: other claims are put than of all else. What it belongs to, and how many of that, where the
   * provider says. `marked`: something that it carries says which of ours it is. `lasting`: it cannot be deactivated. `useUntold`: nobody hears whether it was used.
   * `ownersChangeNames`: others can give the owner another name.
   */
  readonly issued?: { readonly owner: string; readonly most?: number; readonly marked?: true; readonly lasting?: true; readonly useUntold?: true; readonly ownersChangeNames?: true };
  /** Adoption puts the mark on the thing itself. */
  readonly adoptable: boolean;
  readonly relation?: Relation;
  /** More of them: the claims about relations are put for each. */
  readonly otherRelations?: readonly Relation[];
  /** It can have inline policies (`INLINE_POLICIES`), or federated credentials (`FEDERATION`). */
  readonly parts?: readonly Part[];
  /** What can limit it: a kind, and a document of it. */
  readonly boundary?: Omit<Relation, 'facet'> & Required<Pick<Relation, 'document'>>;
}

/** A facet, and the kind of the other ends; these are made with `document`. */
export interface Relation {
  readonly facet: string;
  readonly kind: string;
  readonly document?: Readonly<Record<string, unknown>>;
}
