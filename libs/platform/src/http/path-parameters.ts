import { ID_PREFIXES, tenantPathSchema, type IdKind } from '@wami/contracts';

/** Which ids a collection holds; what is not listed takes any text. */
const KIND_OF_COLLECTION: Readonly<Record<string, IdKind>> = {
  users: 'user', groups: 'group', members: 'user', roles: 'role', policies: 'policy', 'service-accounts': 'service-account', 'identity-providers': 'identity-provider', jobs: 'job', 'api-keys': 'apiKey',
};
const TENANT_PATTERN = tenantPathSchema.def.checks?.map((check) => check._zod.def).find((def): def is typeof def & { pattern: RegExp } => 'pattern' in def)?.pattern;

/** What a parameter of a path may look like: `{id}` after `/users/` is a user's id. Anything else is 404 without a look. */
export function pathParameterSchema(path: string, name: string): object {
  const segments = path.split('/');
  const collection = segments[segments.indexOf(`{${name}}`) - 1] ?? '';
  if (collection === 'tenants') return { type: 'string', maxLength: 255, pattern: TENANT_PATTERN?.source, examples: ['acme'] };
  const kind = KIND_OF_COLLECTION[collection];
  if (kind === undefined) return { type: 'string', minLength: 1, maxLength: 512, pattern: '^[\\x21-\\x7e]+$' };
  const prefix = ID_PREFIXES[kind];
  return { type: 'string', pattern: `^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`, examples: [`${prefix}_01JD7Z5Y7N8Q9R0S1T2V3W4X5Y`] };
}
