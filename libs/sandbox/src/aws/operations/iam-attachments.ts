import { page } from '../pagination';
import type { Operation, Operations } from './operation';
import { findGroup, iamRead, viewedUser } from './operation';
import { requiredText, RULES } from '../validation';

/**
 * What a careful delete asks for. The sandbox has no operation that makes such things, so the true answer is an empty list,
 * after the checks that AWS makes on the name and the page.
 */
export const attachmentOperations: Operations = {
  ListAttachedUserPolicies: noneOfUser('AttachedPolicies'),
  ListUserPolicies: noneOfUser('PolicyNames'),
  ListMFADevices: noneOfUser('MFADevices'),
  ListSigningCertificates: noneOfUser('Certificates'),
  ListSSHPublicKeys: noneOfUser('SSHPublicKeys'),
  ListServiceSpecificCredentials: noneOfUser('ServiceSpecificCredentials'),
  ListAttachedGroupPolicies: noneOfGroup('AttachedPolicies'),
  ListGroupPolicies: noneOfGroup('PolicyNames'),
};

function noneOfUser(list: string): Operation {
  return iamRead((call) => {
    viewedUser(call);
    return { [list]: [], ...page(call.params, [], String).fields };
  });
}

function noneOfGroup(list: string): Operation {
  return iamRead((call) => {
    findGroup(call.store.view(), requiredText(call.params, 'GroupName', RULES.groupName));
    return { [list]: [], ...page(call.params, [], String).fields };
  });
}
