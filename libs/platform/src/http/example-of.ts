/** The part of JSON Schema that our documents use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly examples?: readonly unknown[];
  readonly example?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
}

const ULID = '01JD7Z5Y7N8Q9R0S1T2V3W4X5Y';
/** What a text of this name looks like. */
const TEXTS: Readonly<Record<string, string>> = {
  id: `usr_${ULID}`, arn: `arn:wami:iam:acme:wami:local:user/usr_${ULID}`, resource: `usr_${ULID}`, userId: `usr_${ULID}`, groupId: `grp_${ULID}`, policyId: `pol_${ULID}`,
  ownerId: `usr_${ULID}`, job: `job_${ULID}`, tenant: 'acme', path: '/', name: 'ann', userName: 'ann', groupName: 'engineers', roleName: 'report-writer',
  policyName: 'read-reports', accountName: 'deployer', displayName: 'Ann', email: 'ann@example.com', kind: 'user', provider: 'aws', account: '000000000001',
  nativeArn: 'arn:aws:iam::000000000001:user/ann', providerResourceId: 'AIDA3Z2PJBOQKXLXFS6QU', actor: 'admin', createdBy: 'admin', permissionsBoundary: `pol_${ULID}`,
  position: 'W1siaWRlbnRpdHkiLCI3NzkuMiJdXQ', nextCursor: 'WyJUZU5oRWpDaVFKNmRnaXNEIixbIjEiXV0', subject: `arn:wami:iam:acme:wami:local:user/usr_${ULID}`,
  source: 'identity', key: `usr_${ULID}`, stream: `usr_${ULID}`, correlationid: `req_${ULID}`, causationid: `evt_${ULID}`, team: 'core', until: '2026-08-01T09:30:00.000Z', startedAt: '2026-07-01T09:30:00.000Z', startedBy: 'admin', ended: `pau_${ULID}`, pausedBy: `pau_${ULID}`, expiresAt: '2099-01-31T12:00:00.000Z',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};
/** Keys of maps, by the name of the map. */
const KEYS: Readonly<Record<string, string>> = { tags: 'team', sync: 'aws', aws: '000000000001' };

/** A value that the schema allows, made of its own examples where there are any, and the same each time. */
export function exampleOf(schema: JsonSchema, components: Readonly<Record<string, JsonSchema>>, name = ''): unknown {
  const said = [schema.examples?.[0], schema.example, schema.const, schema.enum?.[0]].find((value) => value !== undefined);
  if (said !== undefined) return said;
  if (schema.properties) return ofProperties(schema.properties, components);
  if (schema.$ref !== undefined) return exampleOf(components[schema.$ref.split('/').at(-1) ?? ''] ?? {}, components, name);
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return exampleOf(choice, components, name);
  switch (schema.type) {
    case 'object': return ofMap(schema.additionalProperties, components, name);
    case 'array': return [exampleOf(schema.items ?? {}, components, name)];
    case 'string': return TEXTS[name] ?? (schema.format === 'date-time' ? '2026-07-01T09:30:00.000Z' : 'text');
    case 'integer':
    case 'number': return Math.max(1, schema.minimum ?? 1);
    case 'boolean': return true;
    default: return {};
  }
}

function ofProperties(properties: Readonly<Record<string, JsonSchema>>, components: Readonly<Record<string, JsonSchema>>): object {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, exampleOf(value, components, key)]));
}

function ofMap(values: JsonSchema | boolean | undefined, components: Readonly<Record<string, JsonSchema>>, name: string): object {
  if (typeof values !== 'object' || Object.keys(values).length === 0) return {};
  const key = KEYS[name] ?? (name === '' ? 'aws' : 'name');
  return { [key]: exampleOf(values, components, key) };
}
