import { GROUP_EVENTS, USER_EVENTS, type RecordedGroupEvent, type RecordedUserEvent, type ResourceKind } from '@wami/contracts';
import { groupDecider, userDecider, type Group, type GroupDocument, type User, type UserDocument } from '@wami/domain';

/** A resource's document with what lists show of every kind. */
export interface ListedDocument {
  readonly name: string;
  readonly path: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly document: object | null;
}

interface KindOfResource {
  readonly types: readonly string[];
  /** The document after the event; null where the resource is gone. `before`: the document, null once it is gone. */
  evolve(before: object | null | undefined, event: unknown): object | null;
  listed(document: object): Omit<ListedDocument, 'document'>;
}

const user: KindOfResource = {
  types: USER_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(userDecider.evolve(stateOf<User, UserDocument>(before), event as RecordedUserEvent)),
  listed: (document) => {
    const { userName, path, tags } = document as UserDocument;
    return { name: userName, path, tags };
  },
};

const group: KindOfResource = {
  types: GROUP_EVENTS.map(({ type }) => type),
  evolve: (before, event) => documentOf(groupDecider.evolve(stateOf<Group, GroupDocument>(before), event as RecordedGroupEvent)),
  listed: (document) => {
    const { groupName, tags } = document as GroupDocument;
    return { name: groupName, path: null, tags };
  },
};

function stateOf<State extends { readonly status: string }, Document>(document: object | null | undefined): State {
  if (document === undefined) return { status: 'none' } as State;
  return (document === null ? { status: 'deleted' } : { status: 'active', document: document as Document }) as unknown as State;
}

function documentOf(state: { readonly status: string; readonly document?: object }): object | null {
  return state.document ?? null;
}

/** The one place where the read model knows a kind by name: a new kind is a new line. */
export const KINDS: Readonly<Record<ResourceKind, KindOfResource>> = { user, group };

const kindByType = new Map(Object.entries(KINDS).flatMap(([kind, { types }]) => types.map((type) => [type, kind as ResourceKind] as const)));

export const RESOURCE_TYPES: ReadonlySet<string> = new Set(kindByType.keys());

export function kindOfType(type: string): ResourceKind {
  const kind = kindByType.get(type);
  if (!kind) throw new Error(`${type} is about no resource`);
  return kind;
}
