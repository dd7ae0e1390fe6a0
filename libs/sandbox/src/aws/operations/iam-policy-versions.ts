import { noSuchEntity, overLimit, refusedDelete } from '../errors';
import { urlEncoded } from '../identities';
import type { PolicyRecord, PolicyVersionRecord } from '../iam-state';
import { page } from '../pagination';
import { checkPolicyDocument } from '../policy-grammar';
import { requiredText, RULES } from '../validation';
import type { XmlRecord } from '../xml';
import { POLICY_SIZE } from './iam-policies';
import { iamRead, iamWrite, namedPolicy, viewedPolicy } from './operation';
import type { Call, Operations } from './operation';

export const VERSIONS_PER_POLICY = 5;

export const policyVersionOperations: Operations = {
  CreatePolicyVersion: iamWrite(createVersion),
  GetPolicyVersion: iamRead(getVersion),
  ListPolicyVersions: iamRead(listVersions),
  DeletePolicyVersion: iamWrite(deleteVersion),
  SetDefaultPolicyVersion: iamWrite(setDefault),
};

function createVersion(call: Call): XmlRecord {
  const document = requiredText(call.params, 'PolicyDocument', RULES.policyDocument);
  const policy = namedPolicy(call);
  checkPolicyDocument(document, POLICY_SIZE);
  if (policy.versions.length >= VERSIONS_PER_POLICY) {
    throw overLimit('A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.');
  }
  const now = call.now();
  const version: PolicyVersionRecord = { id: `v${policy.lastVersion + 1}`, document, createdAt: now };
  const defaultVersion = call.params.get('SetAsDefault') === 'true' ? version.id : policy.defaultVersion;
  const changed: PolicyRecord = { ...policy, updatedAt: now, defaultVersion, lastVersion: policy.lastVersion + 1, versions: [...policy.versions, version] };
  call.store.commit({ type: 'policy-put', policy: changed });
  return { PolicyVersion: versionFields(changed, version) };
}

function getVersion(call: Call): XmlRecord {
  const id = requiredText(call.params, 'VersionId', RULES.policyVersion);
  const policy = viewedPolicy(call);
  const version = versionOf(policy, id);
  return { PolicyVersion: { Document: urlEncoded(version.document), ...versionFields(policy, version) } };
}

/** Newest first, without the documents. */
function listVersions(call: Call): XmlRecord {
  const policy = viewedPolicy(call);
  const numbered = [...policy.versions].reverse().map((version, index) => ({ version, key: String(index) }));
  const { items, fields } = page(call.params, numbered, ({ key }) => key);
  return { Versions: items.map(({ version }) => versionFields(policy, version)), ...fields };
}

function deleteVersion(call: Call): undefined {
  const id = requiredText(call.params, 'VersionId', RULES.policyVersion);
  const policy = namedPolicy(call);
  versionOf(policy, id);
  if (policy.defaultVersion === id) throw refusedDelete('Cannot delete the default version of a policy.');
  call.store.commit({ type: 'policy-put', policy: { ...policy, versions: policy.versions.filter((version) => version.id !== id) } });
  return undefined;
}

function setDefault(call: Call): undefined {
  const id = requiredText(call.params, 'VersionId', RULES.policyVersion);
  const policy = namedPolicy(call);
  versionOf(policy, id);
  call.store.commit({ type: 'policy-put', policy: { ...policy, defaultVersion: id } });
  return undefined;
}

export function versionOf(policy: PolicyRecord, id: string): PolicyVersionRecord {
  const version = policy.versions.find((one) => one.id === id);
  if (version === undefined) throw noSuchEntity(`Policy ${policy.name} version ${id} does not exist or is not attachable.`);
  return version;
}

export const versionFields = ({ defaultVersion }: PolicyRecord, { id, createdAt }: PolicyVersionRecord): XmlRecord =>
  ({ VersionId: id, IsDefaultVersion: id === defaultVersion, CreateDate: createdAt });
