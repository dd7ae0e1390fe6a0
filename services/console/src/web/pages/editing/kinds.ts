import type { NamedKind } from '@wami/contracts';

/** How a value is typed: as it is, `key=value` a line, one a line, as JSON, or as the document that `metadata` holds. */
export type Shape = 'text' | 'number' | 'pairs' | 'lines' | 'json' | 'metadata';

export interface Field {
  /** In the API; a name is called otherwise by each kind. */
  readonly name: string;
  readonly label: string;
  readonly shape: Shape;
  readonly hint?: string;
  /** It has one always: emptied it is sent as it is, for the API to say so. */
  readonly kept?: true;
  /** Merged key by key when it is changed, instead of as a whole. */
  readonly merged?: true;
}

/** Written where something is to be synced to no target, whatever its tenant says. */
export const NOWHERE = 'none';

const NAME = (name: string): Field => ({ name, label: 'Name', shape: 'text', kept: true });
const PATH: Field = { name: 'path', label: 'Path', shape: 'text', hint: 'at AWS, like /engineering/' };
const DISPLAY: Field = { name: 'displayName', label: 'Display name', shape: 'text' };
const DESCRIPTION: Field = { name: 'description', label: 'Description', shape: 'text' };
const BOUNDARY: Field = { name: 'permissionsBoundary', label: 'Permissions boundary', shape: 'text', hint: 'id or ARN of a policy' };
const TAGS: Field = { name: 'tags', label: 'Tags', shape: 'pairs', merged: true, hint: 'key=value, one a line; a key that has = in it in quotes: "a=b"=c' };
const INLINE: Field = { name: 'inlinePolicies', label: 'Inline policies', shape: 'json', merged: true, hint: 'documents by their names, at AWS alone' };
const TARGETS: Field = { name: 'syncToProviders', label: 'Only at these targets', shape: 'lines', hint: `like aws or aws/000000000001, one a line; empty: all of its tenant; ${NOWHERE}: nowhere` };

interface OfKind {
  readonly collection: string;
  readonly one: string;
  readonly nameField: string;
  readonly fields: readonly Field[];
}

/** Those that people make and change here. */
export type EditableKind = NamedKind;

export const KINDS: Readonly<Record<EditableKind, OfKind>> = {
  user: {
    collection: 'users', one: 'user', nameField: 'userName',
    fields: [NAME('userName'), DISPLAY, { name: 'email', label: 'Mail address', shape: 'text' }, TAGS, PATH, BOUNDARY, INLINE, TARGETS],
  },
  group: { collection: 'groups', one: 'group', nameField: 'groupName', fields: [NAME('groupName'), DISPLAY, TAGS, INLINE, TARGETS] },
  role: {
    collection: 'roles', one: 'role', nameField: 'roleName',
    fields: [
      NAME('roleName'), { name: 'trustPolicy', label: 'Trust policy', shape: 'json', kept: true, hint: 'who may become it, in the IAM language' }, DESCRIPTION,
      { name: 'maxSessionDuration', label: 'Longest session', shape: 'number', hint: 'in seconds, 3600 to 43200' }, TAGS, PATH, BOUNDARY, INLINE, TARGETS,
    ],
  },
  policy: {
    collection: 'policies', one: 'policy', nameField: 'policyName',
    fields: [
      NAME('policyName'), { name: 'document', label: 'Document', shape: 'json', kept: true, hint: 'in the IAM language' }, DESCRIPTION,
      { name: 'providerDocuments', label: 'Documents of single clouds', shape: 'json', merged: true, hint: 'instead of that, by aws, gcp and azure' }, TAGS, PATH, TARGETS,
    ],
  },
  'service-account': {
    collection: 'service-accounts', one: 'service account', nameField: 'accountName',
    fields: [
      NAME('accountName'), DISPLAY, DESCRIPTION, TAGS, PATH, INLINE,
      { name: 'federation', label: 'Federated credentials', shape: 'json', merged: true, hint: 'by their names, at Microsoft Entra ID alone: {"ci": {"issuer": "https://...", "subject": "..."}}' }, TARGETS,
    ],
  },
  'identity-provider': {
    collection: 'identity-providers', one: 'identity provider', nameField: 'providerName',
    fields: [
      NAME('providerName'),
      { name: 'oidc', label: 'OpenID Connect', shape: 'json', merged: true, hint: 'either this or SAML: {"url": "https://...", "clientIds": ["..."]}; thumbprints where the cloud is not to find them out; the url stays' },
      { name: 'saml', label: 'SAML metadata', shape: 'metadata', hint: 'the XML document that the provider publishes' }, TAGS, TARGETS,
    ],
  },
};

export const EDITABLE_KINDS = Object.keys(KINDS) as EditableKind[];

export const isEditable = (kind: string): kind is EditableKind => Object.hasOwn(KINDS, kind);
