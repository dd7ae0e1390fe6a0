import type { Tag } from '@aws-sdk/client-iam';
import { ProviderError, type Changes, type Observed, type OwnershipMark } from '@wami/provider-port';
import { hasForeignMarks, markFromTags, markTags, withoutMarks, type Tags } from './marks';

/** What IAM answers of everything that can be tagged. */
interface Identified {
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly arn: string | undefined;
  readonly path: string | undefined;
}

/** A tagged thing as IAM answered it; `fields` beside name and path. @throws ProviderError `Internal` where IAM left out what it never leaves out. */
export function observedTagged(what: string, { name, id, arn, path = '/' }: Identified, tagList: readonly Tag[], fields: Readonly<Record<string, string>>): Observed {
  if (name === undefined || id === undefined || arn === undefined) {
    throw new ProviderError('Internal', `AWS answered a ${what} without name, id or ARN`, { effect: 'unknown' });
  }
  const tags = tagsFrom(tagList);
  const mark = markFromTags(tags);
  return {
    providerResourceId: id,
    nativeArn: arn,
    name,
    ...(mark === undefined ? {} : { mark }),
    ...(hasForeignMarks(tags) ? { obstacle: 'tags' as const } : {}),
    shape: { fields: { name, path, ...fields }, tags: withoutMarks(tags), facets: {} },
    facetsRead: [],
  };
}

export function tagsFrom(tags: readonly Tag[]): Tags {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export function toTags(tags: Tags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Keys count whatever their case. */
export function withoutKeys(tags: Tags, keys: readonly string[]): Tags {
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !removed.has(key.toLowerCase())));
}

interface TagCalls {
  untag(keys: string[]): Promise<unknown>;
  tag(tags: Tag[]): Promise<unknown>;
}

/** Writes what changed of the tags, and on adoption the marks. Old keys first: AWS takes two keys that differ only in case for one. */
export async function applyTags({ removeTags, setTags, adopt }: Changes, mark: OwnershipMark, { untag, tag }: TagCalls, more: Tags = {}): Promise<void> {
  if (removeTags.length > 0) await untag([...removeTags]);
  const set = { ...withoutKeys(more, removeTags), ...setTags, ...(adopt ? markTags(mark) : {}) };
  if (Object.keys(set).length > 0) await tag(toTags(set));
}

/** The same thing with the changes of its tags and these fields made. */
export function changedTo(observed: Observed, mark: OwnershipMark, { removeTags, setTags, adopt }: Changes, fields: Readonly<Record<string, string>> = {}): Observed {
  const { shape } = observed;
  const tags = { ...withoutKeys(shape.tags, removeTags), ...setTags };
  return { ...observed, ...(adopt ? { mark } : {}), shape: { ...shape, fields: { ...shape.fields, ...fields }, tags } };
}

/** Name and path of this thing are there for good. @throws ProviderError `Unsupported` where they were to change; what else was to be done is to be done before. */
export function refuseMove(what: string, { name, shape }: Observed, { fields }: Changes): void {
  const before: Readonly<Record<string, string | undefined>> = { ...shape.fields, name };
  const moved = ['name', 'path'].filter((field) => fields[field] !== undefined && fields[field] !== before[field]);
  if (moved.length === 0) return;
  throw new ProviderError('Unsupported', `${moved.join(' and ')}: AWS cannot change this of a ${what}; all else is done. Set it back, or make another one and delete this`);
}
