import { byKey } from '../../cloud/order';
import { limitExceeded } from '../errors';
import { tagFields } from '../identities';
import type { Tag } from '../iam-state';
import type { QueryParams } from '../query-protocol';
import { page } from '../pagination';
import { MAX_TAGS, requiredList, tagKeyList, tagList } from '../validation';
import type { XmlRecord } from '../xml';
import { iamRead, iamWrite, namedPolicy, namedRole, namedUser, viewedPolicy, viewedRole, viewedUser } from './operation';
import type { Call, Operations } from './operation';

export const tagOperations: Operations = {
  TagUser: iamWrite(tagUser),
  UntagUser: iamWrite(untagUser),
  ListUserTags: iamRead((call) => listTags(call, viewedUser(call).tags)),
  TagRole: iamWrite(tagRole),
  UntagRole: iamWrite(untagRole),
  ListRoleTags: iamRead((call) => listTags(call, viewedRole(call).tags)),
  TagPolicy: iamWrite(tagPolicy),
  UntagPolicy: iamWrite(untagPolicy),
  ListPolicyTags: iamRead((call) => listTags(call, viewedPolicy(call).tags)),
};

export const sortTags = (tags: readonly Tag[]): readonly Tag[] => [...tags].sort(byKey((tag) => tag.key));

function tagUser(call: Call): undefined {
  requiredList(call.params, 'Tags');
  const added = tagList(call.params);
  const user = namedUser(call);
  call.store.commit({ type: 'user-put', user: { ...user, tags: withTags(user.tags, added, 'TagsPerUser') } });
  return undefined;
}

function untagUser(call: Call): undefined {
  const removed = removedKeys(call.params);
  const user = namedUser(call);
  call.store.commit({ type: 'user-put', user: { ...user, tags: withoutTags(user.tags, removed) } });
  return undefined;
}

function tagRole(call: Call): undefined {
  requiredList(call.params, 'Tags');
  const added = tagList(call.params);
  const role = namedRole(call);
  call.store.commit({ type: 'role-put', role: { ...role, tags: withTags(role.tags, added, 'TagsPerRole') } });
  return undefined;
}

function untagRole(call: Call): undefined {
  const removed = removedKeys(call.params);
  const role = namedRole(call);
  call.store.commit({ type: 'role-put', role: { ...role, tags: withoutTags(role.tags, removed) } });
  return undefined;
}

function tagPolicy(call: Call): undefined {
  requiredList(call.params, 'Tags');
  const added = tagList(call.params);
  const policy = namedPolicy(call);
  call.store.commit({ type: 'policy-put', policy: { ...policy, tags: withTags(policy.tags, added, 'TagsPerPolicy') } });
  return undefined;
}

function untagPolicy(call: Call): undefined {
  const removed = removedKeys(call.params);
  const policy = namedPolicy(call);
  call.store.commit({ type: 'policy-put', policy: { ...policy, tags: withoutTags(policy.tags, removed) } });
  return undefined;
}

/** Keys of a thing's tags are one whatever their case; the last one written gives value and case (IAM User Guide; aws-cdk #26253). */
function withTags(before: readonly Tag[], added: readonly Tag[], quota: string): readonly Tag[] {
  const replaced = new Set(added.map((tag) => tag.key.toLowerCase()));
  const tags = sortTags([...before.filter((tag) => !replaced.has(tag.key.toLowerCase())), ...added]);
  if (tags.length > MAX_TAGS) throw limitExceeded(quota, MAX_TAGS);
  return tags;
}

function removedKeys(params: QueryParams): ReadonlySet<string> {
  requiredList(params, 'TagKeys');
  return new Set(tagKeyList(params).map((key) => key.toLowerCase()));
}

const withoutTags = (tags: readonly Tag[], removed: ReadonlySet<string>): readonly Tag[] => tags.filter((tag) => !removed.has(tag.key.toLowerCase()));

function listTags(call: Call, tags: readonly Tag[]): XmlRecord {
  const { items, fields } = page(call.params, tags, (tag) => tag.key);
  return { Tags: tagFields(items), ...fields };
}
