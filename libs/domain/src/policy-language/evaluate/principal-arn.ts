import type { RequestPrincipal } from './request';

const AWS_PARTITION = /^aws[a-z-]*$/;

/** The account that an ARN belongs to (an organisation's ARN: its tenant); undefined where it names none. */
export function accountOf(arn: string): string | undefined {
  const [prefix, partition = '', , fourth, fifth] = arn.split(':');
  if (prefix !== 'arn') return undefined;
  return (AWS_PARTITION.test(partition) ? fifth : fourth) || undefined;
}

/** What stands behind the colons: `user/Bob`, `assumed-role/Reader/session`. */
function resourceOf(arn: string): string {
  const parts = arn.split(':');
  return parts.slice(AWS_PARTITION.test(parts[1] ?? '') ? 5 : 6).join(':');
}

const TYPES: readonly [string, RequestPrincipal['type']][] = [
  ['user/', 'user'],
  ['service-account/', 'user'],
  ['role/', 'role'],
  ['assumed-role/', 'roleSession'],
  ['federated-user/', 'federatedUserSession'],
];

/** The principal that an ARN names; undefined where it names none that could ask. */
export function principalFromArn(arn: string): RequestPrincipal | undefined {
  const account = accountOf(arn);
  const resource = resourceOf(arn);
  if (account === undefined) return undefined;
  if (resource === 'root') return { type: 'root', id: arn, account };
  const type = TYPES.find(([start]) => resource.startsWith(start) && resource.length > start.length)?.[1];
  return type && { type, id: arn, account };
}

/** The last part of a path: a user's friendly name. */
export function friendlyName(arn: string): string {
  return resourceOf(arn).split('/').at(-1) ?? '';
}

/** The ARN of the role of a session, its path left out where only the session's ARN is known. */
export function roleArnOf(principal: RequestPrincipal): string {
  if (principal.type === 'role' || principal.issuer !== undefined) return principal.issuer ?? principal.id;
  const [, partition, , , account] = principal.id.split(':');
  return `arn:${partition}:iam::${account}:role/${sessionRole(principal.id)}`;
}

/** True where the ARN names the role of this session. Names of roles are unique in an account, whatever their path. */
export function isRoleOf(session: RequestPrincipal, roleArn: string): boolean {
  if (session.issuer !== undefined) return session.issuer === roleArn;
  const resource = resourceOf(roleArn);
  return resource.startsWith('role/') && accountOf(roleArn) === accountOf(session.id) && friendlyName(roleArn) === sessionRole(session.id);
}

function sessionRole(sessionArn: string): string {
  return resourceOf(sessionArn).split('/')[1] ?? '';
}
