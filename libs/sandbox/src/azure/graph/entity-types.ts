import type { MessageShape } from '../../cloud/json-shape';
import type { Fields, ObjectType } from '../azure-state';

/** One kind of directory object, as the Microsoft Graph reference and its OData metadata describe it. */
export interface EntityType {
  readonly type: ObjectType;
  readonly set: string;
  /** As messages and the Location header name it. */
  readonly label: string;
  /** What a read without $select answers, with the values of a new object. */
  readonly shown: Fields;
  /** What only $select answers. */
  readonly hidden: Fields;
  /** What may be set at any time. */
  readonly writable: MessageShape;
  /** What may be set besides when the object is made. */
  readonly onCreate: MessageShape;
  readonly required: readonly string[];
  /** Most characters of texts, and of the texts in lists. */
  readonly longest: Readonly<Record<string, number>>;
  /** Properties whose value no two objects share, whatever its case. */
  readonly unique: readonly string[];
}

const nulls = (...names: readonly string[]): Fields => Object.fromEntries(names.map((name) => [name, null]));
const lists = (...names: readonly string[]): Fields => Object.fromEntries(names.map((name) => [name, []]));
const texts = (...names: readonly string[]): Readonly<Record<string, 'string'>> => Object.fromEntries(names.map((name) => [name, 'string' as const]));

export const EXTENSION_ATTRIBUTES = Array.from({ length: 15 }, (_none, index) => `extensionAttribute${index + 1}`);

const USER: EntityType = {
  type: 'user', set: 'users', label: 'User',
  shown: {
    ...lists('businessPhones'),
    ...nulls('displayName', 'givenName', 'jobTitle', 'mail', 'mobilePhone', 'officeLocation', 'preferredLanguage', 'surname', 'userPrincipalName'),
  },
  hidden: {
    ...nulls('accountEnabled', 'ageGroup', 'city', 'companyName', 'consentProvidedForMinor', 'country', 'createdDateTime', 'creationType', 'deletedDateTime', 'department', 'employeeHireDate',
      'employeeId', 'employeeLeaveDateTime', 'employeeOrgData', 'employeeType', 'externalUserState', 'faxNumber', 'lastPasswordChangeDateTime', 'legalAgeGroupClassification', 'mailNickname',
      'onPremisesDistinguishedName', 'onPremisesDomainName', 'onPremisesImmutableId', 'onPremisesLastSyncDateTime', 'onPremisesSamAccountName', 'onPremisesSecurityIdentifier',
      'onPremisesSyncEnabled', 'onPremisesUserPrincipalName', 'passwordPolicies', 'passwordProfile', 'postalCode', 'preferredDataLocation', 'securityIdentifier',
      'showInAddressList', 'signInSessionsValidFromDateTime', 'state', 'streetAddress', 'usageLocation'),
    ...lists('assignedLicenses', 'assignedPlans', 'identities', 'imAddresses', 'onPremisesProvisioningErrors', 'otherMails', 'provisionedPlans', 'proxyAddresses', 'serviceProvisioningErrors'),
    onPremisesExtensionAttributes: nulls(...EXTENSION_ATTRIBUTES), userType: 'Member',
  },
  writable: {
    ...texts('ageGroup', 'city', 'companyName', 'consentProvidedForMinor', 'country', 'department', 'displayName', 'employeeHireDate', 'employeeId', 'employeeLeaveDateTime', 'employeeType', 'faxNumber', 'givenName',
      'jobTitle', 'mail', 'mailNickname', 'mobilePhone', 'officeLocation', 'onPremisesImmutableId', 'passwordPolicies', 'postalCode', 'preferredDataLocation', 'preferredLanguage', 'state',
      'streetAddress', 'surname', 'usageLocation', 'userPrincipalName', 'userType'),
    accountEnabled: 'boolean', showInAddressList: 'boolean', businessPhones: ['string'], otherMails: ['string'], employeeOrgData: 'any', identities: 'any',
    onPremisesExtensionAttributes: texts(...EXTENSION_ATTRIBUTES),
    passwordProfile: { password: 'string', forceChangePasswordNextSignIn: 'boolean', forceChangePasswordNextSignInWithMfa: 'boolean' },
  },
  onCreate: {},
  required: ['accountEnabled', 'displayName', 'mailNickname', 'passwordProfile', 'userPrincipalName'],
  longest: {
    city: 128, companyName: 64, country: 128, department: 64, displayName: 256, employeeId: 16, givenName: 64, jobTitle: 128, mailNickname: 64, mobilePhone: 64, officeLocation: 128,
    postalCode: 40, state: 128, streetAddress: 1_024, surname: 64, userPrincipalName: 113, onPremisesExtensionAttributes: 1_024,
  },
  unique: ['userPrincipalName'],
};

const GROUP: EntityType = {
  type: 'group', set: 'groups', label: 'Group',
  shown: {
    ...nulls('deletedDateTime', 'classification', 'createdDateTime', 'description', 'displayName', 'expirationDateTime', 'isAssignableToRole', 'mail', 'mailNickname', 'membershipRule',
      'membershipRuleProcessingState', 'onPremisesDomainName', 'onPremisesLastSyncDateTime', 'onPremisesNetBiosName', 'onPremisesSamAccountName', 'onPremisesSecurityIdentifier',
      'onPremisesSyncEnabled', 'preferredDataLocation', 'preferredLanguage', 'renewedDateTime', 'securityIdentifier', 'theme', 'visibility'),
    ...lists('creationOptions', 'groupTypes', 'proxyAddresses', 'resourceBehaviorOptions', 'resourceProvisioningOptions', 'onPremisesProvisioningErrors', 'serviceProvisioningErrors'),
    mailEnabled: false, securityEnabled: true,
  },
  hidden: { ...nulls('uniqueName', 'isArchived', 'licenseProcessingState', 'organizationId'), ...lists('assignedLabels', 'assignedLicenses') },
  writable: {
    ...texts('classification', 'description', 'displayName', 'mailNickname', 'membershipRule', 'membershipRuleProcessingState', 'preferredDataLocation', 'preferredLanguage', 'theme', 'uniqueName', 'visibility'),
    mailEnabled: 'boolean', securityEnabled: 'boolean', groupTypes: ['string'], 'members@odata.bind': ['string'],
  },
  onCreate: { isAssignableToRole: 'boolean', 'owners@odata.bind': ['string'], resourceBehaviorOptions: ['string'], resourceProvisioningOptions: ['string'], creationOptions: ['string'] },
  required: ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'],
  longest: { description: 1_024, displayName: 256, mailNickname: 64 },
  unique: ['uniqueName'],
};

const LINKS = nulls('logoUrl', 'marketingUrl', 'privacyStatementUrl', 'supportUrl', 'termsOfServiceUrl');
const UNVERIFIED = nulls('displayName', 'verifiedPublisherId', 'addedDateTime');
const APPLICATION: EntityType = {
  type: 'application', set: 'applications', label: 'Application',
  shown: {
    ...nulls('deletedDateTime', 'appId', 'applicationTemplateId', 'disabledByMicrosoftStatus', 'createdDateTime', 'displayName', 'description', 'groupMembershipClaims', 'isDeviceOnlyAuthSupported',
      'isFallbackPublicClient', 'nativeAuthenticationApisEnabled', 'notes', 'publisherDomain', 'serviceManagementReference', 'tokenEncryptionKeyId', 'uniqueName', 'samlMetadataUrl', 'defaultRedirectUri',
      'certification', 'optionalClaims', 'servicePrincipalLockConfiguration', 'requestSignatureVerification'),
    ...lists('identifierUris', 'tags', 'addIns', 'appRoles', 'keyCredentials', 'passwordCredentials', 'requiredResourceAccess'),
    signInAudience: 'AzureADMyOrg', info: LINKS, verifiedPublisher: UNVERIFIED, publicClient: lists('redirectUris'), spa: lists('redirectUris'),
    api: { ...nulls('acceptMappedClaims', 'requestedAccessTokenVersion'), ...lists('knownClientApplications', 'oauth2PermissionScopes', 'preAuthorizedApplications') },
    parentalControlSettings: { ...lists('countriesBlockedForMinors'), legalAgeGroupRule: 'Allow' },
    web: { ...nulls('homePageUrl', 'logoutUrl'), ...lists('redirectUris', 'redirectUriSettings'), implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false } },
  },
  hidden: {},
  writable: {
    ...texts('defaultRedirectUri', 'description', 'displayName', 'groupMembershipClaims', 'nativeAuthenticationApisEnabled', 'notes', 'samlMetadataUrl', 'serviceManagementReference', 'signInAudience', 'tokenEncryptionKeyId', 'uniqueName'),
    isDeviceOnlyAuthSupported: 'boolean', isFallbackPublicClient: 'boolean', identifierUris: ['string'], tags: ['string'],
    addIns: 'any', api: 'any', appRoles: 'any', info: 'any', keyCredentials: 'any', optionalClaims: 'any', parentalControlSettings: 'any', publicClient: 'any', requestSignatureVerification: 'any',
    requiredResourceAccess: 'any', servicePrincipalLockConfiguration: 'any', spa: 'any', web: 'any',
  },
  onCreate: {},
  required: ['displayName'],
  longest: { description: 1_024, displayName: 256, tags: 256, uniqueName: 128 },
  unique: ['uniqueName'],
};

const SERVICE_PRINCIPAL: EntityType = {
  type: 'servicePrincipal', set: 'servicePrincipals', label: 'ServicePrincipal',
  shown: {
    ...nulls('deletedDateTime', 'appDisplayName', 'appDescription', 'appId', 'applicationTemplateId', 'appOwnerOrganizationId', 'createdDateTime', 'description', 'disabledByMicrosoftStatus',
      'displayName', 'homepage', 'loginUrl', 'logoutUrl', 'notes', 'preferredSingleSignOnMode', 'preferredTokenSigningKeyThumbprint', 'tokenEncryptionKeyId', 'samlSingleSignOnSettings'),
    ...lists('alternativeNames', 'notificationEmailAddresses', 'replyUrls', 'servicePrincipalNames', 'tags', 'addIns', 'appRoles', 'keyCredentials', 'oauth2PermissionScopes', 'passwordCredentials',
      'resourceSpecificApplicationPermissions'),
    accountEnabled: true, appRoleAssignmentRequired: false, servicePrincipalType: 'Application', signInAudience: 'AzureADMyOrg', info: LINKS, verifiedPublisher: UNVERIFIED,
  },
  hidden: {},
  writable: {
    ...texts('description', 'displayName', 'homepage', 'loginUrl', 'logoutUrl', 'notes', 'preferredSingleSignOnMode', 'preferredTokenSigningKeyThumbprint', 'tokenEncryptionKeyId'),
    accountEnabled: 'boolean', appRoleAssignmentRequired: 'boolean', alternativeNames: ['string'], notificationEmailAddresses: ['string'], replyUrls: ['string'], servicePrincipalNames: ['string'], tags: ['string'],
    addIns: 'any', appRoles: 'any', keyCredentials: 'any', samlSingleSignOnSettings: 'any',
  },
  onCreate: { appId: 'string' },
  required: ['appId'],
  longest: { notes: 1_024, tags: 256 },
  unique: [],
};

export const ENTITY_TYPES: Readonly<Record<ObjectType, EntityType>> = { user: USER, group: GROUP, application: APPLICATION, servicePrincipal: SERVICE_PRINCIPAL };

/** Whether the type has such a property, whatever it holds. */
export function hasProperty({ shown, hidden }: EntityType, name: string): boolean {
  return name === 'id' || Object.hasOwn(shown, name) || Object.hasOwn(hidden, name);
}
