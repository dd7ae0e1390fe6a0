import { accountSchema, isAllowedTenant, providerNameSchema } from '@wami/contracts';
import { z } from 'zod';
import type { Connection } from './provider-adapter';

const NAMED = 'write env:NAME or file:PATH, never the secret itself';
/** A secret is named, never written: `env:NAME` or `file:PATH`. */
export const secretReferenceSchema = z.string({ error: NAMED }).regex(/^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/, NAMED);

const tenantPattern = z.string().regex(/^(\*|[a-z0-9-]+(\/[a-z0-9-]+)*(\/\*)?)$/, 'a tenant path, `path/*` for all below it, or `*`');

const GOOGLE_SCOPE = /^organizations:\d{1,19}(:folders:\d{1,19})?$/;

export const connectionSchema = z.strictObject({
  provider: providerNameSchema,
  account: accountSchema,
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  endpoints: z.record(z.string(), z.url({ protocol: /^https?$/ })).optional(),
  credentials: z.looseObject({ type: z.string().min(1) }),
  tenants: z.array(tenantPattern).optional(),
  limits: z.strictObject({ requestsPerSecond: z.number().positive().optional(), concurrency: z.number().int().min(1).max(1000).optional() }).optional(),
  naming: z.string().max(256).regex(/\{name\}/, 'must contain {name}').optional(),
  mode: z.enum(['observe', 'write']).optional(),
  scope: z.string().min(1).max(256).optional(),
  directory: z.strictObject({
    customer: z.string().regex(/^C[0-9a-z]{4,20}$/, "a customer's id: C and letters and digits, such as C046psxkn"),
    domain: z.string().regex(/^(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, 'a domain of it, in small letters'),
  }).optional(),
  denyPolicies: z.boolean().optional(),
  accessBoundaries: z.string().regex(/^organizations:\d{1,19}$/, 'organizations:NUMBER').optional(),
}).refine(({ provider, directory }) => provider === 'gcp' || directory === undefined, { path: ['directory'], error: 'only Google Cloud has one' })
  .refine(({ provider, scope }) => ['gcp', 'azure'].includes(provider) || scope === undefined, { path: ['scope'], error: 'only Google Cloud and Azure have one' })
  .refine(({ provider, scope }) => provider !== 'gcp' || scope === undefined || GOOGLE_SCOPE.test(scope), { path: ['scope'], error: 'organizations:NUMBER or organizations:NUMBER:folders:NUMBER' })
  .refine(({ provider, denyPolicies }) => provider === 'gcp' || denyPolicies === undefined, { path: ['denyPolicies'], error: 'only Google Cloud has them' })
  .refine(({ provider, accessBoundaries }) => provider === 'gcp' || accessBoundaries === undefined, { path: ['accessBoundaries'], error: 'only Google Cloud has them' });

export const connectionsFileSchema = z.strictObject({ connections: z.array(connectionSchema).max(1000) }).superRefine((file, context) => {
  const seen = new Set<string>();
  file.connections.forEach(({ provider, account, scope, naming, directory, accessBoundaries }, index) => {
    const target = `${provider}/${account}`;
    if (seen.has(target)) context.addIssue({ code: 'custom', path: ['connections', index], message: `${target} stands in the file twice` });
    seen.add(target);
    const roles = rolesMadeBy(provider, scope ?? account, naming);
    if (roles !== undefined && seen.has(roles)) context.addIssue({ code: 'custom', path: ['connections', index, 'naming'], message: `${roles} would be made by two connections under the same names: give each a naming of its own` });
    seen.add(roles ?? target);
    const boundaries = accessBoundaries === undefined ? target : `principal access boundaries of ${accessBoundaries} named ${naming ?? '{name}'}`;
    if (boundaries !== target && seen.has(boundaries)) context.addIssue({ code: 'custom', path: ['connections', index, 'naming'], message: `${boundaries} would be made by two connections under the same names: give each a naming of its own` });
    seen.add(boundaries);
    if (directory === undefined) return;
    // Two targets with the same groups would each make anew what the other has deleted.
    const shared = `directory ${directory.customer}`;
    if (seen.has(shared)) context.addIssue({ code: 'custom', path: ['connections', index, 'directory'], message: `${shared} stands in the file twice: one connection keeps it` });
    seen.add(shared);
  });
  refuseSharedTenants(file.connections, context);
});

/**
 * Users, groups and the names of custom roles of Microsoft are an Entra tenant's, wherever in it roles are given: two connections would each make anew what the
 * other has deleted, and take the other's for its own by the mark, where one tenant of ours may use both.
 */
function refuseSharedTenants(connections: readonly z.infer<typeof connectionSchema>[], context: z.RefinementCtx): void {
  const ofEntra = connections.map((connection, index) => ({ ...connection, index, entra: entraTenantOf(connection.account).toLowerCase() })).filter(({ provider }) => provider === 'azure');
  for (const { account, index, entra, tenants } of ofEntra) {
    const rival = ofEntra.find((other) => other.index < index && other.entra === entra && other.account !== account && haveCommon(other.tenants, tenants));
    if (rival === undefined) continue;
    context.addIssue({ code: 'custom', path: ['connections', index, 'tenants'], message: `azure/${rival.account} would make the same things in the same Entra tenant: give each connection tenants of its own` });
  }
}

/** The Entra tenant that an account names by its id or a domain of it; a name without a dot is that of its first domain, `acme` of `acme.onmicrosoft.com`. */
export function entraTenantOf(account: string): string {
  const [named = ''] = account.split(':', 1);
  return named.includes('.') || ID.test(named) ? named : `${named}.onmicrosoft.com`;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a tenant of ours may be meant by both. */
function haveCommon(left: readonly string[] = ['*'], right: readonly string[] = ['*']): boolean {
  return left.some((one) => right.some((other) => meet(one, other) || meet(other, one)));
}

/** Whether the first pattern takes in the other's tenant, or the topmost of its tenants. */
function meet(pattern: string, other: string): boolean {
  return pattern === '*' || pattern === other || (pattern.endsWith('/*') && isAllowedTenant([pattern], other.replace(/\/\*$/, '')));
}

/** Folders of Google Cloud have no custom roles of their own: their connections, and that of the organisation, make them in the organisation. */
function rolesMadeBy(provider: string, scope: string, naming = '{name}'): string | undefined {
  const [, organization] = /^(organizations:\d+)(:folders:\d+)?$/.exec(scope) ?? [];
  return provider === 'gcp' && organization !== undefined ? `custom roles of ${organization} named ${naming}` : undefined;
}

/** Whether this tenant may use the connection. */
export function allowsTenant(connection: Pick<Connection, 'tenants'>, tenant: string): boolean {
  return isAllowedTenant(connection.tenants, tenant);
}

/** Where the connections come from. What it gives is checked; a source that turns bad keeps giving the last good ones. */
export interface ConnectionSource {
  current(): readonly Connection[];
  /** Called after each change; returns how to stop listening. */
  onChange(listener: (connections: readonly Connection[]) => void): () => void;
}
