import { byKey } from '../../cloud/order';
import { limitExceeded } from '../errors';
import { tagFields } from '../identities';
import type { IdentityProviderRecord, Tag } from '../iam-state';
import type { QueryParams } from '../query-protocol';
import { page } from '../pagination';
import { MAX_TAGS, requiredList, tagKeyList, tagList } from '../validation';
import type { XmlRecord } from '../xml';
import { iamRead, iamWrite, namedPolicy, namedRole, namedUser, viewedPolicy, viewedRole, viewedUser } from './operation';
import type { Call, Operations } from './operation';
import { namedProvider, viewedProvider } from './provider-records';

/** A kind of thing that carries tags. */
interface Tagged {
  readonly quota: string;
  /** The thing that a read names. */
  viewed(call: Call): readonly Tag[];
  /** Gives the thing that a write names other tags. */
  retag(call: Call, change: (tags: readonly Tag[]) => readonly Tag[]): void;
}

const KINDS: Readonly<Record<'User' | 'Role' | 'Policy' | 'OpenIDConnectProvider' | 'SAMLProvider', Tagged>> = {
  User: {
    quota: 'TagsPerUser', viewed: (call) => viewedUser(call).tags,
    retag(call, change) {
      const user = namedUser(call);
      call.store.commit({ type: 'user-put', user: { ...user, tags: change(user.tags) } });
    },
  },
  Role: {
    quota: 'TagsPerRole', viewed: (call) => viewedRole(call).tags,
    retag(call, change) {
      const role = namedRole(call);
      call.store.commit({ type: 'role-put', role: { ...role, tags: change(role.tags) } });
    },
  },
  Policy: {
    quota: 'TagsPerPolicy', viewed: (call) => viewedPolicy(call).tags,
    retag(call, change) {
      const policy = namedPolicy(call);
      call.store.commit({ type: 'policy-put', policy: { ...policy, tags: change(policy.tags) } });
    },
  },
  OpenIDConnectProvider: taggedProvider('oidc'),
  SAMLProvider: taggedProvider('saml'),
};

function taggedProvider(protocol: 'oidc' | 'saml'): Tagged {
  return {
    quota: 'TagsPerIdentityProvider', viewed: (call) => viewedProvider(protocol, call).tags,
    retag(call, change) {
      const provider: IdentityProviderRecord = namedProvider(protocol, call);
      call.store.commit({ type: 'provider-put', provider: { ...provider, tags: change(provider.tags) } });
    },
  };
}

export const tagOperations: Operations = Object.fromEntries(Object.entries(KINDS).flatMap(([name, kind]) => [
  [`Tag${name}`, iamWrite((call) => tag(call, kind))],
  [`Untag${name}`, iamWrite((call) => untag(call, kind))],
  [`List${name}Tags`, iamRead((call) => listTags(call, kind.viewed(call)))],
]));

export const sortTags = (tags: readonly Tag[]): readonly Tag[] => [...tags].sort(byKey((tag) => tag.key));

function tag(call: Call, { quota, retag }: Tagged): undefined {
  requiredList(call.params, 'Tags');
  const added = tagList(call.params);
  retag(call, (tags) => withTags(tags, added, quota));
  return undefined;
}

function untag(call: Call, { retag }: Tagged): undefined {
  const removed = removedKeys(call.params);
  retag(call, (tags) => withoutTags(tags, removed));
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
