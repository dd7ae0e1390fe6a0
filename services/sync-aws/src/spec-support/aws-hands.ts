import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateSAMLProviderCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  DeleteGroupCommand,
  DeleteLoginProfileCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteSAMLProviderCommand,
  DeleteUserCommand,
  EnableMFADeviceCommand,
  IAMClient,
  ListGroupsCommand,
  ListOpenIDConnectProvidersCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  ListSAMLProvidersCommand,
  ListUsersCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ForeignHands } from '@wami/testing';
import { codesInARow } from '../aws/totp';

export const READ = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Read', Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: 'arn:aws:s3:::reports/*' }],
};
export const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: ['ecs-tasks.amazonaws.com', 'lambda.amazonaws.com'], AWS: '123456789012' }, Action: 'sts:AssumeRole' }],
};
/** As long as AWS wants it. */
export const METADATA = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">${'MIIC'.repeat(250)}</KeyDescriptor></IDPSSODescriptor></EntityDescriptor>`;
/** Emulators find policies by path and name alone, so strangers have the path that ours have. */
export const POLICY_PATH = '/reports/';

/** What keeps a user from being deleted at a witness. */
export type Hindrance = (iam: IAMClient, user: { readonly UserName: string }) => Promise<unknown>;
export const accessKey: Hindrance = (iam, user) => iam.send(new CreateAccessKeyCommand(user));
export const loginProfile: Hindrance = (iam, user) => iam.send(new CreateLoginProfileCommand({ ...user, Password: 'Correct-horse-9' }));
export const inlinePolicy: Hindrance = (iam, user) =>
  iam.send(new PutUserPolicyCommand({ ...user, PolicyName: 'foreign', PolicyDocument: JSON.stringify(READ) }));
/** `codes`: of a device with this seed, where the witness looks at them. */
export const mfaDevice = (codes: (seed: string, epochMs: number) => readonly [string, string] = codesInARow): Hindrance => async (iam, user) => {
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: user.UserName }));
  const [AuthenticationCode1, AuthenticationCode2] = codes(Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString('latin1'), Date.now());
  await iam.send(new EnableMFADeviceCommand({ ...user, SerialNumber: VirtualMFADevice?.SerialNumber, AuthenticationCode1, AuthenticationCode2 }));
};

interface Page {
  readonly names: readonly (string | undefined)[];
  readonly marker: string | undefined;
}

/** What a stranger does to things of one kind. */
interface KindHands {
  create(name: string): Promise<unknown>;
  delete(name: string): Promise<unknown>;
  hinder(name: string): Promise<unknown>;
  page(marker: string | undefined): Promise<Page>;
}

/** Somebody else with the SDK of AWS. */
export class AwsHands implements ForeignHands {
  private readonly iam: IAMClient;
  private readonly endpoint: string;
  private readonly kinds: Readonly<Record<string, KindHands>>;

  constructor(
    at: { readonly endpoint: string; readonly accessKeyId: string; readonly secretAccessKey: string },
    private readonly hindrances: readonly Hindrance[],
  ) {
    const { endpoint, accessKeyId, secretAccessKey } = at;
    this.endpoint = endpoint;
    this.iam = new IAMClient({ endpoint, region: 'us-east-1', maxAttempts: 3, credentials: { accessKeyId, secretAccessKey } });
    this.kinds = { 'login-profile': this.loginProfiles(), user: this.users(), 'service-account': this.users(), group: this.groups(), policy: this.policies(), role: this.roles(), 'identity-provider': this.identityProviders() };
  }

  async create(kind: string, name: string): Promise<void> {
    await this.of(kind).create(name);
  }

  async deleteBarely(kind: string, name: string): Promise<void> {
    await this.of(kind).delete(name);
  }

  async hinder(kind: string, name: string): Promise<void> {
    await this.of(kind).hinder(name);
  }

  async embed(kind: string, name: string, PolicyName: string): Promise<void> {
    const policy = { PolicyName, PolicyDocument: JSON.stringify(READ) };
    if (kind === 'group') await this.iam.send(new PutGroupPolicyCommand({ ...policy, GroupName: name }));
    else if (kind === 'role') await this.iam.send(new PutRolePolicyCommand({ ...policy, RoleName: name }));
    else await this.iam.send(new PutUserPolicyCommand({ ...policy, UserName: name }));
  }

  async use(accessKeyId: string, secretAccessKey: string): Promise<void> {
    const sts = new STSClient({ endpoint: this.endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
    try {
      await sts.send(new GetCallerIdentityCommand({}));
    } finally {
      sts.destroy();
    }
  }

  async names(kind: string): Promise<readonly string[]> {
    const all: string[] = [];
    for (let marker: string | undefined, first = true; first || marker !== undefined; first = false) {
      const page = await this.of(kind).page(marker);
      all.push(...page.names.flatMap((name) => name ?? []));
      ({ marker } = page);
    }
    return all;
  }

  close(): void {
    this.iam.destroy();
  }

  private of(kind: string): KindHands {
    const hands = this.kinds[kind];
    if (!hands) throw new Error(`these hands make no ${kind}`);
    return hands;
  }

  private users(): KindHands {
    const { iam, hindrances } = this;
    return {
      create: (UserName) => iam.send(new CreateUserCommand({ UserName })),
      delete: (UserName) => iam.send(new DeleteUserCommand({ UserName })),
      hinder: async (UserName) => {
        for (const hindrance of hindrances) await hindrance(iam, { UserName });
      },
      page: async (Marker) => {
        const page = await iam.send(new ListUsersCommand({ Marker }));
        return { names: (page.Users ?? []).map(({ UserName }) => UserName), marker: page.Marker };
      },
    };
  }

  /** Called by the name of the user. */
  private loginProfiles(): KindHands {
    const { iam } = this;
    const none = (): Promise<never> => Promise.reject(new Error('nobody does that to a login profile'));
    return { create: (UserName) => loginProfile(iam, { UserName }), delete: (UserName) => iam.send(new DeleteLoginProfileCommand({ UserName })), hinder: none, page: none };
  }

  /** Nothing hinders one from being deleted. */
  private identityProviders(): KindHands {
    const { iam } = this;
    const arns = async (): Promise<readonly string[]> => {
      const [{ OpenIDConnectProviderList = [] }, { SAMLProviderList = [] }] = [await iam.send(new ListOpenIDConnectProvidersCommand({})), await iam.send(new ListSAMLProvidersCommand({}))];
      return [...OpenIDConnectProviderList, ...SAMLProviderList].flatMap(({ Arn }) => Arn ?? []);
    };
    const nameOf = (arn: string): string => arn.replace(/^.*:saml-provider\//, '').replace(/^.*:oidc-provider\//, 'https://');
    return {
      create: (name) => (name.includes('/') ? iam.send(new CreateOpenIDConnectProviderCommand({ Url: name, ClientIDList: ['theirs'], ThumbprintList: ['b'.repeat(40)] }))
        : iam.send(new CreateSAMLProviderCommand({ Name: name, SAMLMetadataDocument: METADATA }))),
      delete: async (name) => {
        const arn = (await arns()).find((one) => nameOf(one) === name);
        await (name.includes('/') ? iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })) : iam.send(new DeleteSAMLProviderCommand({ SAMLProviderArn: arn })));
      },
      hinder: () => Promise.reject(new Error('nothing hinders an identity provider')),
      page: async () => ({ names: (await arns()).map(nameOf), marker: undefined }),
    };
  }

  private groups(): KindHands {
    const { iam } = this;
    return {
      create: (GroupName) => iam.send(new CreateGroupCommand({ GroupName })),
      delete: (GroupName) => iam.send(new DeleteGroupCommand({ GroupName })),
      hinder: async (GroupName) => {
        const UserName = `${GroupName}-member`;
        await this.create('user', UserName);
        await iam.send(new AddUserToGroupCommand({ GroupName, UserName }));
      },
      page: async (Marker) => {
        const page = await iam.send(new ListGroupsCommand({ Marker }));
        return { names: (page.Groups ?? []).map(({ GroupName }) => GroupName), marker: page.Marker };
      },
    };
  }

  private roles(): KindHands {
    const { iam } = this;
    return {
      create: (RoleName) => iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST) })),
      delete: (RoleName) => iam.send(new DeleteRoleCommand({ RoleName })),
      hinder: async (RoleName) => {
        const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: `${RoleName}-policy`, PolicyDocument: JSON.stringify(READ) }));
        await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
      },
      page: async (Marker) => {
        const page = await iam.send(new ListRolesCommand({ Marker }));
        return { names: (page.Roles ?? []).map(({ RoleName }) => RoleName), marker: page.Marker };
      },
    };
  }

  private policies(): KindHands {
    const { iam } = this;
    const PolicyDocument = JSON.stringify(READ);
    const page = (Marker: string | undefined) => iam.send(new ListPoliciesCommand({ Scope: 'Local', Marker }));
    const arnOf = async (name: string): Promise<string> => {
      for (let marker: string | undefined, first = true; first || marker !== undefined; first = false) {
        const { Policies = [], Marker } = await page(marker);
        const arn = Policies.find(({ PolicyName }) => PolicyName === name)?.Arn;
        if (arn !== undefined) return arn;
        marker = Marker;
      }
      throw new Error(`there is no policy ${name}`);
    };
    return {
      create: (PolicyName) => iam.send(new CreatePolicyCommand({ PolicyName, Path: POLICY_PATH, PolicyDocument })),
      delete: async (name) => iam.send(new DeletePolicyCommand({ PolicyArn: await arnOf(name) })),
      hinder: async (name) => {
        const PolicyArn = await arnOf(name);
        await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
        const UserName = `${name}-holder`;
        await this.create('user', UserName);
        await iam.send(new AttachUserPolicyCommand({ PolicyArn, UserName }));
      },
      page: async (marker) => {
        const { Policies = [], Marker } = await page(marker);
        return { names: Policies.map(({ PolicyName }) => PolicyName), marker: Marker };
      },
    };
  }
}
