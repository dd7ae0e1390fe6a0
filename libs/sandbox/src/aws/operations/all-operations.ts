import { accountOperations } from './iam-account';
import { attachmentOperations } from './iam-attachments';
import { boundaryOperations } from './iam-boundaries';
import { credentialOperations } from './iam-credentials';
import { groupOperations } from './iam-groups';
import { identityProviderOperations } from './iam-identity-providers';
import { inlinePolicyOperations } from './iam-inline-policies';
import { loginProfileOperations } from './iam-login-profiles';
import { mfaDeviceOperations } from './iam-mfa-devices';
import { membershipOperations } from './iam-memberships';
import { policyOperations } from './iam-policies';
import { policyVersionOperations } from './iam-policy-versions';
import { roleOperations } from './iam-roles';
import { tagOperations } from './iam-tags';
import { userOperations } from './iam-users';
import type { Operation } from './operation';
import { stsOperations } from './sts';

/** Everything the sandbox can do; any other action is answered InvalidAction. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(Object.entries({
  ...userOperations, ...tagOperations, ...groupOperations, ...membershipOperations, ...credentialOperations, ...loginProfileOperations, ...mfaDeviceOperations,
  ...roleOperations, ...policyOperations, ...policyVersionOperations, ...attachmentOperations, ...inlinePolicyOperations, ...boundaryOperations, ...identityProviderOperations, ...accountOperations, ...stsOperations,
}));
export const OPERATION_NAMES: ReadonlySet<string> = new Set(OPERATIONS.keys());
