import { MAX_TAGS } from '@wami/contracts';
import { DomainError } from './domain-error';
import { mergeMap, sameJson, sameMap } from './merge-patch';

/** A named resource: not made yet, there with its document, gone for good, or gone and forgotten. */
export type ResourceState<Document> = { readonly status: 'none' | 'deleted' | 'erased' } | { readonly status: 'active'; readonly document: Document };

export const DEFAULT_PATH = '/';

/** @throws DomainError NotFound */
export function existing<Document>(state: ResourceState<Document>, kind: string): Document {
  if (state.status !== 'active') throw new DomainError('NotFound', `there is no such ${kind}`);
  return state.document;
}

/** @throws DomainError ValidationFailed where the stream was used before */
export function requireNew({ status }: ResourceState<unknown>, kind: string): void {
  if (status !== 'none') throw new DomainError('ValidationFailed', `the ${kind} exists already`);
}

/** The document with what an event changes in it; null takes a member away. A resource that is gone stays gone. */
export function withChanges<Document extends object>(
  state: ResourceState<Document>, changes: { readonly [K in keyof Document]?: Document[K] | null },
): ResourceState<Document> {
  if (state.status !== 'active') return state;
  const merged = Object.entries({ ...state.document, ...changes }).filter(([, value]) => value !== null && value !== undefined);
  return { status: 'active', document: Object.fromEntries(merged) as Document };
}

/** Those of the named members of a patch that say something else than the document; null says that there is none. */
export function changedMembers<Patch extends object, Key extends keyof Patch & string>(
  patch: Patch, current: { readonly [K in Key]?: unknown }, keys: readonly Key[],
): Partial<Pick<Patch, Key>> {
  const changed = keys.filter((key) => patch[key] !== undefined && !sameJson(patch[key] ?? undefined, current[key]));
  return Object.fromEntries(changed.map((key) => [key, patch[key]])) as Partial<Pick<Patch, Key>>;
}

/** The path that a patch moves to, if it is another one; null puts it back to the root. */
export function changedPath(patch: string | null | undefined, current: string): { path?: string } {
  const path = patch === null ? DEFAULT_PATH : patch;
  return path === undefined || path === current ? {} : { path };
}

/** All tags after a patch, if they are others. @throws DomainError ValidationFailed where they become too many */
export function changedTags(
  patch: Readonly<Record<string, string | null>> | null | undefined, current: Readonly<Record<string, string>>,
): { tags?: Record<string, string> } {
  if (patch === undefined) return {};
  const tags = mergeMap(current, patch);
  if (sameMap(tags, current)) return {};
  if (Object.keys(tags).length > MAX_TAGS) throw new DomainError('ValidationFailed', `at most ${MAX_TAGS} tags`, '/tags');
  return { tags };
}

/** True where an event with these parts would say nothing. */
export function saysNothing(...parts: readonly object[]): boolean {
  return parts.every((part) => Object.keys(part).length === 0);
}
