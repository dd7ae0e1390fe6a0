import type { PrincipalType } from '../model';
import { quoted, type PolicyErrorCode } from './problems';

const ACCOUNT = /^\d{12}$/;
const UNIQUE_ID = /^A[A-Z0-9]{15,127}$/;
/** Of AWS itself: no group, no wildcard; CloudFront's origin access identities stand in an account named `cloudfront`. */
const AWS_ARN = /^arn:aws[a-z-]*:(?:iam::(?:\d{12}|cloudfront):(?:user|role)\/|sts::\d{12}:(?:assumed-role\/[^/]+\/|federated-user\/))./;
const AWS_ROOT = /^arn:aws[a-z-]*:iam::\d{12}:root$/;
/** Of an identity that is kept elsewhere, such as `arn:wami:iam:acme:wami:local:user/usr_1`. */
const OTHER_ARN = /^arn:(?!aws)[a-z][a-z0-9-]*:[a-z0-9-]+:[^:]*:[^:]*:.+$/;
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
const PROVIDER = /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:\/[^\s]*)?|arn:aws[a-z-]*:iam::\d{12}:(?:saml|oidc)-provider\/\S+)$/;
const CANONICAL_USER = /^[A-Za-z0-9]{16,128}$/;

/** What is wrong with a principal's spelling. Names are case-sensitive and never hold wildcards. */
export function principalFault(type: PrincipalType, value: string): { code: PolicyErrorCode; detail: string } | undefined {
  if (type === 'AWS' && value === '*') return undefined;
  if (/[*?]/.test(value)) {
    return { code: 'WildcardInPrincipal', detail: 'A wildcard stands for everyone ("*"), not for a part of a name.' };
  }
  if (value.includes('${')) return { code: 'VariableNotAllowed', detail: 'A principal holds no variable.' };
  return isPrincipal(type, value) ? undefined : { code: 'InvalidPrincipal', detail: `${quoted(value)} is ${EXPECTED[type]}.` };
}

const EXPECTED: Readonly<Record<PrincipalType, string>> = {
  AWS: 'no account id and no ARN of an account, user, role or session',
  Service: 'no service principal such as ecs.amazonaws.com',
  Federated: 'no identity provider: a domain, or the ARN of a SAML or OIDC provider',
  CanonicalUser: 'no canonical user id',
};

function isPrincipal(type: PrincipalType, value: string): boolean {
  switch (type) {
    case 'AWS': return [ACCOUNT, UNIQUE_ID, AWS_ROOT, AWS_ARN, OTHER_ARN].some((form) => form.test(value));
    case 'Service': return SERVICE.test(value);
    case 'Federated': return PROVIDER.test(value) || OTHER_ARN.test(value);
    case 'CanonicalUser': return CANONICAL_USER.test(value);
  }
}
