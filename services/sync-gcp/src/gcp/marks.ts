import type { OwnershipMark } from '@wami/provider-port';

/** Neither service accounts nor custom roles have labels: the marks stand at the beginning of the description, what follows is everybody's. */
const MARKED = /^\[managed-by=wami wami-instance=(\S+) wami-tenant=(\S+) wami-id=(\S+) wami-kind=([^\s\]]+)\](?: |$)/;

export interface Description {
  readonly mark?: OwnershipMark;
  readonly text: string;
}

/** The description as Google gets it. */
export function describe(text: string, mark: OwnershipMark | undefined): string {
  if (mark === undefined) return text;
  const { instance, tenant, id, kind } = mark;
  return `[managed-by=wami wami-instance=${instance} wami-tenant=${tenant} wami-id=${id} wami-kind=${kind}]${text === '' ? '' : ` ${text}`}`;
}

/** What a description says, and whose the thing is. */
export function readDescription(description: string): Description {
  const [whole = '', instance, tenant, id, kind] = MARKED.exec(description) ?? [];
  if (instance === undefined || tenant === undefined || id === undefined || kind === undefined) return { text: description };
  return { mark: { instance, tenant, id, kind }, text: description.slice(whole.length) };
}
