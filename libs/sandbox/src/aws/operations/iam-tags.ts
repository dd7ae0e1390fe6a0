import { limitExceeded } from '../errors';
import { tagFields } from '../identities';
import type { Tag } from '../iam-state';
import { byKey, page } from '../pagination';
import { MAX_TAGS, requiredList, tagKeyList, tagList } from '../validation';
import type { XmlRecord } from '../xml';
import { iamRead, iamWrite, namedUser, viewedUser } from './operation';
import type { Call, Operations } from './operation';

export const tagOperations: Operations = {
  TagUser: iamWrite(tagUser),
  UntagUser: iamWrite(untagUser),
  ListUserTags: iamRead(listUserTags),
};

export const sortTags = (tags: readonly Tag[]): readonly Tag[] => [...tags].sort(byKey((tag) => tag.key));

/** Keys of a user's tags are one whatever their case; the last one written gives value and case (IAM User Guide; aws-cdk #26253). */
function tagUser(call: Call): undefined {
  requiredList(call.params, 'Tags');
  const added = tagList(call.params);
  const user = namedUser(call);
  const replaced = new Set(added.map((tag) => tag.key.toLowerCase()));
  const tags = sortTags([...user.tags.filter((tag) => !replaced.has(tag.key.toLowerCase())), ...added]);
  if (tags.length > MAX_TAGS) throw limitExceeded('TagsPerUser', MAX_TAGS);
  call.store.commit({ type: 'user-put', user: { ...user, tags } });
  return undefined;
}

function untagUser(call: Call): undefined {
  requiredList(call.params, 'TagKeys');
  const removed = new Set(tagKeyList(call.params).map((key) => key.toLowerCase()));
  const user = namedUser(call);
  call.store.commit({ type: 'user-put', user: { ...user, tags: user.tags.filter((tag) => !removed.has(tag.key.toLowerCase())) } });
  return undefined;
}

function listUserTags(call: Call): XmlRecord {
  const { items, fields } = page(call.params, viewedUser(call).tags, (tag) => tag.key);
  return { Tags: tagFields(items), ...fields };
}
