import type { OwnershipMark } from '@wami/provider-port';

/** Neither service accounts nor custom roles have labels, and a group has Google's own alone: the marks stand at the beginning of the description, what follows is everybody's. */
const MARKED = /^\[managed-by([=:])wami wami-instance\1(\S+) wami-tenant\1(\S+) wami-id\1(\S+) wami-kind\1([^\s\]]+)\](?: |$)/;

export interface Description {
  readonly mark?: OwnershipMark;
  readonly text: string;
}

/** The description as Google gets it. */
export function describe(text: string, mark: OwnershipMark | undefined): string {
  return mark === undefined ? text : `${marked(mark, '=')}${text === '' ? '' : ` ${text}`}`;
}

/** That of a group, which whoever edits it in Google's console could not save with an equal sign in it. */
export function describeGroup(text: string, mark: OwnershipMark): string {
  return `${marked(mark, ':')}${text === '' ? '' : ` ${text}`}`;
}

const SIGNS = /^wami-instance=(\S+) wami-tenant=(\S+) wami-id=(\S+) wami-kind=(\S+)$/;

/** The mark of a user, which stands by itself. */
export function signs({ instance, tenant, id, kind }: OwnershipMark): string {
  return `wami-instance=${instance} wami-tenant=${tenant} wami-id=${id} wami-kind=${kind}`;
}

/** Undefined where it is not whole. */
export function readSigns(text: string): OwnershipMark | undefined {
  const [, instance, tenant, id, kind] = SIGNS.exec(text) ?? [];
  return instance === undefined || tenant === undefined || id === undefined || kind === undefined ? undefined : { instance, tenant, id, kind };
}

function marked({ instance, tenant, id, kind }: OwnershipMark, is: '=' | ':'): string {
  return `[managed-by${is}wami wami-instance${is}${instance} wami-tenant${is}${tenant} wami-id${is}${id} wami-kind${is}${kind}]`;
}

/** What a description says, and whose the thing is. */
export function readDescription(description: string): Description {
  const [whole = '', , instance, tenant, id, kind] = MARKED.exec(description) ?? [];
  if (instance === undefined || tenant === undefined || id === undefined || kind === undefined) return { text: description };
  return { mark: { instance, tenant, id, kind }, text: description.slice(whole.length) };
}

const KEYS = { instance: 'wami-instance', tenant: 'wami-tenant', id: 'wami-id', kind: 'wami-kind' } as const;
type Annotations = Readonly<Record<string, string>>;

/** The mark where there is room for annotations, beside those of others; without one ours go. */
export function annotated(annotations: Annotations | null | undefined, mark: OwnershipMark | undefined): Annotations {
  const { 'managed-by': manager, [KEYS.instance]: _i, [KEYS.tenant]: _t, [KEYS.id]: _id, [KEYS.kind]: _k, ...others } = annotations ?? {};
  if (mark === undefined) return { ...others, ...(manager === undefined || manager === 'wami' ? {} : { 'managed-by': manager }) };
  return { ...others, 'managed-by': 'wami', [KEYS.instance]: mark.instance, [KEYS.tenant]: mark.tenant, [KEYS.id]: mark.id, [KEYS.kind]: mark.kind };
}

/** Undefined where it is not whole. */
export function readAnnotations(annotations: Annotations | null | undefined): OwnershipMark | undefined {
  const { 'managed-by': manager, [KEYS.instance]: instance, [KEYS.tenant]: tenant, [KEYS.id]: id, [KEYS.kind]: kind } = annotations ?? {};
  return manager !== 'wami' || !instance || !tenant || !id || !kind ? undefined : { instance, tenant, id, kind };
}
