import type { ForeignHands } from '@wami/testing';

export const PERMISSIONS = ['iam.roles.get', 'iam.roles.list'];

interface Page {
  readonly accounts?: readonly { readonly email: string }[];
  readonly roles?: readonly { readonly name: string; readonly deleted?: boolean }[];
  readonly nextPageToken?: string;
}
export interface Binding {
  readonly role: string;
  readonly members: string[];
  readonly condition?: Readonly<Record<string, string>>;
}

/** As Google's deny policies have it. */
export interface DenyRule {
  readonly description?: string;
  readonly denyRule: {
    readonly deniedPrincipals: readonly string[];
    readonly deniedPermissions: readonly string[];
    readonly exceptionPermissions?: readonly string[];
    readonly exceptionPrincipals?: readonly string[];
    readonly denialCondition?: Readonly<Record<string, string>>;
  };
}
/** Whom a rule denies what it says. */
export function whomItDenies({ denyRule: { deniedPrincipals, deniedPermissions, exceptionPermissions = [], exceptionPrincipals = [] } }: DenyRule): string[] {
  const isExcepted = deniedPermissions.every((permission) => exceptionPermissions.includes(permission));
  return isExcepted ? [] : deniedPrincipals.filter((principal) => !exceptionPrincipals.includes(principal)).sort();
}
/** The rule in which WAMI keeps whom it denies what the others say. */
export const isRecord = ({ description = '' }: DenyRule): boolean => description.includes("WAMI's record");

export interface DenyPolicyThere {
  readonly name: string;
  readonly displayName?: string;
  readonly etag: string;
  readonly rules: readonly DenyRule[];
}

/** All that it denies it excepts. */
const ABOUT_NOBODY: DenyRule = { denyRule: { deniedPrincipals: ['principalSet://goog/public:all'], deniedPermissions: ['iam.googleapis.com/roles.list'], exceptionPermissions: ['iam.googleapis.com/roles.list'] } };

interface Directory {
  /** Where Cloud Identity and the Directory API are called. */
  readonly url: string;
  readonly customer: string;
  readonly domain: string;
}
/** A folder or an organisation, instead of the project. */
export interface Above {
  /** `folders/123` */
  readonly scope: string;
  /** `organizations/456` */
  readonly rolesIn: string;
}
interface Users {
  readonly users?: readonly { readonly primaryEmail: string }[];
  readonly nextPageToken?: string;
}
interface Groups {
  readonly groups?: readonly { readonly name: string; readonly groupKey: { readonly id: string } }[];
  readonly nextPageToken?: string;
}

/** Somebody else who speaks REST to a project of Google Cloud, or to what is above it, and to its organisation's directory. */
export class GcpHands implements ForeignHands {
  constructor(
    private readonly at: { readonly iam: string; readonly resourceManager: string; readonly project: string; readonly above?: Above; readonly token: string; readonly directory?: Directory; /** Policies are deny policies. */ readonly denies?: true; /** Policies are principal access boundaries of this organisation. */ readonly bounds?: string },
  ) {}

  async create(kind: string, name: string): Promise<void> {
    if (kind === 'group') return this.createGroup(name);
    if (kind === 'user') return this.createUser(name);
    const isAccount = kind === 'service-account';
    if (!isAccount && this.at.bounds !== undefined) return void (await this.boundaries('POST', `?principalAccessBoundaryPolicyId=${name}`, { displayName: 'Of somebody', details: { rules: [{ resources: [`//cloudresourcemanager.googleapis.com/organizations/${this.at.bounds}`], effect: 'ALLOW' }] } }));
    if (!isAccount && this.at.denies) return this.createDenyPolicy(name, [ABOUT_NOBODY]);
    const body = isAccount
      ? { accountId: name, serviceAccount: { displayName: 'Somebody' } }
      : { roleId: name, role: { title: 'Somebody', stage: 'GA', includedPermissions: PERMISSIONS } };
    await this.iam('POST', isAccount ? 'serviceAccounts' : 'roles', body);
  }

  async deleteBarely(kind: string, name: string): Promise<void> {
    if (kind === 'group') return void (await this.cloudidentity('DELETE', (await this.groupNamed(name)) ?? ''));
    if (kind === 'user') return void (await this.users('DELETE', `/${name}@${this.directory.domain}`));
    if (kind === 'policy' && this.at.bounds !== undefined) return void (await this.boundaries('DELETE', `/${name}`));
    if (kind === 'policy' && this.at.denies) return void (await this.denyPolicies('DELETE', `/${name}`));
    await this.iam('DELETE', kind === 'service-account' ? `serviceAccounts/${this.emailOf(name)}` : `roles/${name}`);
  }

  hinder(kind: string): Promise<void> {
    return Promise.reject(new Error(`nothing keeps Google from deleting a ${kind}`));
  }

  async names(kind: string): Promise<readonly string[]> {
    if (kind === 'group') return (await this.groups()).map(({ groupKey: { id } }) => id.slice(0, id.indexOf('@')));
    if (kind === 'user') return this.userNames();
    if (kind === 'policy' && this.at.bounds !== undefined) return this.boundaryNames();
    if (kind === 'policy' && this.at.denies) return this.denyPolicyNames();
    const all: string[] = [];
    for (let token = '', first = true; first || token !== ''; first = false) {
      const list = `${kind === 'service-account' ? 'serviceAccounts' : 'roles'}?pageSize=100${token === '' ? '' : `&pageToken=${token}`}`;
      const { accounts = [], roles = [], nextPageToken = '' } = (await this.iam('GET', list)) as Page;
      all.push(...accounts.map(({ email }) => email.slice(0, email.indexOf('@'))));
      all.push(...roles.filter(({ deleted }) => deleted !== true).map(({ name }) => name.slice(name.lastIndexOf('/') + 1)));
      token = nextPageToken;
    }
    return all;
  }

  async createDenyPolicy(name: string, rules: readonly DenyRule[]): Promise<void> {
    await this.denyPolicies('POST', `?policyId=${name}`, { displayName: 'Of somebody', rules });
  }

  async denyPolicy(name: string): Promise<DenyPolicyThere> {
    return (await this.denyPolicies('GET', `/${name}`)) as DenyPolicyThere;
  }

  /** Other rules in its place. */
  async changeDenyPolicy(name: string, rules: readonly DenyRule[]): Promise<void> {
    await this.denyPolicies('PUT', `/${name}`, { ...(await this.denyPolicy(name)), rules });
  }

  /** `path`: behind `denypolicies`. What is encoded in a name is encoded once more. */
  denyPolicies(method: string, path: string, body?: unknown): Promise<unknown> {
    const scope = this.at.above?.scope ?? `projects/${this.at.project}`;
    return this.call(method, `${this.at.iam}/v2/policies/cloudresourcemanager.googleapis.com%252F${scope.replace('/', '%252F')}/denypolicies${path}`, body);
  }

  /** `path`: behind `principalAccessBoundaryPolicies`. */
  private boundaries(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.call(method, `${this.at.iam}/v3/organizations/${this.at.bounds}/locations/global/principalAccessBoundaryPolicies${path}`, body);
  }

  private async boundaryNames(): Promise<readonly string[]> {
    const { principalAccessBoundaryPolicies: all = [] } = (await this.boundaries('GET', '?pageSize=1000')) as { readonly principalAccessBoundaryPolicies?: readonly { readonly name: string }[] };
    return all.map(({ name }) => name.slice(name.lastIndexOf('/') + 1));
  }

  private async denyPolicyNames(): Promise<readonly string[]> {
    const { policies = [] } = (await this.denyPolicies('GET', '')) as { readonly policies?: readonly { readonly name: string }[] };
    return policies.map(({ name }) => name.slice(name.lastIndexOf('/') + 1));
  }

  async createGroup(name: string, description = 'Somebody made it'): Promise<void> {
    const { customer, domain } = this.directory;
    await this.cloudidentity('POST', 'groups?initialGroupConfig=EMPTY', {
      parent: `customers/${customer}`, groupKey: { id: `${name}@${domain}` }, displayName: 'Of somebody', description, labels: { 'cloudidentity.googleapis.com/groups.discussion_forum': '' },
    });
  }

  /** `more`: other properties of it. */
  async createUser(name: string, more: object = {}): Promise<void> {
    await this.users('POST', '', { primaryEmail: `${name}@${this.directory.domain}`, name: { givenName: 'Some', familyName: 'Body' }, password: 'Of-somebody-1', ...more });
  }

  /** `path`: behind `users`. */
  users(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.call(method, `${this.directory.url}/admin/directory/v1/users${path}`, body);
  }

  /** `groups/…`, of the one with this name. */
  async groupNamed(name: string): Promise<string | undefined> {
    return (await this.groups()).find(({ groupKey: { id } }) => id === `${name}@${this.directory.domain}`)?.name;
  }

  cloudidentity(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.call(method, `${this.directory.url}/v1/${path}`, body);
  }

  private async groups(): Promise<NonNullable<Groups['groups']>> {
    const all: NonNullable<Groups['groups']>[number][] = [];
    for (let token = '', first = true; first || token !== ''; first = false) {
      const { groups = [], nextPageToken = '' } = (await this.cloudidentity('GET', `groups?parent=customers/${this.directory.customer}&pageSize=1000${token === '' ? '' : `&pageToken=${token}`}`)) as Groups;
      all.push(...groups);
      token = nextPageToken;
    }
    return all;
  }

  private async userNames(): Promise<string[]> {
    const all: string[] = [];
    for (let token = '', first = true; first || token !== ''; first = false) {
      const { users = [], nextPageToken = '' } = (await this.users('GET', `?customer=${this.directory.customer}&maxResults=500${token === '' ? '' : `&pageToken=${token}`}`)) as Users;
      all.push(...users.map(({ primaryEmail }) => primaryEmail.slice(0, primaryEmail.indexOf('@'))));
      token = nextPageToken;
    }
    return all;
  }

  private get directory(): Directory {
    if (this.at.directory === undefined) throw new Error('there is no directory');
    return this.at.directory;
  }

  emailOf(name: string): string {
    return `${name}@${this.at.project}.iam.gserviceaccount.com`;
  }

  async bindings(): Promise<readonly Binding[]> {
    return (await this.policy()).bindings ?? [];
  }

  /** Adds these bindings to what stands there. */
  async bind(...added: readonly Binding[]): Promise<void> {
    const policy = await this.policy();
    await this.resourceManager('setIamPolicy', { policy: { ...policy, version: 3, bindings: [...(policy.bindings ?? []), ...added] } });
  }

  private async policy(): Promise<{ readonly bindings?: readonly Binding[]; readonly etag?: string }> {
    return (await this.resourceManager('getIamPolicy', { options: { requestedPolicyVersion: 3 } })) as { readonly bindings?: readonly Binding[]; readonly etag?: string };
  }

  private iam(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.call(method, `${this.at.iam}/v1/${this.at.above?.rolesIn ?? `projects/${this.at.project}`}/${path}`, body);
  }

  private resourceManager(verb: string, body: unknown): Promise<unknown> {
    return this.call('POST', `${this.at.resourceManager}/v3/${this.at.above?.scope ?? `projects/${this.at.project}`}:${verb}`, body);
  }

  private async call(method: string, url: string, body?: unknown): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.at.token}`, 'content-type': 'application/json' };
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }
}
